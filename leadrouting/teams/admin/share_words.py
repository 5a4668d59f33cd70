"""Shares of turns on the pages of reps and pools."""

from __future__ import annotations

from datetime import datetime

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from leadrouting.engine.portions import portion, why
from leadrouting.engine.roster import share_of
from leadrouting.engine.words import capital
from leadrouting.teams.models import Attainment, Quota, Rep
from leadrouting.teams.person import Person
from leadrouting.teams.portioning import member_in_words, quota_reached, share_in_words
from leadrouting.teams.snapshot import People, people_now


def share_told(rep: Rep, now: datetime) -> SafeString:
    """On the rep's own page: the share, why, until when, and how far the quota is."""
    person = people_now().reps[rep.pk]
    said = share_in_words(person, now)
    lines = [f"{capital(said)}." if said else "Full share."]
    if told := quota_told(rep, quota_reached(person, now)):
        lines.append(told)
    return format_html_join("", "<span class='lr-said'>{}</span>", ((line,) for line in lines))


def share_listed(person: Person, now: datetime) -> SafeString:
    """In a list: how large, and in short lines why, or how far the quota is."""
    parts = person.parts(now)
    reached = quota_reached(person, now)
    lines = [why(part) for part in parts if part.kind == "ramp"]
    lines += [] if reached is None else [f"{reached} % of the quota"]
    size = capital(portion(share_of(parts))) if parts else "Full share"
    told = format_html_join(
        "", "<span class='lr-said lr-quiet whitespace-nowrap'>{}</span>", ((line,) for line in lines)
    )
    return format_html("<span class='whitespace-nowrap'>{}</span>{}", size, told)


def quota_told(rep: Rep, reached: int | None) -> str:
    """`Won 8,200 of 10,000 this month: 82 % of the quota.`"""
    quota = Quota.objects.filter(pk=rep.pk).first()
    if quota is None:
        return ""
    counted = Attainment.objects.filter(pk=rep.pk).first()
    if counted is None or reached is None:
        return "The quota is counted within a minute."
    won = counted.achieved if reached else 0
    what = "" if quota.measure == Quota.Measure.MONEY else " leads"
    return f"Won {won:,.0f} of {quota.target:,.0f}{what} this {quota.period}: {reached} % of the quota."


def member_share(pool: int, rep: int, who: People, now: datetime) -> SafeString | str:
    """What part of the pool's turns a member takes, and why it is not the plain weight."""
    roster = who.pools[pool]
    member = next((one for one in roster.members if one.rep == rep), None)
    if member is None:
        return "–"
    share = f"{member.weight / roster.total:.1%}" if roster.total else "none"
    said = member_in_words(member, who.reps[rep], now)
    return format_html("{}<span class='lr-said lr-quiet'>{}</span>", share, capital(said)) if said else share
