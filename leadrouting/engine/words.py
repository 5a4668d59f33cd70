"""The words that sentences about decisions are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from leadrouting.engine.model import StepKind
from leadrouting.engine.roster import Strategy, Why
from leadrouting.engine.tongue import both, day_in_words, figure, noop, say, say_many

SHOWN = 5
"""A longer list of names is cut to this many and a count."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id. What is missing is called by its number: "rep 12"."""

    reps: Mapping[int, str] = field(default_factory=dict)
    pools: Mapping[int, str] = field(default_factory=dict)
    queues: Mapping[int, str] = field(default_factory=dict)
    rules: Mapping[int, str] = field(default_factory=dict)
    skills: Mapping[int, str] = field(default_factory=dict)
    territories: Mapping[str, str] = field(default_factory=dict)
    """By code."""

    def rep(self, id: int) -> str:
        return self.reps.get(id) or say("rep {number}").format(number=id)

    def pool(self, id: int) -> str:
        return self.pools.get(id) or say("pool {number}").format(number=id)

    def queue(self, id: int) -> str:
        if id in self.queues:
            return say("queue “{name}”").format(name=self.queues[id])
        return say("queue {number}").format(number=id)

    def skill(self, id: int) -> str:
        return self.skills.get(id) or say("skill {number}").format(number=id)

    def territory(self, code: str) -> str:
        return say("territory “{name}”").format(name=self.territories.get(code, code))

    def rule(self, id: int) -> str:
        if id in self.rules:
            return say("rule “{name}”").format(name=self.rules[id])
        return say("rule {number}").format(number=id)


# For each cause what one member, and several, did; in the order in which people want to read them.
CAUSES: dict[str, tuple[str, str]] = {
    Why.OUTSIDE_HOURS: both("was outside office hours", "were outside office hours"),
    Why.AWAY: both("was away", "were away"),
    Why.BUSY: both("was busy", "were busy"),
    Why.ABSENT: both("was absent", "were absent"),
    Why.AT_OPEN_CAP: both("was at capacity", "were at capacity"),
    Why.AT_DAY_CAP: both("had reached the day’s limit", "had reached the day’s limit"),
    Why.AT_HOUR_CAP: both("had reached the hour’s limit", "had reached the hour’s limit"),
    Why.AT_WEEK_CAP: both("had reached the week’s limit", "had reached the week’s limit"),
    Why.TEAM_FULL: both("was in a team at its limit", "were in teams at their limit"),
    Why.ALREADY_HAD: both("had had this lead before", "had had this lead before"),
    Why.LACKS_SKILL: both("did not have the skills", "did not have the skills"),
    Why.LACKS_LANGUAGE: both(
        "does not speak the lead’s language well enough",
        "do not speak the lead’s language well enough",
    ),
    Why.NOT_PRESENT: both("did not have their pages open", "did not have their pages open"),
    Why.NOBODY_KNOWN: both("is not known", "are not known"),
    Why.INACTIVE: both("was not active", "were not active"),
    Why.NO_SHARE: both("had no share at the time", "had no share at the time"),
    Why.MORE_LOADED: both("had more open conversations", "had more open conversations"),
    Why.MORE_UTILISED: both("had more of their limit in use", "had more of their limits in use"),
    Why.NOT_THEIR_TURN: both("comes later in the rotation", "come later in the rotation"),
}
# Limits that a later step of a ladder can lift.
LIFTED: dict[str | None, str] = {
    Why.OUTSIDE_HOURS: noop("office hours"),
    Why.AT_OPEN_CAP: noop("capacity"),
    Why.AT_DAY_CAP: noop("capacity"),
    Why.AT_HOUR_CAP: noop("capacity"),
    Why.AT_WEEK_CAP: noop("capacity"),
    Why.TEAM_FULL: noop("capacity"),
    Why.LACKS_SKILL: noop("skills"),
    Why.LACKS_LANGUAGE: noop("skills"),
    Why.NOT_PRESENT: noop("presence"),
}
OWNER_NAMES = {
    StepKind.ACCOUNT_OWNER: noop("account owner"),
    StepKind.PREVIOUS_OWNER: noop("previous owner"),
    StepKind.TERRITORY_OWNER: noop("territory owner"),
}
STRATEGY_NAMES = {
    Strategy.ROUND_ROBIN: noop("round robin"),
    Strategy.LEAST_LOADED: noop("least loaded"),
    Strategy.LEAST_UTILISED: noop("least utilised"),
    Strategy.CAPACITY: noop("by capacity"),
    Strategy.PERFORMANCE: noop("by win rate"),
}


def did(cause: str, count: int = 1, language: str = "") -> str:
    """What so many did, by which they were passed over: `were busy`, `does not speak Spanish`."""
    if cause == Why.LACKS_LANGUAGE and language:
        said = say_many("does not speak {language} well enough", "do not speak {language} well enough", count)
        return said.format(language=say(language))
    return say_many(*CAUSES[cause], count)


def until_in_words(until: str) -> str:
    """When somebody is back, as `StandIn` has it: `4 May 2026`, `noon on 4 May 2026`."""
    at = datetime.fromisoformat(until)
    day = day_in_words(at)
    return say("noon on {day}").format(day=day) if at.hour else day


def join(parts: Sequence[str], shown: int = SHOWN) -> str:
    """`A`, `A and B`, `A, B and C`, `A, B, C, D, E and 7 others`."""
    if len(parts) > shown + 1:
        parts = [*parts[:shown], say("{count} others").format(count=len(parts) - shown)]
    if len(parts) < 2:
        return "".join(parts)
    return say("{several} and {last}").format(several=", ".join(parts[:-1]), last=parts[-1])


def ordered(reasons: Mapping[str, tuple[int, ...]]) -> list[tuple[str, tuple[int, ...]]]:
    return [(cause, reasons[cause]) for cause in CAUSES if reasons.get(cause)]


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def minutes(count: int) -> str:
    return say_many("{count} minute", "{count} minutes", count).format(count=figure(count))
