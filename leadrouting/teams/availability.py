"""Saying that a rep is there, busy or away: every change is written down with who, when and why."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from leadrouting.teams.models import Absence, PresenceChange, Rep, User


@transaction.atomic
def set_presence(
    *, rep_id: int, presence: str, cause: str, now: datetime, by: User | None = None, reason: str = ""
) -> bool:
    """Whether that changed anything: a second click, or another one who says the same, writes nothing."""
    others = Rep.objects.filter(pk=rep_id).exclude(presence=presence)
    if not others.update(presence=presence):
        return False
    PresenceChange.objects.create(
        rep_id=rep_id, presence=presence, cause=cause, by=by, at=now, reason=reason[:200]
    )
    return True


def set_away_by_system(rep: Rep) -> PresenceChange | None:
    """Why the rep is away, if the system said so. One query, and none for who is not away."""
    if rep.presence != Rep.Presence.AWAY:
        return None
    last = PresenceChange.objects.filter(rep=rep.pk).first()
    return last if last is not None and last.cause == PresenceChange.Cause.SYSTEM else None


def absence_at(rep: Rep, now: datetime) -> Absence | None:
    """The absence that the rep has at `now` (UTC), told by the clock on the rep's wall."""
    wall = now.astimezone(ZoneInfo(rep.time_zone)).replace(tzinfo=None)
    near = Absence.objects.filter(rep=rep.pk, first_day__lte=wall.date(), last_day__gte=wall.date())
    return next((one for one in near if one.span[0] <= wall < one.span[1]), None)
