"""Whose leads are and how they ended, as a file says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from leadrouting.assignments import ownership
from leadrouting.assignments.careful import routed
from leadrouting.assignments.closing import Ended, close_past
from leadrouting.assignments.errors import Refused
from leadrouting.assignments.orders import Cause, Order
from leadrouting.intake.importing.fates import IMPORTED, KNOWN, REJECTED, Fate, Options
from leadrouting.intake.importing.files import Row
from leadrouting.intake.importing.history import Given
from leadrouting.leads.models import Lead
from leadrouting.teams.models import User

GIVEN = "Owner as in the imported file"


def outcomes_of(rows: Sequence[tuple[Row, Given | None, Lead | None]], options: Options) -> list[Fate]:
    """Rows that say what became of leads that are here."""
    fates: list[Fate] = []
    wanted: list[tuple[Row, Lead, Given]] = []
    for row, given, lead in rows:
        if lead is None:
            fates.append(
                Fate(row, REJECTED, problem="There is no lead with this id. Import the leads first.")
            )
        elif given is None or not (given.outcome or given.owner):
            fates.append(Fate(row, REJECTED, lead.pk, "It says neither an owner nor an outcome."))
        elif not lead.is_open and lead.status != given.outcome:
            closed = lead.get_status_display().lower()
            fates.append(Fate(row, REJECTED, lead.pk, f"The lead is closed already ({closed})."))
        elif not lead.is_open or not (given.outcome or moves(lead, given, options)):
            fates.append(Fate(row, KNOWN, lead.pk))
        else:
            wanted.append((row, lead, given))
    route_each([(lead, given) for _, lead, given in wanted if moves(lead, given, options)], options)
    problems = ended([(lead, given) for _, lead, given in wanted], options)
    return fates + [
        Fate(row, REJECTED if lead.pk in problems else IMPORTED, lead.pk, problems.get(lead.pk, ""))
        for row, lead, _ in wanted
    ]


def moves(lead: Lead, given: Given, options: Options) -> bool:
    return bool(given.owner) and options.rep(given.owner) != lead.owner_id


def route_each(leads: Sequence[tuple[Lead, Given | None]], options: Options) -> None:
    """Those with a given owner go there, whatever the hour and the load; the others where the rules say. History as of
    the day of each; given owners wait for no day of their own."""
    for at, orders in by_moment(leads, options):
        routed(orders, at)


def by_moment(
    leads: Sequence[tuple[Lead, Given | None]], options: Options
) -> Iterator[tuple[datetime, list[Order]]]:
    moment, orders = options.now, list[Order]()
    for lead, given in leads:
        order = order_of(lead, given, options)
        asks_rules, day = order.to is None, lead.created_at if options.historical else options.now
        if asks_rules and day != moment:
            if orders:
                yield moment, orders
            moment, orders = day, []
        orders.append(order)
    if orders:
        yield moment, orders


def order_of(lead: Lead, given: Given | None, options: Options) -> Order:
    if given is None or not given.owner:
        return Order(lead.pk, Cause.ARRIVAL, quiet=options.historical)
    return Order(
        lead.pk,
        Cause.REASSIGN,
        actor=options.by.pk if options.by else None,
        reason=GIVEN,
        to=options.rep(given.owner),
        quiet=options.historical,
        at=lead.created_at if options.historical else None,
    )


def ended(told: Sequence[tuple[Lead, Given]], options: Options) -> dict[int, str]:
    """Close them as the file says, none before it began; history set-based, and nobody hears of it. Returns by lead why
    it could not be closed."""
    endings = [
        Ended(
            lead.pk,
            given.outcome,
            max(given.closed_at or options.now, lead.created_at),
            given.revenue,
            given.reason,
        )
        for lead, given in told
        if given.outcome
    ]
    if not endings:
        return {}
    if options.by is None:
        return {
            one.lead: "Its outcome was left out: nobody in sales ops is there to enter it." for one in endings
        }
    if options.historical:
        problems = close_past(endings, by=options.by, now=options.now)
    else:
        problems = {one.lead: why for one in endings if (why := closed_now(one, options.by))}
    return {lead: f"Its outcome could not be entered: {why}" for lead, why in problems.items()}


def closed_now(one: Ended, by: User) -> str:
    """Why it could not be closed; who listens hears of it."""
    try:
        ownership.close(
            lead_id=one.lead, by=by, outcome=one.outcome, now=one.at, revenue=one.revenue, reason=one.reason
        )
    except Refused as refusal:
        return str(refusal)
    return ""
