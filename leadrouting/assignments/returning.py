"""Somebody who is known enquires again: the lead stays with its owner, goes to the backup, or is routed afresh."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from psycopg.types.range import TimestamptzRange

from leadrouting.assignments.models import Assignment
from leadrouting.assignments.orders import Cause, Order
from leadrouting.assignments.routing import route_many
from leadrouting.engine.roster import Why
from leadrouting.engine.words import until_in_words
from leadrouting.leads.enums import Status
from leadrouting.leads.identity import Return
from leadrouting.leads.models import Lead
from leadrouting.leads.models.lead import GRACE
from leadrouting.teams.backups import back_at, gone
from leadrouting.teams.models import INTAKE
from leadrouting.teams.snapshot import People, people_now

logger = logging.getLogger(__name__)

SOON = timedelta(hours=24)
"""Whoever is back by then keeps an open lead, unless the absence itself names who stands in."""


@dataclass(frozen=True, slots=True)
class Plan:
    """To whom a lead goes by name (None: the rules say), and why, in a part of a sentence."""

    back: Return
    to: int | None
    why: str
    moves_from: int | None = None

    def order(self, *, to: int | None, why: str) -> Order:
        return Order(
            self.back.lead,
            Cause.RETURN,
            reason=f"the prospect {why}"[:200],
            to=to,
            moves_from=self.moves_from,
            if_unowned=self.moves_from is None,
            if_taken=to is not None,
            quiet=self.back.quiet,
        )


def welcome(returns: Sequence[Return]) -> None:
    """Called in the transaction of the enquiries, with the leads locked.

    1. Reopened leads leave the closed ones and lie in the intake queue, so that none can be lost. 2. Whatever goes to
    somebody by name does so at once. 3. The rest is routed by the rules on commit, and by the sweep if that fails.
    """
    held = {
        one.lead_id: one
        for one in Assignment.objects.filter(lead__in=[one.lead for one in returns], ended_at=None)
    }
    for back in returns:
        if back.reopens:
            take_back(back.lead, held.get(back.lead), back.at)
    people = people_now()
    plans = [plan for back in returns if (plan := planned(back, held.get(back.lead), people))]
    unasked = [back.lead for back in returns if not (back.reopens or back.quiet or back.lead in held)]
    if unasked:
        not_yet_routed(unasked, latest(returns))
    left = [plan for plan in plans if plan.to is None]
    left += [plan for plan in go_by_name(plans) if plan.moves_from is None]
    if left:
        orders = [plan.order(to=None, why=plan.why) for plan in left]
        transaction.on_commit(lambda: route_afresh(orders, latest(plan.back for plan in left)), robust=True)


def take_back(lead: int, last: Assignment | None, at: datetime) -> None:
    """Out of the closed ones, or of another lead: the span of its last owner ends, and it lies in the intake queue."""
    if last is not None:
        end = max(at, last.started_at + timedelta.resolution)
        Assignment.objects.filter(pk=last.pk).update(
            period=TimestamptzRange(last.started_at, end), end=Assignment.End.CLOSED
        )
    Lead.objects.filter(pk=lead).update(
        status=Status.RECEIVED,
        owner=None,
        queue=INTAKE,
        queued_at=at,
        queue_steps=0,
        route_at=at + GRACE,
        closed_at=None,
        lost_reason="",
        merged_into=None,
        updated_at=at,
    )


def planned(back: Return, held: Assignment | None, people: People) -> Plan | None:
    """None: the lead stays where it is."""
    if back.reopens:
        return coming_back(back, held, people)
    if held is None or back.quiet:
        return None
    owner, name = people.reps[held.rep_id], people.reps[held.rep_id].name
    if (why := gone(owner, back.at)) is Why.INACTIVE:
        return Plan(back, None, f"wrote again, and {name} has left", held.pk)
    if why is None or not needs_stand_in(held.rep_id, people, back.at):
        return None
    found = people.stand_in(held.rep_id, back.at)
    if found is None:
        return None
    return Plan(back, found.rep, f"wrote again, and {away(held.rep_id, found.rep, people, back.at)}", held.pk)


def needs_stand_in(rep: int, people: People, at: datetime) -> bool:
    """The absence itself names somebody, or it lasts longer than a prospect should wait."""
    owner, wall = people.reps[rep], people.reps[rep].wall(at)
    if any(begin <= wall < end and backup is not None for begin, end, backup in owner.absences):
        return True
    back = owner.back_at(at)
    return back is None or back - at > SOON


def coming_back(back: Return, held: Assignment | None, people: People) -> Plan:
    came = f"came back {days_in_words(back.days)} the lead was lost"
    if held is None:
        return Plan(back, None, came)
    rep, name = held.rep_id, people.reps[held.rep_id].name
    match gone(people.reps[rep], back.at):
        case None:
            return Plan(back, rep, f"{came}: it stays with {name}")
        case Why.INACTIVE:
            return Plan(back, None, f"{came}, and {name}, who had it, has left")
    found = people.stand_in(rep, back.at)
    if found is None:
        return Plan(back, None, f"{came}, {name} is away, and nobody stands in")
    return Plan(back, found.rep, f"{came}, and {away(rep, found.rep, people, back.at)}")


def away(rep: int, backup: int, people: People, at: datetime) -> str:
    until = back_at(people.reps[rep], at, Why.ABSENT)
    how_long = f" until {until_in_words(until)}" if until else ""
    return f"{people.reps[rep].name} is away{how_long}: {people.reps[backup].name} stands in"


def days_in_words(days: int) -> str:
    return "on the day when" if not days else "a day after" if days == 1 else f"{days} days after"


def go_by_name(plans: Sequence[Plan]) -> list[Plan]:
    """Those who cannot take it now (away for a while, busy, full) pass it on; returned with why. A failure here must
    not lose the enquiry: what it leaves goes by the rules."""
    named = [plan for plan in plans if plan.to is not None]
    if not named:
        return []
    taken: set[int] = set()
    try:
        with transaction.atomic():
            orders = [plan.order(to=plan.to, why=plan.why) for plan in named]
            taken.update(outcome.lead for outcome in route_many(orders, latest(plan.back for plan in named)))
    except Exception:
        logger.exception("Leads that came back are left to the rules")
        taken.clear()
    return [
        replace(plan, to=None, why=f"{plan.why.partition(': ')[0]}, and they could not take it")
        for plan in named
        if plan.back.lead not in taken
    ]


def not_yet_routed(leads: Sequence[int], now: datetime) -> None:
    """Leads that came a moment ago: whoever commits first routes them, so that every answer names the owner."""
    new = list(Lead.objects.filter(pk__in=leads, status=Status.RECEIVED).values_list("pk", flat=True))
    if new:
        transaction.on_commit(lambda: route_afresh([Order(lead) for lead in new], now), robust=True)


def latest(returns: Iterable[Return]) -> datetime:
    return max(back.at for back in returns)


def route_afresh(orders: Sequence[Order], now: datetime) -> None:
    route_many(orders, now)
