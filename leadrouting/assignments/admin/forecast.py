"""The rotation on a pool's page: credits, who is away, and the next turns under each policy for missed turns."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from leadrouting.assignments.insight.upcoming import carried, missing
from leadrouting.assignments.models import Rotation
from leadrouting.assignments.unlocked import turns_of
from leadrouting.engine import roster as engine
from leadrouting.engine.forecast import Forecast, forecast
from leadrouting.engine.roster import LEAD, Why
from leadrouting.engine.rotation import settle
from leadrouting.engine.sentences import CAUSES
from leadrouting.teams.models import Pool
from leadrouting.teams.portioning import member_in_words
from leadrouting.teams.snapshot import People, people_now

SHOWN_TURNS, UNTIL_BACK = 20, 10
SHOWN_MEMBERS = 50
"""A longer table is cut: those who are owed most, and owe most, come first and last."""


def shown_turns(pool: Pool, now: datetime) -> str:
    """Told ahead by the shares, absences, office hours and limits of now, as if the leads came this minute."""
    who = people_now().at(now)
    roster, row = who.pools[pool.pk], Rotation.objects.filter(pool=pool).first()
    if row is None or not roster.members:
        return "No turn was taken yet: the pool has no members."
    books = turns_of({pool.pk: row}, [pool.pk])[pool.pk]
    settle(books, roster)
    away = missing(roster, who, now)
    found = forecast(books, roster, away, SHOWN_TURNS, UNTIL_BACK, *carried([roster], who, now))
    if roster.strategy.by_load:
        found = [one for one in found if one.absence == roster.absence]
    nobody = bool(away) and all(member.rep in away for member in roster.members if member.weight)
    asked = SHOWN_TURNS - UNTIL_BACK if nobody else SHOWN_TURNS
    seen = {
        "turns": row.turns,
        "away": [said_now(who.reps[rep].name, why) for rep, why in away.items()],
        "nobody": nobody,
        "by_load": roster.strategy.by_load,
        "shares": shares_told(roster, who, now),
        "policies": [shown_policy(pool, one, who, asked) for one in found],
        "rows": rows(roster, books, found, who)[:SHOWN_MEMBERS],
        "more": max(0, len(roster.members) - SHOWN_MEMBERS),
        "until_back": UNTIL_BACK,
    }
    return render_to_string("admin/assignments/credits.html", seen)


def shares_told(roster: engine.Roster, who: People, now: datetime) -> list[str]:
    """`Lena Brandt: half share, week 2 of the ramp-up, until 8 Mar`, for each who has no full one."""
    return [
        f"{who.reps[member.rep].name}: {member_in_words(member, who.reps[member.rep], now)}"
        for member in roster.members
        if member.parts
    ][:SHOWN_MEMBERS]


def said_now(name: str, why: Why) -> str:
    """`Ben is away`, `Ann has reached the day’s limit`."""
    return f"{name} {CAUSES[why][0].replace('was ', 'is ', 1).replace('had ', 'has ', 1)}"


def shown_policy(pool: Pool, one: Forecast, who: People, asked: int) -> dict[str, Any]:
    return {
        "name": dict(Pool._meta.get_field("absence").flatchoices)[one.absence],
        "is_set": pool.absence == one.absence,
        "none": not one.turns and not one.back,
        "short": len(one.turns) + len(one.back) < asked,
        "turns": [who.reps[rep].name for rep in one.turns],
        "back": [who.reps[rep].name for rep in one.back],
        "full": [said_now(who.reps[rep].name, why) for rep, why in one.full.items()][:SHOWN_MEMBERS],
    }


def rows(
    roster: engine.Roster, books: engine.Rotation, found: list[Forecast], who: People
) -> list[dict[str, Any]]:
    """By member: the weight that counts (it may be made from limits), credit now, and under each policy how many of the turns and the credit at their end."""
    weights = {member.rep: member.weight for member in roster.members}
    return [
        {
            "name": who.reps[rep].name,
            "weight": weights[rep],
            "credit": books.credits[rep] / LEAD,
            "ends": [((*one.turns, *one.back).count(rep), one.at_end[rep] / LEAD) for one in found],
        }
        for rep in sorted(roster.reps, key=lambda rep: (-books.credits[rep], roster.reps.index(rep)))
    ]
