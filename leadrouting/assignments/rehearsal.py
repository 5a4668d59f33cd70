"""A dry run: where a lead would go now, and why. Nothing is written, locked or counted; no turn is used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leadrouting.assignments import deciding, unlocked
from leadrouting.assignments.asking import asking
from leadrouting.assignments.errors import Refused
from leadrouting.assignments.explaining import left_to_people
from leadrouting.assignments.orders import Order
from leadrouting.assignments.supposing import Supposed
from leadrouting.assignments.turns import share_lines
from leadrouting.engine.decide import decide
from leadrouting.engine.facts import Catalogue
from leadrouting.engine.model import Rule
from leadrouting.engine.sentences import Names, explain, why_sentence
from leadrouting.engine.trace import trace
from leadrouting.engine.verdict import Case, Table, Verdict
from leadrouting.rules import live as rules
from leadrouting.rules.live import Live
from leadrouting.teams.models import Pool, Queue
from leadrouting.teams.snapshot import People, people_now


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """`asked` are the rules up to the one that matched. A lead whose campaign is not routed is `unrouted`: no
    rule is asked."""

    verdict: Verdict
    rule_name: str
    sentence: str
    explanation: list[str]
    facts: Mapping[str, Any]
    catalogue: Catalogue
    asked: Sequence[Rule] = ()
    unrouted: bool = False

    def trace(self, last: int | None = None) -> list[str]:
        """Rule by rule why it did not match, up to the one that did; the `last` of them."""
        told = self.asked[-last:] if last else self.asked
        return [step.sentence for step in trace(told, self.facts, self.catalogue)]


def rehearse(supposed: Supposed, *, now: datetime, live: Live | None = None) -> Rehearsal:
    """Where this lead would go at `now` (UTC), by these rules; without them by the version that is live.

    Raises Refused while none is, RuleError for a draft that cannot be read.
    """
    (found,) = rehearse_all([(supposed, now)], live=live or live_now())
    return found


def live_now() -> Live:
    live = rules.current()
    if live is None:
        raise Refused("No rule set is live yet. Publish one first.")
    return live


def rehearse_all(runs: Iterable[tuple[Supposed, datetime]], *, live: Live) -> list[Rehearsal]:
    """Where these leads would go at these moments (UTC), by these rules: each as if it were the only one.

    Five queries for any number; one more when a step asks who has their pages open.
    """
    who = people_now()
    moments = [(one, at) for one, at in runs]
    matched = [(matched_with(one, live, who, at), at) for one, at in moments]
    tables = unlocked.tables(matched, who)
    names = Names(
        reps={rep: person.name for rep, person in who.reps.items()},
        pools=dict(Pool.objects.values_list("id", "name")),
        queues=dict(Queue.objects.values_list("id", "name")),
        rules={one.id: one.name for one in live.rule_set.rules},
        territories=who.atlas.names,
    )
    return [
        told(one, decide(case.case, table), names, live, at, table)
        for (one, at), (case, _), table in zip(moments, matched, tables, strict=True)
    ]


def matched_with(supposed: Supposed, live: Live, who: People, at: datetime) -> deciding.Matched:
    if supposed.unrouted is not None:
        return deciding.Matched(Order(0), {}, supposed.facts, Case(0, None, (), supposed.hold))
    rule = live.at(at).match(supposed.facts)
    case = Case(
        lead=0,
        rule=rule,
        ladder=rule.ladder if rule else (),
        catch_all=live.rule_set.catch_all,
        had=supposed.had,
        lacking=who.lacking(rule.skills) if rule else frozenset(),
        waiting=deciding.waiting(supposed.since, at),
        hold=supposed.hold,
    )
    return deciding.Matched(
        Order(0), {}, supposed.facts, asking(case, supposed.owners, supposed.facts, who, at)
    )


def told(
    supposed: Supposed, verdict: Verdict, names: Names, live: Live, at: datetime, table: Table
) -> Rehearsal:
    if supposed.unrouted is not None:
        said = left_to_people(supposed.unrouted, names.queue(supposed.hold))
        return Rehearsal(verdict, "", said, [said], supposed.facts, live.catalogue, unrouted=True)
    valid = live.rule_set.at(at).rules
    place = next((place for place, rule in enumerate(valid) if rule.id == verdict.rule), None)
    return Rehearsal(
        verdict=verdict,
        rule_name="" if place is None else valid[place].name,
        sentence=why_sentence(verdict, names),
        explanation=[*explain(verdict, names), *share_lines(verdict, table, names)],
        facts=supposed.facts,
        catalogue=live.catalogue,
        asked=valid if place is None else valid[: place + 1],
    )
