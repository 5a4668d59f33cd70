"""Why a lead went where it went, in sentences, from what the decisions stored."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from enum import Enum, auto
from typing import Any

from leadrouting.assignments.models import Decision
from leadrouting.engine.model import StepKind
from leadrouting.engine.sentences import Names, explain, why_sentence
from leadrouting.engine.words import capital
from leadrouting.teams.models import Pool, Queue, Rep, Territory

BY_HAND = {
    Decision.Cause.REASSIGN: "Reassigned by {actor}",
    Decision.Cause.DECLINE: "Declined by {actor}",
    Decision.Cause.BREACH: "The deadline was missed",
    Decision.Cause.RETURN: "Somebody who is known enquired again",
}


def encoded(decision: Decision) -> dict[str, Any]:
    """The decision as `engine.record.encode` wrote it."""
    return {
        "lead": decision.lead_id,
        "rule": decision.rule_id,
        "step": decision.step,
        "rep": decision.rep_id,
        "queue": decision.queue_id,
        "tried": decision.tried,
        "passed_cap": decision.passed_cap,
    }


def sentences(decisions: Sequence[Decision]) -> dict[int, str]:
    """One line for each decision, by its key; three queries for any number."""
    names = names_for(decisions)
    return {decision.pk: sentence(decision, names) for decision in decisions}


class Told(Enum):
    """How a decision came about, as far as telling it goes."""

    BY_HAND = auto()  # somebody chose the rep
    PAST_ITS_LADDER = auto()  # too many deadlines were missed: nobody was asked, and the reason says so
    ENTERED = auto()  # who entered it keeps it, as its campaign says
    TAKEN = auto()  # the rep took it as the next of a queue, which the reason names
    LEFT_TO_PEOPLE = auto()  # the routing of its campaign, which the reason names, is switched off
    BY_POLICY = auto()  # its SLA policy names where it goes after a missed deadline
    MOVED_ON = auto()  # routed once more, because something happened
    CAME_BACK = auto()  # somebody who is known enquired again: it goes to who had it, or who stands in
    FOUND_WAITING = auto()  # somebody can take it at last, and the reason says how long that took
    ROUTED = auto()


NO_RULE = (Told.BY_HAND, Told.ENTERED, Told.BY_POLICY, Told.TAKEN, Told.LEFT_TO_PEOPLE, Told.CAME_BACK)
"""How decisions are told that asked no rule."""


def told(decision: Decision) -> Told:
    if decision.cause == Decision.Cause.REASSIGN:
        return Told.BY_HAND
    if decision.cause == Decision.Cause.ENTERED:
        return Told.ENTERED
    if decision.cause == Decision.Cause.TAKE:
        return Told.TAKEN
    if decision.cause == Decision.Cause.UNROUTED:
        return Told.LEFT_TO_PEOPLE
    if decision.cause == Decision.Cause.BREACH and decision.rule_id is not None and not decision.tried:
        return Told.PAST_ITS_LADDER
    if decision.cause == Decision.Cause.BREACH and decision.rule_id is None and decision.tried:
        return Told.BY_POLICY
    if decision.cause == Decision.Cause.RETURN and decision.rule_id is None and decision.tried:
        return Told.CAME_BACK
    if decision.cause == Decision.Cause.SWEEP and decision.reason:
        return Told.FOUND_WAITING
    return Told.MOVED_ON if decision.cause in BY_HAND else Told.ROUTED


def sentence(decision: Decision, names: Names) -> str:
    match told(decision):
        case Told.BY_HAND:
            there = (
                names.rep(decision.rep_id)
                if decision.rep_id
                else capital(names.queue(decision.queue_id or 0))
            )
            return f"{there}, {because(decision)}."
        case Told.CAME_BACK:
            return f"{because(decision)}."
        case Told.ENTERED:
            who = names.rep(decision.rep_id or 0)
            return f"{who} entered it by hand and keeps it, as the campaign “{decision.reason}” says."
        case Told.TAKEN:
            return f"{names.rep(decision.rep_id or 0)} took it from queue “{decision.reason}”: it was the next in turn."
        case Told.PAST_ITS_LADDER:
            return f"{because(decision)}. It waits in {names.queue(decision.queue_id or 0)}."
        case Told.BY_POLICY:
            rep, queue = decision.rep_id, names.queue(decision.queue_id or 0)
            there = f"It went to {names.rep(rep)}, who is the backup" if rep else f"It waits in {queue}"
            return f"{because(decision)}. {there}."
        case Told.LEFT_TO_PEOPLE:
            return left_to_people(decision.reason, names.queue(decision.queue_id or 0))
        case Told.MOVED_ON:
            return f"{because(decision)}. {why_sentence(encoded(decision), names)}"
        case Told.FOUND_WAITING:
            return f"{why_sentence(encoded(decision), names)} {had_waited(decision)}"
        case Told.ROUTED:
            return why_sentence(encoded(decision), names)


def left_to_people(campaign: str, queue: str) -> str:
    return (
        f"Routing is switched off for the campaign “{campaign}”, so it waits in {queue} for somebody to give it "
        "to a rep by hand."
    )


def had_waited(decision: Decision) -> str:
    return f"It had waited for {decision.reason} until somebody could take it."


def because(decision: Decision) -> str:
    """Who or what moved the lead, and the reason that was given."""
    if decision.cause == Decision.Cause.RETURN and decision.reason:
        return capital(decision.reason.rstrip("."))
    said = BY_HAND[Decision.Cause(decision.cause)].format(actor=decision.actor or "somebody")
    if decision.cause == Decision.Cause.REASSIGN:
        said = said[0].lower() + said[1:]
    return f"{said}: {decision.reason.rstrip('.')}" if decision.reason else said


def explanation(decision: Decision, names: Names | None = None) -> list[str]:
    """The whole story of one decision, step by step. `names`: when they have been read already."""
    names = names or names_for([decision])
    if (how := told(decision)) in NO_RULE:
        return [sentence(decision, names)]
    lines = explain(encoded(decision), names)
    if how is Told.PAST_ITS_LADDER:
        return [lines[0], sentence(decision, names)]
    if how is Told.FOUND_WAITING:
        return [*lines, had_waited(decision)]
    return [f"{because(decision)}.", *lines] if how is Told.MOVED_ON else lines


def names_for(decisions: Collection[Decision]) -> Names:
    reps: set[int] = set()
    pools: set[int] = set()
    queues: set[int] = set()
    rules: dict[int, str] = {}
    for decision in decisions:
        reps |= {decision.rep_id} if decision.rep_id else set()
        queues |= {decision.queue_id} if decision.queue_id else set()
        if decision.rule_id is not None:
            rules[decision.rule_id] = decision.rule_name
        for tried in decision.tried:
            {StepKind.POOL: pools, StepKind.QUEUE: queues}.get(tried["kind"], reps).add(tried["id"])
            for members in tried.get("reasons", {}).values():
                reps |= set(members)
            if absent := tried.get("stands_in"):
                reps |= {absent["for"], *absent.get("via", ())}
    return Names(
        reps={rep.pk: str(rep.user) for rep in Rep.objects.filter(pk__in=reps).select_related("user")},
        pools=dict(Pool.objects.filter(pk__in=pools).values_list("id", "name")),
        queues=dict(Queue.objects.filter(pk__in=queues).values_list("id", "name")),
        rules=rules,
        territories=territories_of(decisions),
    )


def territories_of(decisions: Iterable[Decision]) -> dict[str, str]:
    """Names by code of those that belong to a pool that was asked. One query, and only when there are any."""
    codes = {tried["territory"] for one in decisions for tried in one.tried if "territory" in tried}
    return dict(Territory.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}
