"""When somebody will be in touch: by the office hours of whoever has the lead, at the prospect's own time."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from leadrouting.leads.models import Lead
from leadrouting.notifications.prospects.languages import Words
from leadrouting.teams.person import Person
from leadrouting.teams.snapshot import People


def at_work(lead: Lead, people: People, now: datetime) -> datetime | None:
    """When its owner is in next, `now` when that is so; of a lead that waits, when the first of all is. None: nobody
    knows."""
    owner = people.reps.get(lead.owner_id or 0)
    if owner is not None:
        return opening(owner, now)
    found = [at for one in people.reps.values() if one.is_active and (at := opening(one, now)) is not None]
    return min(found, default=None)


def opening(person: Person, now: datetime) -> datetime | None:
    if person.never_open:
        return None
    if person.calendar is None or person.calendar.is_open(now):
        return now
    return person.next_opening(now)


def expected(lead: Lead, people: People, now: datetime, words: Words) -> str:
    at = at_work(lead, people, now)
    if at is None or at <= now:
        return words.soon
    owner = people.reps.get(lead.owner_id or 0)
    zone = ZoneInfo(lead.time_zone) if lead.time_zone else owner.zone if owner else ZoneInfo("UTC")
    there, here = at.astimezone(zone), now.astimezone(zone)
    time = f"{there:%H:%M}"
    if there.date() == here.date():
        return words.today.format(time=time)
    if there.date() == (here + timedelta(days=1)).date():
        return words.tomorrow.format(time=time)
    return words.on.format(day=words.days[there.weekday()], time=time)
