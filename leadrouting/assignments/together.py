"""Many dry runs at one reading of loads, turns and people: each as if it were the only one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from leadrouting.assignments import deciding
from leadrouting.assignments.models import Load, Rotation
from leadrouting.assignments.orders import Order
from leadrouting.assignments.rehearsal import Rehearsal
from leadrouting.assignments.supposing import people_now
from leadrouting.engine import roster as engine
from leadrouting.engine.decide import decide
from leadrouting.engine.sentences import Names, explain, why_sentence
from leadrouting.engine.trace import trace
from leadrouting.engine.verdict import Case, Table
from leadrouting.rules.live import Live
from leadrouting.teams.models import Pool, Queue
from leadrouting.teams.snapshot import People

Facts = Mapping[str, Any]


def rehearse_all(runs: Iterable[tuple[Facts, datetime]], *, live: Live) -> list[Rehearsal]:
    """Where leads with these facts would go at these moments (UTC), by these rules. Five queries for any number."""
    who = people_now()
    matched = [(matched_with(facts, live, at), at) for facts, at in runs]
    casts = [deciding.cast([one], who, at) for one, at in matched]
    rotations = rotations_of({pool for cast in casts for pool in cast.manned | cast.unmanned})
    loads = loads_of({rep for cast in casts for rep in cast.counted})
    names = Names(
        reps={rep: person.name for rep, person in who.reps.items()},
        pools=dict(Pool.objects.values_list("id", "name")),
        queues=dict(Queue.objects.values_list("id", "name")),
        rules={one.id: one.name for one in live.rule_set.rules},
    )
    answers = []
    for (one, at), cast in zip(matched, casts, strict=True):
        verdict = decide(one.case, table(cast, who, rotations, loads, at))
        answers.append(
            Rehearsal(
                verdict=verdict,
                rule_name=one.case.rule.name if one.case.rule else "",
                sentence=why_sentence(verdict, names),
                explanation=explain(verdict, names),
                trace=[step.sentence for step in trace(live.rule_set.at(at), one.facts, live.catalogue)],
            )
        )
    return answers


def matched_with(facts: Facts, live: Live, at: datetime) -> deciding.Matched:
    rule = live.at(at).match(facts)
    case = Case(0, rule, rule.ladder if rule else (), live.rule_set.catch_all)
    return deciding.Matched(Order(0), {}, dict(facts), case)


def table(
    cast: deciding.Cast,
    who: People,
    rotations: Mapping[int, Rotation],
    loads: Mapping[int, Load],
    at: datetime,
) -> Table:
    """A fresh one: deciding moves the turns on it."""
    pools = cast.manned | cast.unmanned
    return Table(
        rosters={pool: who.pools[pool] for pool in pools},
        rotations={
            pool: engine.Rotation(row.turns, row.rest, dict(zip(row.member_ids, row.credits, strict=True)))
            for pool in pools
            if (row := rotations.get(pool)) is not None
        },
        loads={
            rep: engine.Load(row.open, row.day if row.day_on == who.reps[rep].today(at) else 0)
            for rep in cast.counted
            if (row := loads.get(rep)) is not None
        },
        unavailable=cast.unavailable,
        named=cast.named,
    )


def rotations_of(pools: Collection[int]) -> dict[int, Rotation]:
    return Rotation.objects.in_bulk(pools)


def loads_of(reps: Collection[int]) -> dict[int, Load]:
    return Load.objects.in_bulk(reps)
