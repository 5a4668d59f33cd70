"""A rep's share at a moment, in words for pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from leadrouting.engine.portions import in_words
from leadrouting.engine.roster import Member, Part
from leadrouting.teams.person import Person


def share_in_words(person: Person, now: datetime, more: Sequence[Part] = ()) -> str:
    """`half share, week 2 of the ramp-up, until 8 Mar`: the last day of it is the rep's. Empty for a full share.

    `more` is what follows from the pool, and lasts.
    """
    own = person.parts(now)
    said, last = in_words([*own, *more]), last_day(person, now)
    if own and last:
        return _("{share}, until {day}").format(share=said, day=date_format(last, "j M"))
    return said


def member_in_words(member: Member, person: Person, now: datetime) -> str:
    """The same for a member of a roster that was drawn at that moment."""
    return share_in_words(person, now, member.parts[len(person.parts(now)) :])


def last_day(person: Person, now: datetime) -> date | None:
    """The last day, where the rep is, of the share that they have now; None when nothing is to come."""
    ahead = [at for at in person.turning_points() if at > now]
    return person.today(min(ahead)) - timedelta(days=1) if ahead else None


def quota_reached(person: Person, now: datetime) -> int | None:
    """In percent, of the month or quarter that it is for the rep; None without a quota."""
    attained = person.attained
    if attained is None:
        return None
    return attained.percent if attained.first_day <= person.today(now) < attained.next_day else 0
