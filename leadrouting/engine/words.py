"""The words that sentences about decisions are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from leadrouting.engine.model import StepKind
from leadrouting.engine.roster import Strategy, Why

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
        return self.reps.get(id, f"rep {id}")

    def pool(self, id: int) -> str:
        return self.pools.get(id, f"pool {id}")

    def queue(self, id: int) -> str:
        return f"queue “{self.queues[id]}”" if id in self.queues else f"queue {id}"

    def skill(self, id: int) -> str:
        return self.skills.get(id, f"skill {id}")

    def territory(self, code: str) -> str:
        return f"territory “{self.territories.get(code, code)}”"

    def rule(self, id: int) -> str:
        return f"rule “{self.rules[id]}”" if id in self.rules else f"rule {id}"


# For each cause what one member, and several, did; in the order in which people want to read them.
CAUSES: dict[str, tuple[str, str]] = {
    Why.OUTSIDE_HOURS: ("was outside office hours", "were outside office hours"),
    Why.AWAY: ("was away", "were away"),
    Why.BUSY: ("was busy", "were busy"),
    Why.ABSENT: ("was absent", "were absent"),
    Why.AT_OPEN_CAP: ("was at capacity", "were at capacity"),
    Why.AT_DAY_CAP: ("had reached the day’s limit", "had reached the day’s limit"),
    Why.AT_HOUR_CAP: ("had reached the hour’s limit", "had reached the hour’s limit"),
    Why.AT_WEEK_CAP: ("had reached the week’s limit", "had reached the week’s limit"),
    Why.TEAM_FULL: ("was in a team at its limit", "were in teams at their limit"),
    Why.ALREADY_HAD: ("had had this lead before", "had had this lead before"),
    Why.LACKS_SKILL: ("did not have the skills", "did not have the skills"),
    Why.LACKS_LANGUAGE: (
        "does not speak the lead’s language well enough",
        "do not speak the lead’s language well enough",
    ),
    Why.NOT_PRESENT: ("did not have their pages open", "did not have their pages open"),
    Why.NOBODY_KNOWN: ("is not known", "are not known"),
    Why.INACTIVE: ("was not active", "were not active"),
    Why.NO_SHARE: ("had no share at the time", "had no share at the time"),
    Why.MORE_LOADED: ("had more open conversations", "had more open conversations"),
    Why.MORE_UTILISED: ("had more of their limit in use", "had more of their limits in use"),
    Why.NOT_THEIR_TURN: ("comes later in the rotation", "come later in the rotation"),
}
# Limits that a later step of a ladder can lift.
LIFTED: dict[str | None, str] = {
    Why.OUTSIDE_HOURS: "office hours",
    Why.AT_OPEN_CAP: "capacity",
    Why.AT_DAY_CAP: "capacity",
    Why.AT_HOUR_CAP: "capacity",
    Why.AT_WEEK_CAP: "capacity",
    Why.TEAM_FULL: "capacity",
    Why.LACKS_SKILL: "skills",
    Why.LACKS_LANGUAGE: "skills",
    Why.NOT_PRESENT: "presence",
}
OWNER_NAMES = {
    StepKind.ACCOUNT_OWNER: "account owner",
    StepKind.PREVIOUS_OWNER: "previous owner",
    StepKind.TERRITORY_OWNER: "territory owner",
}
STRATEGY_NAMES = {
    Strategy.ROUND_ROBIN: "round robin",
    Strategy.LEAST_LOADED: "least loaded",
    Strategy.LEAST_UTILISED: "least utilised",
    Strategy.CAPACITY: "by capacity",
    Strategy.PERFORMANCE: "by win rate",
}


def did(cause: str, count: int, language: str = "") -> str:
    """What so many did, by which they were passed over: `were busy`, `does not speak Spanish`."""
    said = CAUSES[cause][count > 1]
    return said.replace("the lead’s language", language) if language else said


def until_in_words(until: str) -> str:
    """When somebody is back, as `StandIn` has it: `4 May 2026`, `noon on 4 May 2026`."""
    at = datetime.fromisoformat(until)
    day = f"{at.day} {at:%B} {at.year}"
    return f"noon on {day}" if at.hour else day


def join(parts: Sequence[str], shown: int = SHOWN) -> str:
    """`A`, `A and B`, `A, B and C`, `A, B, C, D, E and 7 others`."""
    if len(parts) > shown + 1:
        parts = [*parts[:shown], f"{len(parts) - shown} others"]
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def ordered(reasons: Mapping[str, tuple[int, ...]]) -> list[tuple[str, tuple[int, ...]]]:
    return [(cause, reasons[cause]) for cause in CAUSES if reasons.get(cause)]


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def minutes(count: int) -> str:
    return "1 minute" if count == 1 else f"{count:,} minutes"
