"""A verdict in plain sentences, from the verdict alone and a lookup of names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from leadrouting.engine.model import OWNERS, StepKind
from leadrouting.engine.record import decode
from leadrouting.engine.roster import READY, Strategy, Why
from leadrouting.engine.tongue import say, say_many
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
    lost = [tried for tried in verdict.tried if tried is not won and not _same_pool(tried, won)]
    why = join([_missed(tried, names) for tried in lost])
    if verdict.queue is not None:
        there = capital(names.queue(verdict.queue))
        if verdict.held and lost[-1].wait:
            why = say("{missed} yet; it waits for up to {minutes} before it goes on").format(
                missed=why, minutes=minutes(lost[-1].wait)
            )
        elif not why and won is not None:
            why = say("the rule sends it there")
        elif not why:
            why = say("no rule matched") if verdict.rule is None else say("the rule names nobody")
    else:
        there = names.rep(verdict.rep or 0)
        parts = [_how(verdict, names), why, _counts(won, names) if won else ""]
        why = "; ".join([part for part in parts if part])
    if verdict.rule is None:
        return f"{there}: {why}."
    return say("{there}, by {rule}: {why}.").format(there=there, rule=names.rule(verdict.rule), why=why)


def explain(verdict: Verdict | Mapping[str, Any], names: Names) -> list[str]:
    """The rule, then each step of the ladder with the names for each cause, then where the lead went."""
    verdict = _verdict(verdict)
    lines = [say("No rule matched.")]
    if verdict.rule is not None:
        lines = [say("{rule} matched.").format(rule=capital(names.rule(verdict.rule)))]
    for tried in verdict.tried:
        lines += [_step(tried, names), *_passed_on(tried, names)]
        if tried.territory:
            said = say("The {territory} belongs to the pool {pool}.")
            lines.append(said.format(territory=names.territory(tried.territory), pool=names.pool(tried.id)))
        if tried.kind == StepKind.POOL:
            lines += [f"{_who_did(tried, cause, reps, names)}." for cause, reps in ordered(tried.reasons)]
        if tried.after_hours:
            said = say("{rep} is outside office hours, which do not count for this pool.")
            lines.append(said.format(rep=capital(names.rep(tried.picked or 0))))
        lines += _waiting(tried)
    if verdict.passed_cap:
        said = say("{rep} was at capacity, which this step ignores.")
        lines.append(said.format(rep=capital(names.rep(verdict.rep or 0))))
    if verdict.held:
        lines.append(say("Until then it is in {queue}.").format(queue=names.queue(verdict.queue or 0)))
    elif verdict.step is None:
        lines.append(say("The catch-all took it: {queue}.").format(queue=names.queue(verdict.queue or 0)))
    return lines


def _how(verdict: Verdict, names: Names) -> str:
    won = verdict.won
    how = say("named by the rule")
    if won is not None:
        if won.strategy is not None:
            strategy = say(STRATEGY_NAMES[won.strategy])
            how = say("{strategy} in {pool}").format(strategy=strategy, pool=_pool(won, names))
        elif won.stands_in is not None:
            how = _stands_in(won, names)
        elif won.kind in OWNERS:
            how = say("its {owner}").format(owner=say(OWNER_NAMES[won.kind]))
        how = _although(how, [tried for tried in verdict.tried if _same_pool(tried, won)], won, names)
    if not verdict.passed_cap:
        return how
    return say("{how}, above capacity because the rule says so").format(how=how)


def _same_pool(tried: Tried, won: Tried | None) -> bool:
    """An earlier step at who took the lead in the end: they were asked again with fewer limits, or later."""
    return won is not None and tried is not won and (tried.kind, tried.id) == (won.kind, won.id)


def _although(how: str, earlier: Sequence[Tried], won: Tried, names: Names) -> str:
    """With what kept the rep who got the lead from it on earlier steps, and how long these waited."""
    causes = [cause for tried in earlier for cause, reps in tried.reasons.items() if won.picked in reps]
    lifted = list(dict.fromkeys(LIFTED[cause] for cause in causes if cause in LIFTED))
    limits = join([say(limit) for limit in lifted])
    wait = max((tried.wait for tried in earlier), default=0)
    waited = minutes(wait)
    if lifted and wait:
        said = say("{how} once {limits} no longer counted after {minutes}")
        return said.format(how=how, limits=limits, minutes=waited)
    if lifted:
        return say("{how} once {limits} no longer counted").format(how=how, limits=limits)
    return say("{how} after {minutes}").format(how=how, minutes=waited) if wait else how


def _missed(tried: Tried, names: Names) -> str:
    """Why a step did not take the lead."""
    wait = minutes(tried.wait)
    if tried.until_opening:
        said = say("{pool} is closed and holds it until it opens")
        return said.format(pool=_pool(tried, names, inside=True))
    if tried.kind == StepKind.POOL:
        pool = _pool(tried, names, inside=True)
        if tried.wait and not tried.holds:
            return say("nobody in {pool} could take it within {minutes}").format(pool=pool, minutes=wait)
        return say("nobody in {pool} could take it").format(pool=pool)
    if tried.kind in OWNERS and not tried.id:
        return say("it has no {owner}").format(owner=say(OWNER_NAMES[tried.kind]))
    who = _named(tried, names)
    if tried.wait and not tried.holds:
        return say("{who} could not take it within {minutes}").format(who=who, minutes=wait)
    if tried.wait:
        return say("{who} could not take it").format(who=who)
    return say("{who} {did}").format(who=who, did=_cause(tried))


def _named(tried: Tried, names: Names) -> str:
    """`Ana Silva`, or `its account owner Ana Silva`; who stands in, with for whom."""
    rep = names.rep(tried.id)
    if tried.stands_in is not None:
        return say("{rep}, who {stands_in},").format(rep=rep, stands_in=_stands_in(tried, names))
    if tried.kind in OWNERS:
        return say("its {owner} {rep}").format(owner=say(OWNER_NAMES[tried.kind]), rep=rep)
    return rep


def _pool(tried: Tried, names: Names, inside: bool = False) -> str:
    """`EMEA`, or `EMEA, to which the territory “Bavaria” belongs`; `inside` a sentence that goes on."""
    if not tried.territory:
        return names.pool(tried.id)
    said = say("{pool}, to which the {territory} belongs")
    if inside:
        said = say("{pool}, to which the {territory} belongs,")
    return said.format(pool=names.pool(tried.id), territory=names.territory(tried.territory))


def _stands_in(tried: Tried, names: Names) -> str:
    """`stands in for its account owner Ana Silva, who is away until 4 May 2026`."""
    if (found := tried.stands_in) is None:
        return ""
    rep = names.rep(found.of)
    if tried.kind in OWNERS:
        whom = say("its {owner} {rep}").format(owner=say(OWNER_NAMES[tried.kind]), rep=rep)
    else:
        whom = say("{rep}, named by the rule").format(rep=rep)
    if found.why == Why.INACTIVE:
        return say("stands in for {whom}, who is not active any more").format(whom=whom)
    if not found.until:
        return say("stands in for {whom}, who is away").format(whom=whom)
    said = say("stands in for {whom}, who is away until {day}")
    return said.format(whom=whom, day=until_in_words(found.until))


def _passed_on(tried: Tried, names: Names) -> list[str]:
    """The backups who come before, but are gone as well."""
    via = tried.stands_in.via if tried.stands_in is not None else ()
    if not via:
        return []
    said = say_many(
        "{gone} would have come before, but is not there either.",
        "{gone} would have come before, but are not there either.",
        len(via),
    )
    return [said.format(gone=_reps(via, names))]


def _waiting(tried: Tried) -> list[str]:
    if tried.until_opening:
        return [say("The pool is closed, and holds its leads until it opens: no other step is tried.")]
    if not tried.wait:
        return []
    said = say("Its wait of {minutes} for this step was over.")
    if tried.holds:
        said = say("It waits here for up to {minutes} before the next step is tried.")
    return [said.format(minutes=minutes(tried.wait))]


def _step(tried: Tried, names: Names) -> str:
    number = tried.step + 1
    if tried.kind != StepKind.POOL:
        return say("Step {number}: {what}.").format(number=number, what=_asked(tried, names))
    pool, outcome = names.pool(tried.id), _outcome(tried, names)
    if tried.strategy is None:
        return say("Step {number}, {pool}: {outcome}.").format(number=number, pool=pool, outcome=outcome)
    return say("Step {number}, {pool}, {strategy}: {outcome}.").format(
        number=number, pool=pool, strategy=say(STRATEGY_NAMES[tried.strategy]), outcome=outcome
    )


def _asked(tried: Tried, names: Names) -> str:
    """What came of a step that names a queue, or a rep."""
    if tried.kind == StepKind.QUEUE:
        return say("{queue} takes every lead").format(queue=names.queue(tried.id))
    if tried.kind in OWNERS and not tried.id and tried.stands_in is None:
        return say("it has no {owner}").format(owner=say(OWNER_NAMES[tried.kind]))
    if tried.picked:
        said = say("{who} could take it")
        if tried.stands_in is not None:
            said = say("{who} {stands_in}, and could take it")
        elif tried.kind == StepKind.REP:
            said = say("{who} is named and could take it")
        who = names.rep(tried.id) if tried.stands_in is not None else _named(tried, names)
        return said.format(who=who, stands_in=_stands_in(tried, names))
    said = say("{who} {did}")
    if tried.stands_in is None and tried.kind == StepKind.REP:
        said = say("{who} is named but {did}")
    return said.format(who=_named(tried, names), did=_cause(tried))


def _outcome(tried: Tried, names: Names) -> str:
    if tried.picked is None:
        return say("nobody could take it") if tried.reasons else say("it has no members")
    rep, tie = names.rep(tried.picked), Why.NOT_THEIR_TURN in tried.reasons
    if not tie and not {Why.MORE_LOADED, Why.MORE_UTILISED} & tried.reasons.keys():
        return say("only {rep} could take it").format(rep=rep)
    if tried.strategy is None or not tried.strategy.by_load:
        return say("it was the turn of {rep}").format(rep=rep)
    least = say("{rep} had the fewest open conversations")
    if tried.strategy == Strategy.LEAST_UTILISED:
        least = say("{rep} had the smallest share of their limit in use")
    turn = say("it was their turn among those who tie")
    return f"{least.format(rep=rep)}; {turn}" if tie else least.format(rep=rep)


def _reps(reps: Sequence[int], names: Names) -> str:
    return capital(join([names.rep(rep) for rep in reps]))


def _who_did(tried: Tried, cause: str, reps: Sequence[int], names: Names) -> str:
    said = did(cause, len(reps), tried.language)
    return say("{who} {did}").format(who=_reps(reps, names), did=said)


def _cause(tried: Tried) -> str:
    return did(next(iter(tried.reasons)))


def _counts(won: Tried, names: Names) -> str:
    """`2 others were outside office hours, 1 was at capacity`."""
    parts: list[str] = []
    for cause, reps in ordered(won.reasons):
        if cause in READY:
            continue
        count = len(reps)
        said = say("{count} {did}")
        if not parts:
            said = say_many("{count} other {did}", "{count} others {did}", count)
        parts.append(said.format(count=count, did=did(cause, count, won.language)))
    return ", ".join(parts)


def _verdict(verdict: Verdict | Mapping[str, Any]) -> Verdict:
    return verdict if isinstance(verdict, Verdict) else decode(verdict)
