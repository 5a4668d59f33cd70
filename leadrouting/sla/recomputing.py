"""Open clocks follow a changed policy, calendar or holiday when sales ops choose so: looked at first, then applied.

Clocks carry their plan from the start (see `sla.plan`), so a change of the configuration moves none by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.html import format_html

from leadrouting.businesstime import Window
from leadrouting.leads.models import Lead
from leadrouting.sla.models import Clock, Escalation, Pause, Recount
from leadrouting.sla.plan import BREACH, Moment, plan
from leadrouting.sla.terms import book
from leadrouting.teams.models import User
from leadrouting.teams.snapshot import people_now

CHUNK = 200
"""Leads that are locked together."""


class Outdated(Exception):
    """What was looked at is not what would happen now. Look again."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a clock would be. `due_at` None: no policy promises this any more, and the clock is cancelled."""

    clock: Clock
    policy: int | None
    counts: str
    moments: tuple[Moment, ...]
    due_at: datetime | None

    @property
    def says(self) -> str:
        due = self.due_at.isoformat() if self.due_at else "none"
        return f"{self.clock.pk}:{self.policy}:{due}:{[one.stored() for one in self.moments]}"


def preview() -> list[Change]:
    """The open clocks that would change, soonest first. Four queries, and the configuration when it has changed.

    Steps that were taken are not taken again. Leads without a deadline get none.
    """
    people = people_now()
    terms = book(people.stamp)
    clocks = Clock.objects.filter(ended_at=None).select_related(
        "lead", "policy", "rep__user", "assignment__decision"
    )
    done, pauses = steps_taken(), closed_pauses()
    found: list[Change] = []
    for clock in clocks.order_by("due_at", "id"):
        fits = terms.of(clock.assignment.decision.facts)
        promise = fits.promises.get(clock.kind) if fits else None
        if fits is None or promise is None:
            found.append(Change(clock, None, clock.counts, (), None))
            continue
        counts = fits.counts[clock.kind]
        moments = plan(
            promise,
            clock.started_at,
            terms.calendar(counts, clock.rep_id, people),
            [one for one in pauses[clock.lead_id] if one.end > clock.started_at],
            done[clock.pk],
        )
        due_at = next(one.at for one in moments if one.key == BREACH)
        change = Change(clock, fits.policy, counts, tuple(moments), due_at)
        if due_at != clock.due_at or [one.stored() for one in moments] != clock.plan:
            found.append(change)
    return found


def steps_taken() -> Mapping[int, set[str]]:
    taken: dict[int, set[str]] = defaultdict(set)
    for clock, step in Escalation.objects.filter(clock__ended_at=None).values_list("clock", "step"):
        taken[clock].add(step)
    return taken


def closed_pauses() -> Mapping[int, list[Window]]:
    """By lead; the pause that lasts is taken out when it ends."""
    spans: dict[int, list[Window]] = defaultdict(list)
    over = Pause.objects.filter(ends_at__isnull=False, lead__clocks__ended_at=None).distinct()
    for pause in over.order_by("begins_at"):
        if pause.ends_at is not None and pause.ends_at > pause.begins_at:
            spans[pause.lead_id].append(Window(pause.begins_at, pause.ends_at))
    return spans


def sight(changes: Iterable[Change]) -> str:
    """What somebody looks at before they apply it."""
    return sha256("\n".join(change.says for change in changes).encode()).hexdigest()


def apply(*, by: User, seen: str, now: datetime) -> int:
    """Do what was previewed, in chunks of one transaction each; clocks that ended meanwhile are left alone. Returns
    how many changed. Raises Outdated."""
    changes = preview()
    if sight(changes) != seen:
        raise Outdated("Clocks or policies have changed while you looked at this page. Look again.")
    changes.sort(key=lambda change: change.clock.lead_id)
    return sum(
        apply_chunk(changes[start : start + CHUNK], by, now) for start in range(0, len(changes), CHUNK)
    )


@transaction.atomic
def apply_chunk(changes: list[Change], by: User, now: datetime) -> int:
    leads = {change.clock.lead_id for change in changes}
    list(Lead.objects.select_for_update(no_key=True).filter(pk__in=leads).order_by("pk").values_list("pk"))
    still = Clock.objects.filter(pk__in=[change.clock.pk for change in changes], ended_at=None)
    open_now = {clock.pk: clock for clock in still}
    done = [
        change
        for change in changes
        if (clock := open_now.get(change.clock.pk)) is not None
        and (clock.plan, clock.due_at, clock.wake_at)
        == (change.clock.plan, change.clock.due_at, change.clock.wake_at)
    ]
    for change in done:
        Clock.objects.filter(pk=change.clock.pk).update(**values(change, now))
    Recount.objects.bulk_create(
        Recount(clock=change.clock, by=by, at=now, was_due=change.clock.due_at, due_at=change.due_at)
        for change in done
    )
    Lead.objects.filter(pk__in={change.clock.lead_id for change in done}).update(updated_at=now)
    return len(done)


def values(change: Change, now: datetime) -> dict[str, Any]:
    if change.due_at is None:
        return {"ended_at": now, "outcome": Clock.Outcome.CANCELLED, "wake_at": None}
    is_paused = change.clock.wake_at is None
    return {
        "policy_id": change.policy,
        "counts": change.counts,
        "plan": [one.stored() for one in change.moments],
        "due_at": change.due_at,
        "wake_at": None if is_paused else change.moments[0].at,
    }


def still_running(policy: int | None = None) -> str:
    """What to say after a change that open clocks do not follow by themselves: those of a policy, or all that count in
    anybody's hours. Empty when there is none."""
    running = Clock.objects.filter(ended_at=None)
    found = running.exclude(counts="always") if policy is None else running.filter(policy=policy)
    number = found.count()
    if not number:
        return ""
    clocks = (
        "1 clock that runs keeps its deadline"
        if number == 1
        else f"{number:,} clocks that run keep their deadlines"
    )
    link = reverse("admin:sla_policy_recompute")
    return format_html('{}. <a class="text-link" href="{}">Preview what would change.</a>', clocks, link)
