"""The win rates of a pool on its page: what each member won, what luck is allowed for, and the turns that follow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from django.template.loader import render_to_string

from leadrouting.engine.roster import Strategy
from leadrouting.engine.winning import Record, factor, shrunk
from leadrouting.teams.drawing import drawn, of_all, parts_at, win_parts
from leadrouting.teams.models import Pool, WinRate
from leadrouting.teams.snapshot import people_now

SHOWN = 50
"""Those with the most turns come first; a longer table is cut."""


@dataclass(frozen=True, slots=True)
class Line:
    """Rates and shares are percentages; None where nothing was closed."""

    name: str
    own: Record
    rate: float | None
    shrunk: float | None
    weight: int
    share: float


def shown_win_rates(pool: Pool, now: datetime) -> str:
    """As they are used, or would be if the pool went by win rates. Two queries."""
    records = {row.rep_id: Record(row.won, row.closed) for row in WinRate.objects.filter(pool=pool)}
    together = of_all(records)
    lines = told(pool, records, now)
    seen = {
        "pool": pool,
        "together": together,
        "rate": percent(together.rate),
        "is_used": pool.strategy == Strategy.PERFORMANCE,
        "lines": lines[:SHOWN],
        "more": max(0, len(lines) - SHOWN),
    }
    return render_to_string("admin/assignments/win_rates.html", seen)


def told(pool: Pool, records: dict[int, Record], now: datetime) -> list[Line]:
    who, parts, together = people_now(), win_parts(pool, records), of_all(records)
    draft = who.drafts[pool.pk]
    members = tuple([replace(one, parts=parts.get(one.rep, ())) for one in draft.members])
    roster = drawn(replace(draft, strategy=Strategy.PERFORMANCE, members=members), parts_at(who.reps, now))
    lines = [
        Line(
            name=who.reps[member.rep].name,
            own=(own := records.get(member.rep, Record())),
            rate=percent(own.rate),
            shrunk=percent(shrunk(own, together, pool.win_prior)),
            weight=factor(own, together, pool.win_prior, pool.win_floor, pool.win_ceiling),
            share=100 * member.weight / roster.total if roster.total else 0,
        )
        for member in roster.members
    ]
    return sorted(lines, key=lambda line: (-line.share, line.name))


def percent(rate: Fraction | None) -> float | None:
    return None if rate is None else 100 * float(rate)
