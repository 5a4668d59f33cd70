"""Who stands in for whom: the backup of somebody who is absent or switched off, or that one's own backup."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import MAXYEAR, datetime, time

from leadrouting.engine.roster import Why
from leadrouting.engine.verdict import StandIn
from leadrouting.teams.person import Person

MOST = 10
"""Backups who are asked one after the other."""


def stand_in(
    reps: Mapping[int, Person], asked: int, now: datetime, first: int | None = None
) -> StandIn | None:
    """Who takes at `now` what goes to the rep `asked` by name; None: the rep, who is there or has nobody.

    1. `first`, where somebody is named for just this, and their backups. 2. The backup of the absence, else the
    rep's own, and their backups, until one is neither absent nor switched off. Nobody is asked twice.
    """
    why = gone(reps[asked], now)
    if why is None:
        return None
    seen = {asked}
    via: list[int] = []
    for one in (first, reps[asked].backup_at(now)):
        while one is not None and one not in seen and len(via) < MOST:
            if gone(reps[one], now) is None:
                return StandIn(one, asked, why, back_at(reps[asked], now, why), tuple(via))
            seen.add(one)
            via.append(one)
            one = reps[one].backup_at(now)
    return None


def gone(person: Person, now: datetime) -> Why | None:
    """Why a backup is needed. Whoever is only busy, away for a while or at home after work needs none."""
    if not person.is_active:
        return Why.INACTIVE
    return Why.ABSENT if person.absences and person.is_absent(now) else None


def back_at(person: Person, now: datetime, why: Why) -> str:
    """When an absence ends, by the clock on their wall. Empty: for good."""
    end = None if why is Why.INACTIVE else person.absent_until(now)
    if end is None or end.year == MAXYEAR:
        return ""
    return end.date().isoformat() if end.time() == time() else end.isoformat(timespec="minutes")
