"""A rep who misses deadline after deadline is not there: the system says so, and leads go to others."""

from __future__ import annotations

from datetime import datetime

from leadrouting.sla.models import Clock
from leadrouting.sla.models.policy import Kind
from leadrouting.sla.signals import set_away
from leadrouting.teams.availability import absence_at, set_presence
from leadrouting.teams.models import PresenceChange, Rep

NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


def set_away_after_misses(rep_id: int, now: datetime) -> bool:
    """In the transaction of a breach, after the lead has moved on. Whether the rep was set away by it.

    1. Lock the rep, so that of two misses at once the later one sees the earlier.
    2. Leave alone who is busy, away or absent anyway, and teams that want nothing of this.
    3. Count the latest ended clocks since the system last did this; away when all were missed.
    """
    rep = (
        Rep.objects.select_for_update(no_key=True, of=("self",)).select_related("team", "user").get(pk=rep_id)
    )
    limit = rep.team.away_after
    if not limit or not rep.is_active or rep.presence != Rep.Presence.AVAILABLE or absence_at(rep, now):
        return False
    if not all_missed(rep, limit):
        return False
    reason = f"{in_words(limit).capitalize()} missed in a row"
    set_presence(
        rep_id=rep_id, presence=Rep.Presence.AWAY, cause=PresenceChange.Cause.SYSTEM, now=now, reason=reason
    )
    set_away.send(Rep, rep=rep, misses=limit, now=now)
    return True


def all_missed(rep: Rep, limit: int) -> bool:
    """Whether the rep's latest `limit` first-response clocks that were met or missed were missed, each after the last time that
    the system set the rep away: who comes back begins anew."""
    last = PresenceChange.objects.filter(rep=rep.pk, cause=PresenceChange.Cause.SYSTEM).first()
    ended = Clock.objects.filter(
        rep=rep.pk, kind=Kind.RESPOND, outcome__in=[Clock.Outcome.MET, Clock.Outcome.MISSED]
    )
    if last is not None:
        ended = ended.filter(ended_at__gt=last.at)
    latest = list(ended.order_by("-ended_at", "-id").values_list("outcome", flat=True)[:limit])
    return len(latest) == limit and set(latest) == {Clock.Outcome.MISSED}


def in_words(misses: int) -> str:
    """`three deadlines`."""
    number = NUMBERS[misses] if misses < len(NUMBERS) else str(misses)
    return f"{number} deadline{'s' if misses != 1 else ''}"
