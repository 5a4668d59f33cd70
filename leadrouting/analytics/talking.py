"""What a rep and their manager may talk about, in two or three sentences: only where the numbers carry them."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leadrouting.analytics.coaching import Record
from leadrouting.analytics.figures import duration

ENOUGH = 5
"""Fewer leads say nothing."""
SLOWER, FASTER = 1.5, 0.67
APART = 0.1
"""Win rates and missed deadlines that differ by less are alike."""
MOST = 3


def talk(record: Record) -> list[str]:
    """At most three sentences, what weighs most first. Empty: nothing stands out, or there is too little."""
    return [sentence for sentence, _weight in zip(worth(record), range(MOST), strict=False)]


def worth(record: Record) -> Iterator[str]:
    yield from deadlines(record)
    yield from speed(record)
    yield from wins(record)
    yield from passed_on(record)
    yield from fit(record)


def deadlines(record: Record) -> Iterator[str]:
    missed, ended = record.counts.missed, record.counts.met + record.counts.missed
    if ended >= ENOUGH and missed / ended >= 2 * APART:
        yield ngettext(
            "Missed {missed} of {number} deadline.", "Missed {missed} of {number} deadlines.", ended
        ).format(missed=missed, number=ended)


def speed(record: Record) -> Iterator[str]:
    """The source where the rep is furthest behind the team; else how the rep answers in all."""
    behind = [
        (own.median / team.median, source)
        for source, own in record.own.sources.items()
        if (team := record.team.sources[source]).leads - own.leads >= ENOUGH
        and own.leads >= ENOUGH
        and own.median >= SLOWER * team.median > 0
    ]
    own, team = record.own.all, record.team.all
    if behind:
        source = max(behind)[1]
        own, team = record.own.sources[source], record.team.sources[source]
        said = _("Answers leads from {source} in {own} at the median, the team in {team}.")
        yield said.format(
            source=source or _("no source"), own=duration(own.median), team=duration(team.median)
        )
    elif own.leads >= ENOUGH and team.leads - own.leads >= ENOUGH:
        if own.median >= SLOWER * team.median > 0:
            said = _("Answers leads in {own} at the median, the team in {team}.")
            yield said.format(own=duration(own.median), team=duration(team.median))
        elif own.median <= FASTER * team.median:
            said = _("Answers faster than the team: in {own} at the median, the team in {team}.")
            yield said.format(own=duration(own.median), team=duration(team.median))


def wins(record: Record) -> Iterator[str]:
    own, team = record.win_rate, record.team_win_rate
    if own is None or team is None or record.counts.leads < ENOUGH or abs(own - team) < APART:
        return
    said = (
        _("Wins more than most: {own} % of the leads, the middle of the team {team} %.")
        if own > team
        else _("Wins {own} % of the leads, the middle of the team {team} %.")
    )
    yield said.format(own=round(own * 100), team=round(team * 100))


def passed_on(record: Record) -> Iterator[str]:
    number = sum(times for _reason, times in record.declines)
    if number >= ENOUGH:
        said = _("Passed on {number} leads, most often because of “{reason}”.")
        yield said.format(number=number, reason=record.declines[0][0])


def fit(record: Record) -> Iterator[str]:
    judged = record.judged
    if judged.given >= ENOUGH and judged.fit is not None and judged.fit <= 2.5:
        said = _("Says that leads fit badly: {fit} of 5 on average. Ask what is wrong with them.")
        yield said.format(fit=f"{judged.fit:.1f}")
