"""The picture of a pool: what everyone received against their share, and whose turn is next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy, ngettext

from leadrouting.assignments.insight.fairness import Part, otherwise, parts_of
from leadrouting.assignments.insight.upcoming import Upcoming, upcoming
from leadrouting.engine.roster import AbsencePolicy, Why
from leadrouting.teams.models import Pool, User
from leadrouting.teams.portioning import member_in_words
from leadrouting.teams.snapshot import People, people_now

CAUSES: Mapping[str, Any] = {
    Why.INACTIVE: gettext_lazy("not active"),
    Why.AWAY: gettext_lazy("away"),
    Why.BUSY: gettext_lazy("busy"),
    Why.ABSENT: gettext_lazy("out of office"),
    Why.OUTSIDE_HOURS: gettext_lazy("outside office hours"),
    Why.AT_OPEN_CAP: gettext_lazy("at capacity"),
    Why.AT_HOUR_CAP: gettext_lazy("at the hour’s limit"),
    Why.AT_DAY_CAP: gettext_lazy("at the day’s limit"),
    Why.AT_WEEK_CAP: gettext_lazy("at the week’s limit"),
    Why.TEAM_FULL: gettext_lazy("in a full team"),
    Why.ALREADY_HAD: gettext_lazy("had it before"),
    Why.LACKS_SKILL: gettext_lazy("without the skills"),
    Why.LACKS_LANGUAGE: gettext_lazy("without the language"),
    Why.NOT_PRESENT: gettext_lazy("pages not open"),
    Why.NO_SHARE: gettext_lazy("no share"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One member. `bar` and `mark` are in hundredths of the longest of the pool; `weight` is 0 for who has left it."""

    rep: int
    name: str
    is_me: bool
    weight: int
    total: int
    part: Part
    bar: float
    mark: float
    otherwise: int
    now: str
    share_said: str

    @property
    def is_even(self) -> bool:
        """Half a lead is nothing that a person could see."""
        return abs(self.part.ahead) < 0.5

    @property
    def missed(self) -> int:
        return self.part.missed.total()

    @property
    def missed_said(self) -> str:
        """`37 came meanwhile: 30 outside office hours, 7 away`."""
        if not self.missed:
            return ""
        causes = ", ".join(
            f"{count} {CAUSES.get(why, why)}" for why, count in self.part.missed.most_common(3)
        )
        return ngettext(
            "{count} lead came while they could not take it: {causes}",
            "{count} leads came while they could not take them: {causes}",
            self.missed,
        ).format(count=self.missed, causes=causes)


@dataclass(frozen=True, slots=True)
class Picture:
    """`turns` are the names of who gets the next leads, and whether that is who looks."""

    pool: Pool
    members: Sequence[Standing]
    leads: int
    turns: Sequence[tuple[str, bool]]
    by_load: bool
    catches_up: bool


def pools_of(user: User) -> QuerySet[Pool]:
    """A rep's own; those with reps of a manager's teams; all for sales ops."""
    pools = Pool.objects.order_by("name", "pk")
    if user.is_ops:
        return pools
    if user.role == User.Role.MANAGER:
        return pools.filter(memberships__rep__team__manager=user).distinct()
    return pools.filter(memberships__rep=user.pk)


def pictures(pools: Sequence[Pool], user: User, days: int, now: datetime) -> list[Picture]:
    """A constant number of queries for any number of pools and members."""
    who, since = people_now().at(now), now - timedelta(days=days)
    keys = [pool.pk for pool in pools]
    parts, ahead = parts_of(keys, since, now), upcoming(keys, who, now)
    reps = {rep for pool in keys if pool in who.pools for rep in who.pools[pool].reps}
    by_hand = otherwise(reps, since, now)
    return [
        picture(pool, user, parts.get(pool.pk, {}), ahead.get(pool.pk), by_hand, who, now) for pool in pools
    ]


def picture(
    pool: Pool,
    user: User,
    parts: Mapping[int, Part],
    ahead: Upcoming | None,
    by_hand: Mapping[int, int],
    who: People,
    now: datetime,
) -> Picture:
    roster = who.pools.get(pool.pk)
    members = {member.rep: member for member in roster.members} if roster else {}
    longest = max([1.0, *(max(part.received, part.share) for part in parts.values())])
    standings = [
        Standing(
            rep=rep,
            name=who.reps[rep].name,
            is_me=rep == user.pk,
            weight=members[rep].weight if rep in members else 0,
            total=roster.total if roster else 0,
            part=part,
            bar=round(100 * part.received / longest, 2),
            mark=round(100 * part.share / longest, 2),
            otherwise=by_hand.get(rep, 0),
            now=str(CAUSES.get(ahead.missing[rep], "")) if ahead and rep in ahead.missing else "",
            share_said=member_in_words(members[rep], who.reps[rep], now) if rep in members else "",
        )
        for rep in [*members, *(rep for rep in parts if rep not in members)]
        for part in [parts.get(rep, Part())]
        if rep in who.reps
    ]
    return Picture(
        pool=pool,
        members=sorted(standings, key=lambda one: (not one.weight, -one.part.received, one.name)),
        leads=sum(part.received for part in parts.values()),
        turns=[(who.reps[rep].name, rep == user.pk) for rep in ahead.turns] if ahead else [],
        by_load=bool(roster and roster.strategy.by_load),
        catches_up=bool(roster and roster.absence != AbsencePolicy.FORFEIT and not roster.strategy.by_load),
    )


def mine(found: Sequence[Picture]) -> str:
    """One sentence for the rep who looks: how many leads by turns, against the share."""
    own = [one.part for picture in found for one in picture.members if one.is_me]
    if not own:
        return ""
    received, share = sum(one.received for one in own), sum(one.share for one in own)
    return ngettext(
        "You received {count} lead by turns; your share was {share}.",
        "You received {count} leads by turns; your share was {share}.",
        received,
    ).format(count=received, share=f"{share:.1f}")
