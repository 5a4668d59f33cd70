"""Saying that a rep is there, busy or away: every change is written down with who, when and why."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from leadrouting.teams.models import Absence, PresenceChange, Rep, User
from leadrouting.teams.signals import presence_set

Cause = PresenceChange.Cause


@transaction.atomic
def set_presence(
    *, rep_id: int, presence: str, cause: str, now: datetime, by: User | None = None, reason: str = ""
) -> bool:
    """Whether that changed anything: a second click, or another one who says the same, writes nothing."""
    others = Rep.objects.filter(pk=rep_id).exclude(presence=presence)
    if not others.update(presence=presence):
        return False
    change = PresenceChange.objects.create(
        rep_id=rep_id, presence=presence, cause=cause, by=by, at=now, reason=reason[:200]
    )
    presence_set.send(PresenceChange, change=change)
    return True


def set_for(*, rep: Rep, presence: str, by: User, now: datetime) -> bool:
    """Anybody's word about a rep who is active: one's own, the manager's, that of sales ops.

    Whether that changed anything. Raises PermissionDenied with words for people.
    """
    may_speak_for(rep, by)
    own = Cause.SELF if by.pk == rep.pk else None
    cause = own or (Cause.MANAGER if by.pk == rep.team.manager_id else Cause.OPS)
    return set_presence(rep_id=rep.pk, presence=presence, cause=cause, by=by, now=now)


def may_speak_for(rep: Rep, by: User) -> None:
    if not (by.pk == rep.pk or by.is_ops or rep.team.manager_id == by.pk):
        raise PermissionDenied(
            _("Only {rep}, the manager of the team or sales ops can say that {rep} is away.").format(rep=rep)
        )


def set_by_others(rep: Rep) -> PresenceChange | None:
    """Who says that the rep is busy or away, and why, unless it is the rep. No query for who is available."""
    if rep.presence == Rep.Presence.AVAILABLE:
        return None
    last = PresenceChange.objects.filter(rep=rep.pk).select_related("by").first()
    return last if last is not None and last.cause != Cause.SELF else None


def absence_at(rep: Rep, now: datetime) -> Absence | None:
    """The absence that the rep has at `now` (UTC), told by the clock on the rep's wall."""
    wall = now.astimezone(ZoneInfo(rep.time_zone)).replace(tzinfo=None)
    near = Absence.objects.filter(rep=rep.pk, first_day__lte=wall.date(), last_day__gte=wall.date())
    return next((one for one in near if one.span[0] <= wall < one.span[1]), None)
