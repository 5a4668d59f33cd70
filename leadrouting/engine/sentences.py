"""A verdict in plain sentences, from the verdict alone and a lookup of names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from leadrouting.engine.model import OWNERS, StepKind
from leadrouting.engine.record import decode
from leadrouting.engine.roster import READY, Strategy, Why
from leadrouting.engine.verdict import Tried, Verdict
from leadrouting.engine.words import (
    CAUSES,
    LIFTED,
    OWNER_NAMES,
    STRATEGY_NAMES,
    Names,
    capital,
    did,
    join,
    minutes,
    ordered,
    until_in_words,
)

__all__ = ["CAUSES", "OWNER_NAMES", "Names", "explain", "join", "why_sentence"]


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
        if verdict.held and lost[-1].wait:
            after = f"{after} yet; it waits for up to {minutes(lost[-1].wait)} before it goes on"
        return f"{capital(names.queue(verdict.queue))}{by}: {after or direct}."
    parts = [_how(verdict, names), after, _counts(won) if won else ""]
    return f"{names.rep(verdict.rep or 0)}{by}: {'; '.join([part for part in parts if part])}."


def explain(verdict: Verdict | Mapping[str, Any], names: Names) -> list[str]:
    """The rule, then each step of the ladder with the names for each cause, then where the lead went."""
    verdict = _verdict(verdict)
    rule = verdict.rule
    lines = ["No rule matched." if rule is None else f"{capital(names.rule(rule))} matched."]
    for tried in verdict.tried:
        lines.append(f"Step {tried.step + 1}{_step(tried, names)}.")
        lines += _passed_on(tried, names)
        if tried.territory:
            lines.append(
                f"The {names.territory(tried.territory)} belongs to the pool {names.pool(tried.id)}."
            )
        if tried.kind == StepKind.POOL:
            lines += [
                f"{capital(join([names.rep(rep) for rep in reps]))} {_did(tried, cause, len(reps))}."
                for cause, reps in ordered(tried.reasons)
            ]
        if tried.after_hours:
            rep = capital(names.rep(tried.picked or 0))
            lines.append(f"{rep} is outside office hours, which do not count for this pool.")
        lines += _waiting(tried)
    if verdict.passed_cap:
        lines.append(f"{capital(names.rep(verdict.rep or 0))} was at capacity, which this step ignores.")
    if verdict.held:
        lines.append(f"Until then it is in {names.queue(verdict.queue or 0)}.")
    elif verdict.step is None:
        lines.append(f"The catch-all took it: {names.queue(verdict.queue or 0)}.")
    return lines


def _how(verdict: Verdict, names: Names) -> str:
    won = verdict.won
    how = "named by the rule"
    if won is not None:
        if won.strategy is not None:
            how = f"{STRATEGY_NAMES[won.strategy]} in {names.pool(won.id)}{_to_which(won, names)}"
        elif won.stands_in is not None:
            how = _stands_in(won, names)
        elif won.kind in OWNERS:
            how = f"its {OWNER_NAMES[won.kind]}"
        how += _although([tried for tried in verdict.tried if _same_pool(tried, won)], won)
    return f"{how}, above capacity because the rule says so" if verdict.passed_cap else how


def _same_pool(tried: Tried, won: Tried | None) -> bool:
    """An earlier step at who took the lead in the end: they were asked again with fewer limits, or later."""
    return won is not None and tried is not won and (tried.kind, tried.id) == (won.kind, won.id)


def _although(earlier: Sequence[Tried], won: Tried) -> str:
    """What kept the rep who got the lead from it on earlier steps, and how long these waited."""
    causes = [cause for tried in earlier for cause, reps in tried.reasons.items() if won.picked in reps]
    lifted = list(dict.fromkeys(LIFTED[cause] for cause in causes if cause in LIFTED))
    once = f" once {join(lifted)} no longer counted" if lifted else ""
    waited = max((tried.wait for tried in earlier), default=0)
    return f"{once} after {minutes(waited)}" if waited else once


def _missed(tried: Tried, names: Names) -> str:
    """Why a step did not take the lead."""
    within = f" within {minutes(tried.wait)}" if tried.wait and not tried.holds else ""
    if tried.until_opening:
        comma = "," if tried.territory else ""
        return f"{names.pool(tried.id)}{_to_which(tried, names)}{comma} is closed and holds it until it opens"
    if tried.kind == StepKind.POOL:
        whose = _to_which(tried, names)
        return f"nobody in {names.pool(tried.id)}{whose}{',' if whose else ''} could take it{within}"
    if tried.kind in OWNERS and not tried.id:
        return f"it has no {OWNER_NAMES[tried.kind]}"
    if tried.wait:
        return f"{_named(tried, names)} could not take it{within}"
    return f"{_named(tried, names)} {_cause(tried)}"


def _named(tried: Tried, names: Names) -> str:
    """`Ana Silva`, or `its account owner Ana Silva`; who stands in, with for whom."""
    rep = names.rep(tried.id)
    if tried.stands_in is not None:
        return f"{rep}, who {_stands_in(tried, names)},"
    return f"its {OWNER_NAMES[tried.kind]} {rep}" if tried.kind in OWNERS else rep


def _to_which(tried: Tried, names: Names) -> str:
    """`, to which the territory “Bavaria” belongs`."""
    return f", to which the {names.territory(tried.territory)} belongs" if tried.territory else ""


def _stands_in(tried: Tried, names: Names) -> str:
    """`stands in for its account owner Ana Silva, who is away until 4 May 2026`."""
    if (found := tried.stands_in) is None:
        return ""
    whom = names.rep(found.of)
    whom = f"its {OWNER_NAMES[tried.kind]} {whom}" if tried.kind in OWNERS else f"{whom}, named by the rule"
    if found.why == Why.INACTIVE:
        return f"stands in for {whom}, who is not active any more"
    until = f" until {until_in_words(found.until)}" if found.until else ""
    return f"stands in for {whom}, who is away{until}"


def _passed_on(tried: Tried, names: Names) -> list[str]:
    """The backups who come before, but are gone as well."""
    via = tried.stands_in.via if tried.stands_in is not None else ()
    if not via:
        return []
    gone = join([names.rep(rep) for rep in via])
    return [
        f"{capital(gone)} would have come before, but {'are' if len(via) > 1 else 'is'} not there either."
    ]


def _waiting(tried: Tried) -> list[str]:
    if tried.until_opening:
        return ["The pool is closed, and holds its leads until it opens: no other step is tried."]
    if not tried.wait:
        return []
    if tried.holds:
        return [f"It waits here for up to {minutes(tried.wait)} before the next step is tried."]
    return [f"Its wait of {minutes(tried.wait)} for this step was over."]


def _step(tried: Tried, names: Names) -> str:
    """The rest of a sentence that starts with `Step 2`."""
    if tried.kind == StepKind.QUEUE:
        return f": {names.queue(tried.id)} takes every lead"
    if tried.stands_in is not None:
        rep, how = names.rep(tried.id), _stands_in(tried, names)
        return f": {rep} {how}, and could take it" if tried.picked else f": {rep}, who {how}, {_cause(tried)}"
    if tried.kind == StepKind.REP:
        rep = names.rep(tried.id)
        return (
            f": {rep} is named and could take it" if tried.picked else f": {rep} is named but {_cause(tried)}"
        )
    if tried.kind in OWNERS:
        return _owner(tried, names)
    how = f", {STRATEGY_NAMES[tried.strategy]}" if tried.strategy is not None else ""
    return f", {names.pool(tried.id)}{how}: {_outcome(tried, names)}"


def _owner(tried: Tried, names: Names) -> str:
    if not tried.id:
        return f": it has no {OWNER_NAMES[tried.kind]}"
    return f": {_named(tried, names)} {'could take it' if tried.picked else _cause(tried)}"


def _outcome(tried: Tried, names: Names) -> str:
    if tried.picked is None:
        return "nobody could take it" if tried.reasons else "it has no members"
    rep, tie = names.rep(tried.picked), Why.NOT_THEIR_TURN in tried.reasons
    if not tie and not {Why.MORE_LOADED, Why.MORE_UTILISED} & tried.reasons.keys():
        return f"only {rep} could take it"
    if tried.strategy is not None and tried.strategy.by_load:
        turn = "; it was their turn among those who tie" if tie else ""
        least = "the fewest open conversations"
        if tried.strategy == Strategy.LEAST_UTILISED:
            least = "the smallest share of their limit in use"
        return f"{rep} had {least}{turn}"
    return f"it was the turn of {rep}"


def _did(tried: Tried, cause: str, count: int) -> str:
    return did(cause, count, tried.language)


def _cause(tried: Tried) -> str:
    return CAUSES[next(iter(tried.reasons))][0]


def _counts(won: Tried) -> str:
    """`2 others were outside office hours, 1 was at capacity`."""
    causes = [(cause, len(reps)) for cause, reps in ordered(won.reasons) if cause not in READY]
    parts = [f"{count} {_did(won, cause, count)}" for cause, count in causes]
    if parts:
        count = causes[0][1]
        parts[0] = parts[0].replace(f"{count} ", f"{count} {'others' if count > 1 else 'other'} ", 1)
    return ", ".join(parts)


def _verdict(verdict: Verdict | Mapping[str, Any]) -> Verdict:
    return verdict if isinstance(verdict, Verdict) else decode(verdict)
