"""A dry run: where a lead would go now, and why. Nothing is written, locked or counted; no turn is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leadrouting.assignments import deciding
from leadrouting.assignments.errors import Refused
from leadrouting.assignments.models import Load, Rotation
from leadrouting.assignments.orders import Order
from leadrouting.common.models import Stamp
from leadrouting.engine import roster as engine
from leadrouting.engine.decide import decide
from leadrouting.engine.sentences import Names, explain, why_sentence
from leadrouting.engine.trace import trace
from leadrouting.engine.verdict import Case, Table, Verdict
from leadrouting.rules import live as rules
from leadrouting.rules.models import Version
from leadrouting.teams.models import Pool, Queue
from leadrouting.teams.snapshot import People, people


@dataclass(frozen=True, slots=True)
class Rehearsal:
    verdict: Verdict
    rule_name: str
    sentence: str
    explanation: list[str]
    trace: list[str]
    """Rule by rule why it did not match, up to the one that did."""


def rehearse(facts: Mapping[str, Any], *, now: datetime) -> Rehearsal:
    """Where a lead with these facts would go at `now`. Raises Refused while no rule set is live."""
    version = Version.objects.filter(is_live=True).values_list("pk", flat=True).first()
    if version is None:
        raise Refused("No rule set is live yet. Publish one first.")
    live = rules.load(version)
    who = people(Stamp.objects.values_list("version", flat=True).first() or 0)
    rule = live.at(now).match(facts)
    case = Case(0, rule, rule.ladder if rule else (), live.rule_set.catch_all)
    matched = deciding.Matched(Order(0), {}, dict(facts), case)
    verdict = decide(case, unlocked_table(matched, who, now))
    names = Names(
        reps={rep: person.name for rep, person in who.reps.items()},
        pools=dict(Pool.objects.values_list("id", "name")),
        queues=dict(Queue.objects.values_list("id", "name")),
        rules={one.id: one.name for one in live.rule_set.rules},
    )
    return Rehearsal(
        verdict=verdict,
        rule_name=rule.name if rule else "",
        sentence=why_sentence(verdict, names),
        explanation=explain(verdict, names),
        trace=[one.sentence for one in trace(live.rule_set.at(now), facts, live.catalogue)],
    )


def unlocked_table(matched: deciding.Matched, who: People, now: datetime) -> Table:
    cast = deciding.cast([matched], who, now)
    pools = cast.manned | cast.unmanned
    return Table(
        rosters={pool: who.pools[pool] for pool in pools},
        rotations={
            row.pk: engine.Rotation(row.turns, row.rest, dict(zip(row.member_ids, row.credits, strict=True)))
            for row in Rotation.objects.filter(pk__in=pools)
        },
        loads={
            row.pk: engine.Load(row.open, row.day if row.day_on == who.reps[row.pk].today(now) else 0)
            for row in Load.objects.filter(pk__in=cast.counted)
        },
        unavailable=cast.unavailable,
        named=cast.named,
    )
