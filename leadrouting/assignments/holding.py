"""Until when a lead that nobody owns is held, and why: for the pages of leads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from leadrouting.assignments.explaining import encoded
from leadrouting.assignments.models import Decision
from leadrouting.engine.record import decode
from leadrouting.engine.roster import Why
from leadrouting.engine.verdict import Tried
from leadrouting.leads.models import Lead
from leadrouting.teams.snapshot import People, people_now

OPENS = "It is after hours, and the pool holds its leads until somebody there is in office hours again."
NEVER = "The pool is closed and holds its leads, but none of its members has hours that open. Look at their hours."
WAITS = "A step of its rule holds it until then. The next step is tried afterwards."
CLOSED = "All who could take it are outside their office hours. It goes to the first who is back."
AGAIN = "Nobody could take it. It is tried again as soon as somebody may be free, and then at the latest."


@dataclass(frozen=True, slots=True)
class Hold:
    """`until` is UTC; None: nobody knows."""

    until: datetime | None
    why: str


def hold_of(lead: Lead, newest: Decision | None, now: datetime) -> Hold | None:
    """None for a lead that is owned or closed, or that people are asked for: in a queue of its rule, or of a
    campaign whose routing is switched off. One query for a pool that is closed."""
    if lead.owner_id is not None or not lead.is_open or newest is None or not newest.tried:
        return None
    tried = decode(encoded(newest)).tried
    last = tried[-1]
    if last.until_opening:
        opening = first_opening([last], people_now(), now)
        return Hold(opening, OPENS if opening else NEVER)
    if last.holds:
        return Hold(newest.decided_at + timedelta(seconds=last.wait * 60 - last.waited), WAITS)
    if newest.step is not None or lead.route_at is None:
        return None
    causes = {why for one in tried for why in one.reasons}
    if causes == {Why.OUTSIDE_HOURS}:
        return Hold(first_opening(tried, people_now(), now) or lead.route_at, CLOSED)
    return Hold(lead.route_at, AGAIN)


def first_opening(tried: Iterable[Tried], people: People, now: datetime) -> datetime | None:
    """When the first of those who are outside their hours is back (UTC)."""
    away = [rep for one in tried for rep in one.reasons.get(Why.OUTSIDE_HOURS, ())]
    openings = [people.reps[rep].next_opening(now) for rep in away if rep in people.reps]
    return min((opening for opening in openings if opening is not None), default=None)
