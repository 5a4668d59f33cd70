"""Out of office: a rep's own word, or the manager's for a report."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from leadrouting.teams.availability import absence_at, may_speak_for
from leadrouting.teams.models import Absence, Rep, User
from leadrouting.teams.signals import absence_said


@transaction.atomic
def go_away(
    *,
    rep: Rep,
    by: User,
    now: datetime,
    first_day: date,
    last_day: date,
    from_noon: bool = False,
    until_noon: bool = False,
    backup: Rep | None = None,
    reason: str = "",
) -> Absence:
    """Days in the rep's own zone, both included. Raises ValidationError with words for people, PermissionDenied."""
    may_speak_for(rep, by)
    Rep.objects.select_for_update(no_key=True).get(
        pk=rep.pk
    )  # a second click waits, and is told that it overlaps
    if backup is not None and not backup.is_active:
        raise ValidationError(
            {
                "backup": _("{backup} is not active and cannot stand in. Choose somebody else.").format(
                    backup=backup
                )
            }
        )
    absence = Absence(
        rep=rep,
        first_day=first_day,
        last_day=last_day,
        from_noon=from_noon,
        until_noon=until_noon,
        backup=backup,
        reason=reason.strip()[:120],
    )
    absence.full_clean()
    absence.save()
    absence_said.send(Absence, absence=absence, by=by, ended=False, now=now)
    return absence


@transaction.atomic
def withdraw(*, absence: Absence, by: User, now: datetime) -> bool:
    """Take back an absence that has not begun, or end one that has: the days that are over stay on record.

    Whether there was anything to take back.
    """
    may_speak_for(absence.rep, by)
    today = now.astimezone(ZoneInfo(absence.rep.time_zone)).date()
    if absence.last_day < today:
        return False
    absence_said.send(Absence, absence=absence, by=by, ended=True, now=now)
    if absence.first_day >= today:
        absence.delete()
    else:
        absence.last_day, absence.until_noon = today - timedelta(days=1), False
        absence.save()
    return True


def be_back(*, rep: Rep, by: User, now: datetime) -> bool:
    """End the absence of this moment. Whether there was one."""
    absence = absence_at(rep, now)
    if absence is not None:
        withdraw(absence=absence, by=by, now=now)
    return absence is not None
