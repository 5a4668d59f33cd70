"""Promise 3 put to the proof: stored decisions are decided again, from nothing but what they stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from leadrouting.assignments.deciding import NAMED
from leadrouting.assignments.explaining import Told, encoded, told
from leadrouting.assignments.models import Decision, Roster
from leadrouting.assignments.orders import CHOSEN
from leadrouting.assignments.rosters import roster_from
from leadrouting.engine import roster as engine
from leadrouting.engine.decide import decode, encode
from leadrouting.engine.model import Rule, Step, StepKind
from leadrouting.engine.replay import replay
from leadrouting.engine.verdict import NeedsPool, Tried, Verdict
from leadrouting.rules import live as rules

CHUNK = 500
"""Decisions whose rosters are read together."""


@dataclass(frozen=True, slots=True)
class Difference:
    """`was` and `now` are verdicts as `engine.record.encode` writes them; `now` is empty when none came out, for
    the reason `problem`."""

    decision: int
    lead: int
    was: dict[str, Any]
    now: dict[str, Any]
    problem: str = ""

    @property
    def parts(self) -> list[str]:
        """What of the verdict differs: `rule`, `step`, `rep`, `queue`, `tried`, `passed_cap`."""
        keys = dict.fromkeys([*self.was, *self.now])
        return [key for key in keys if self.was.get(key) != self.now.get(key)] if self.now else []


def differences(decisions: Iterable[Decision]) -> Iterator[Difference]:
    """Those that come out otherwise than they are stored. Queries per CHUNK: rosters, and versions not seen yet."""
    rosters: dict[int, engine.Roster] = {}
    for chunk in chunks(decisions):
        wanted = {tried["roster"] for one in chunk for tried in one.tried if tried.get("roster")}
        for stored in Roster.objects.filter(pk__in=wanted - rosters.keys()):
            rosters[stored.pk] = roster_from(stored)
        for decision in chunk:
            if (difference := difference_of(decision, rosters)) is not None:
                yield difference


def chunks(decisions: Iterable[Decision]) -> Iterator[list[Decision]]:
    chunk: list[Decision] = []
    for decision in decisions:
        chunk.append(decision)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def difference_of(decision: Decision, rosters: dict[int, engine.Roster]) -> Difference | None:
    was = encoded(decision)
    try:
        verdict = decode(was)
        again = decided_again(decision, verdict, rosters)
    except (NeedsPool, LookupError, ValueError) as error:
        problem = f"it cannot be decided from what it stored ({type(error).__name__}: {error})"
        return Difference(decision.pk, decision.lead_id, was, {}, problem)
    if again == verdict:
        return None
    return Difference(decision.pk, decision.lead_id, encode(verdict), encode(again))


def decided_again(decision: Decision, verdict: Verdict, rosters: dict[int, engine.Roster]) -> Verdict:
    """1. Match the stored facts by the stored version. 2. Go down the ladder with the stored rosters and books."""
    if (
        decision.cause == Decision.Cause.UNROUTED
    ):  # people were asked: no rule, no step, and it stays in its queue
        return Verdict(verdict.lead, None, None, None, verdict.queue, ())
    if decision.version_id is None:
        raise ValueError("it names no version")
    live = rules.load(decision.version_id)
    rule: Rule | None = None
    ladder: tuple[Step, ...] = ()
    if decision.cause in CHOSEN or told(decision) is Told.CAME_BACK:
        ladder = tuple(step for tried in verdict.tried for step in chosen(decision.cause, tried))
    elif told(decision) is Told.BY_POLICY:
        ladder = tuple(Step(tried.kind, tried.id) for tried in verdict.tried)
    else:
        rule = live.at(decision.decided_at).match(decision.facts)
        past = told(decision) is Told.PAST_ITS_LADDER
        if decision.cause == Decision.Cause.BREACH and not decision.tried and decision.rule_id is None:
            rule = None  # past its ladder, too: the first engine did not keep the rule then
        ladder = rule.ladder if rule and not past else ()
    matched = Verdict(
        verdict.lead,
        rule.id if rule else None,
        verdict.step,
        verdict.rep,
        verdict.queue,
        verdict.tried,
        verdict.passed_cap,
    )
    return replay(matched, ladder=ladder, catch_all=live.rule_set.catch_all, rosters=rosters)


def chosen(cause: str, tried: Tried) -> tuple[Step, ...]:
    """The step of an order that named a rep, or a queue."""
    if tried.kind is StepKind.QUEUE:
        return (Step(tried.kind, tried.id),)
    return NAMED[Decision.Cause(cause)](tried.id)
