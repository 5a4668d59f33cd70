"""A verdict in plain sentences, from the verdict alone and a lookup of names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from leadrouting.engine.model import StepKind
from leadrouting.engine.record import decode
from leadrouting.engine.roster import Strategy, Why
from leadrouting.engine.verdict import Tried, Verdict

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

    def rep(self, id: int) -> str:
        return self.reps.get(id, f"rep {id}")

    def pool(self, id: int) -> str:
        return self.pools.get(id, f"pool {id}")

    def queue(self, id: int) -> str:
        return f"queue “{self.queues[id]}”" if id in self.queues else f"queue {id}"

    def skill(self, id: int) -> str:
        return self.skills.get(id, f"skill {id}")

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
    Why.ALREADY_HAD: ("had had this lead before", "had had this lead before"),
    Why.INACTIVE: ("was not active", "were not active"),
    Why.MORE_LOADED: ("had more open conversations", "had more open conversations"),
    Why.NOT_THEIR_TURN: ("comes later in the rotation", "come later in the rotation"),
}
# Limits that a later step of a ladder can lift.
LIFTED: dict[str | None, str] = {
    Why.OUTSIDE_HOURS: "office hours",
    Why.AT_OPEN_CAP: "capacity",
    Why.AT_DAY_CAP: "capacity",
}
OWNER_NAMES = {
    StepKind.ACCOUNT_OWNER: "account owner",
    StepKind.PREVIOUS_OWNER: "previous owner",
    StepKind.TERRITORY_OWNER: "territory owner",
}
STRATEGY_NAMES = {Strategy.ROUND_ROBIN: "round robin", Strategy.LEAST_LOADED: "least loaded"}
_ROUTINE = {Why.NOT_THEIR_TURN, Why.MORE_LOADED}  # able to take it: nothing that the one line should tell


def why_sentence(verdict: Verdict | Mapping[str, Any], names: Names) -> str:
    """Who got the lead and why, in one line; takes a verdict or what `encode` made of it."""
    verdict = _verdict(verdict)
    won = verdict.won
    by = "" if verdict.rule is None else f", by {names.rule(verdict.rule)}"
    lost = [tried for tried in verdict.tried if tried is not won and not _same_pool(tried, won)]
    after = join([_missed(tried, names) for tried in lost])
    if verdict.queue is not None:
        direct = "the rule sends it there"
        if won is None:
            direct = "no rule matched" if verdict.rule is None else "the rule names nobody"
        return f"{_capital(names.queue(verdict.queue))}{by}: {after or direct}."
    parts = [_how(verdict, names), after, _counts(won) if won else ""]
    return f"{names.rep(verdict.rep or 0)}{by}: {'; '.join([part for part in parts if part])}."


def explain(verdict: Verdict | Mapping[str, Any], names: Names) -> list[str]:
    """The rule, then each step of the ladder with the names for each cause, then where the lead went."""
    verdict = _verdict(verdict)
    rule = verdict.rule
    lines = ["No rule matched." if rule is None else f"{_capital(names.rule(rule))} matched."]
    for tried in verdict.tried:
        lines.append(f"Step {tried.step + 1}{_step(tried, names)}.")
        if tried.kind == StepKind.POOL:
            lines += [
                f"{_capital(join([names.rep(rep) for rep in reps]))} {CAUSES[cause][len(reps) > 1]}."
                for cause, reps in _ordered(tried.reasons)
            ]
    if verdict.passed_cap:
        lines.append(f"{_capital(names.rep(verdict.rep or 0))} was at capacity, which this step ignores.")
    if verdict.step is None:
        lines.append(f"The catch-all took it: {names.queue(verdict.queue or 0)}.")
    return lines


def join(parts: Sequence[str], shown: int = SHOWN) -> str:
    """`A`, `A and B`, `A, B and C`, `A, B, C, D, E and 7 others`."""
    if len(parts) > shown + 1:
        parts = [*parts[:shown], f"{len(parts) - shown} others"]
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def _how(verdict: Verdict, names: Names) -> str:
    won = verdict.won
    how = "named by the rule"
    if won is not None and won.strategy is not None:
        how = f"{STRATEGY_NAMES[won.strategy]} in {names.pool(won.id)}"
        how += "".join(map(_although, (tried for tried in verdict.tried if _same_pool(tried, won))))
    return f"{how}, above capacity because the rule says so" if verdict.passed_cap else how


def _same_pool(tried: Tried, won: Tried | None) -> bool:
    """An earlier step at the pool that took the lead in the end: it was asked again with fewer limits."""
    return won is not None and tried is not won and (tried.kind, tried.id) == (won.kind, won.id)


def _although(tried: Tried) -> str:
    """Nobody there could take it at first, and for most of them the limit was this one, which was then lifted."""
    cause = max(tried.reasons, key=lambda one: len(tried.reasons[one]), default=None)
    return f" once {LIFTED[cause]} no longer counted" if cause in LIFTED else ""


def _missed(tried: Tried, names: Names) -> str:
    """Why a step did not take the lead."""
    if tried.kind == StepKind.POOL:
        return f"nobody in {names.pool(tried.id)} could take it"
    return f"{names.rep(tried.id)} {_cause(tried)}"


def _step(tried: Tried, names: Names) -> str:
    """The rest of a sentence that starts with `Step 2`."""
    if tried.kind == StepKind.QUEUE:
        return f": {names.queue(tried.id)} takes every lead"
    if tried.kind == StepKind.REP:
        rep = names.rep(tried.id)
        return (
            f": {rep} is named and could take it" if tried.picked else f": {rep} is named but {_cause(tried)}"
        )
    how = f", {STRATEGY_NAMES[tried.strategy]}" if tried.strategy is not None else ""
    return f", {names.pool(tried.id)}{how}: {_outcome(tried, names)}"


def _outcome(tried: Tried, names: Names) -> str:
    if tried.picked is None:
        return "nobody could take it" if tried.reasons else "it has no members"
    rep, tie = names.rep(tried.picked), Why.NOT_THEIR_TURN in tried.reasons
    if not tie and Why.MORE_LOADED not in tried.reasons:
        return f"only {rep} could take it"
    if tried.strategy == Strategy.LEAST_LOADED:
        turn = "; it was their turn among those who tie" if tie else ""
        return f"{rep} had the fewest open conversations{turn}"
    return f"it was the turn of {rep}"


def _cause(tried: Tried) -> str:
    return CAUSES[next(iter(tried.reasons))][0]


def _counts(won: Tried) -> str:
    """`2 others were outside office hours, 1 was at capacity`."""
    causes = [(cause, len(reps)) for cause, reps in _ordered(won.reasons) if cause not in _ROUTINE]
    parts = [f"{count} {CAUSES[cause][count > 1]}" for cause, count in causes]
    if parts:
        count = causes[0][1]
        parts[0] = parts[0].replace(f"{count} ", f"{count} {'others' if count > 1 else 'other'} ", 1)
    return ", ".join(parts)


def _ordered(reasons: Mapping[str, tuple[int, ...]]) -> list[tuple[str, tuple[int, ...]]]:
    return [(cause, reasons[cause]) for cause in CAUSES if reasons.get(cause)]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _verdict(verdict: Verdict | Mapping[str, Any]) -> Verdict:
    return verdict if isinstance(verdict, Verdict) else decode(verdict)
