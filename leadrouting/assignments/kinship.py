"""Which leads wait for the same people: when one of a kind finds nobody, the others of it need not be tried."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from datetime import datetime
from zlib import crc32

from leadrouting.assignments.deciding import Matched
from leadrouting.engine.model import StepKind
from leadrouting.leads.enums import Status
from leadrouting.rules.live import Live
from leadrouting.teams.snapshot import People

BITS = 32
"""The lower half of a kind is the lead's own part, the upper half (without the sign) is its rule."""


def kind_of(one: Matched, live: Live, people: People, now: datetime) -> int:
    """The same number for leads whose rule asks the same people in the same way; never 0.

    It holds for as long as rules and territories are what they are: they are in it. Below zero while a step's wait
    runs, whose end is the lead's own.
    """
    case, rule = one.case, one.case.rule
    era = bisect_right(live.changes, now)
    by_rule = crc32(repr((live.rule_set.version, era, people.atlas.tree.digest, rule and rule.id)).encode())
    waits = [case.waits_for(step) for step in case.ladder]
    by_territory = any(step.kind is StepKind.TERRITORY_OWNER for step in case.ladder)
    own = (
        sorted(case.had),
        sorted(case.owners.items()),
        sorted(case.stand_ins),
        one.facts.get("territory") if by_territory else None,
        case.language,
        waits,
    )
    kind = (by_rule >> 1 or 1) << BITS | crc32(repr(own).encode())
    return -kind if any(waits) else kind


def rule_of(kind: int) -> int:
    """What the kinds of one rule have in common."""
    return abs(kind) >> BITS


def behind(
    matched: Sequence[Matched], ahead: Collection[int] | None, live: Live, people: People, now: datetime
) -> dict[int, int]:
    """The kinds, by lead, of the new leads that give way to those `ahead`: the rules of those that wait while
    something stirs. Whoever has waited is tried first."""
    if not ahead:
        return {}
    new = [
        one
        for one in matched
        if one.order.gives_way and one.row["status"] == Status.RECEIVED and one.case.ladder
    ]
    kinds = {one.order.lead: kind_of(one, live, people, now) for one in new}
    return {lead: kind for lead, kind in kinds.items() if rule_of(kind) in ahead}
