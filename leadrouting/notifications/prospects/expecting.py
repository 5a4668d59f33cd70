"""When somebody will be in touch: by the office hours of whoever has the lead, at the prospect's own time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from leadrouting.leads.models import Lead
from leadrouting.notifications.prospects.languages import Words
from leadrouting.teams.person import Person
from leadrouting.teams.snapshot import People

A_WEEK = timedelta(days=6)
"""Beyond it the name of a day says too little."""


def at_work(
    lead: Lead, people: People, now: datetime, waits_for: Collection[int] = ()
) -> tuple[datetime, Person] | None:
    """When its owner is in next, `now` when that is so; of a lead that waits, the first of those it waits for, else the
    first of all. None: nobody knows."""
    owner = people.reps.get(lead.owner_id or 0)
    if owner is not None:
        candidates = [owner]
    else:
        candidates = [people.reps[rep] for rep in waits_for if rep in people.reps] or [*people.reps.values()]
        candidates = [one for one in candidates if one.is_active]
    found = [(at, one) for one in candidates if (at := one.back(now)) is not None]
    return min(found, key=lambda pair: (pair[0], pair[1].rep), default=None)


def expected(lead: Lead, people: People, now: datetime, words: Words, waits_for: Collection[int] = ()) -> str:
    first = at_work(lead, people, now, waits_for)
    if first is None:
        return words.someday
    at, person = first
    if at <= now:
        return words.soon
    if at - now > A_WEEK:
        return words.someday
    zone = ZoneInfo(lead.time_zone) if lead.time_zone else person.zone
    there, here = at.astimezone(zone), now.astimezone(zone)
    time = f"{there:%H:%M}"
    if there.date() == here.date():
        return words.today.format(time=time)
    if there.date() == (here + timedelta(days=1)).date():
        return words.tomorrow.format(time=time)
    return words.on.format(day=words.days[there.weekday()], time=time)
