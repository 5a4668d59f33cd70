"""Which leads begin a sequence: once, when they are assigned or queued for the first time. Called when events are
handed on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from leadrouting.assignments.models import Decision
from leadrouting.engine.compile import CompiledRuleSet, compile_rules
from leadrouting.engine.model import Rule, RuleSet
from leadrouting.notifications.models import Enrolment, Event, Sequence, Step
from leadrouting.notifications.sequences.timing import due
from leadrouting.rules.asking import asking, readable
from leadrouting.rules.catalogue import catalogue
from leadrouting.teams.snapshot import people_now

PLACED = (Event.Kind.ASSIGNED, Event.Kind.QUEUED)
SEQUENCE = "A sequence"


def asked(sequence: Sequence) -> Rule:
    """Which leads it is for, as the engine reads it."""
    return asking(sequence.pk, sequence.name, sequence.conditions.all(), sequence.logic)


def matcher(sequences: Iterable[Sequence]) -> CompiledRuleSet:
    known = catalogue()
    rules = tuple(rule for one in sequences if readable(rule := asked(one), known, SEQUENCE))
    return compile_rules(RuleSet(0, rules, 0), known)


def retime(events: Iterable[Event]) -> None:
    """What waits for office hours waits for those of whoever has the lead now. One query when nothing runs."""
    owners = {one.lead_id: one.lead.owner_id for one in events}
    running = list(
        Enrolment.objects.filter(lead__in=owners, state=Enrolment.State.RUNNING)
        .select_for_update(no_key=True, of=("self",))
        .order_by("pk")
        .select_related("sequence")
        .prefetch_related("sequence__steps")
    )
    people = people_now() if running else None
    moved = []
    for one in running:
        step = one.next_step
        if people is not None and step is not None and step.hours == Step.Hours.OWNER:
            one.next_at = due(step, one.begun_at, people.reps.get(owners[one.lead_id] or 0))
            moved.append(one)
    Enrolment.objects.bulk_update(moved, ["next_at"])


def begin(events: Iterable[Event], now: datetime) -> None:
    """A handful of queries, whatever their number; two when no sequence is active."""
    placed = {one.lead_id: one for one in events if one.kind in PLACED and one.lead.is_open}
    if not placed:
        return
    retime([one for one in placed.values() if one.kind == Event.Kind.ASSIGNED])
    active = list(
        Sequence.objects.filter(is_active=True, steps__isnull=False)
        .distinct()
        .prefetch_related("conditions", "steps")
    )
    if not active:
        return
    before = set(Enrolment.objects.filter(lead__in=placed).values_list("lead", flat=True))
    fresh = {one.data.get("decision"): one for lead, one in placed.items() if lead not in before}
    facts = dict(Decision.objects.filter(pk__in=fresh).values_list("pk", "facts"))
    book, by_key, people = matcher(active), {one.pk: one for one in active}, people_now()
    made = []
    for decision, event in fresh.items():
        rule = book.match(facts[decision]) if decision in facts else None
        if rule is None:
            continue
        steps: list[Step] = list(by_key[rule.id].steps.all())
        made.append(
            Enrolment(
                lead=event.lead,
                sequence=by_key[rule.id],
                begun_at=event.at,
                since=event.at,
                next_at=due(steps[0], event.at, people.reps.get(event.lead.owner_id or 0)),
            )
        )
    Enrolment.objects.bulk_create(made, ignore_conflicts=True)
