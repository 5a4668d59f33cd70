"""What people do with a lead: accept, decline, respond, reassign, close. Each is one transaction.

Lock order everywhere: lead, then the rest. All instants are UTC and passed in. All raise Refused, or NotYours.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.giving import give_back_junk
from leadrouting.assignments.meanwhile import still
from leadrouting.assignments.models import Assignment, Load
from leadrouting.assignments.orders import Cause, Order, Outcome
from leadrouting.assignments.routing import route_many
from leadrouting.assignments.signals import accepted, answered, attempted, closed
from leadrouting.leads.enums import CLOSED, Status
from leadrouting.leads.models import Activity, Lead
from leadrouting.teams.models import Rep, User


@transaction.atomic
def accept(*, lead_id: int, by: User, now: datetime) -> Lead:
    """The owner takes the lead on. A second time changes nothing."""
    lead, assignment = owned(lead_id, by)
    if assignment.accepted_at is None:
        accepted.send(Assignment, assignment=assignment, now=now)
        Assignment.objects.filter(pk=assignment.pk).update(accepted_at=now)
        note(lead, Activity.Kind.ACCEPTED, by, now)
    if lead.status == Status.ASSIGNED:
        advance(lead, Status.ACCEPTED)
    return lead


@transaction.atomic
def decline(*, lead_id: int, by: User, reason: str, now: datetime, handover: str = "") -> Outcome | None:
    """The owner passes the lead on, with a note to the next owner if there is one; it goes to the next who can
    take it.

    The owner's turn is given back if the pool says so, in the transaction that routes the lead.
    """
    lead, assignment = owned(lead_id, by)
    if not reason.strip():
        raise Refused("Say why you decline: the reason goes with the lead.")
    note(lead, Activity.Kind.DECLINED, by, now, reason)
    hand_over(lead, by, now, handover)
    return moved(Order(lead.pk, Cause.DECLINE, by.pk, reason.strip()[:200], moves_from=assignment.pk), now)


@transaction.atomic
def respond(
    *, lead_id: int, by: User, now: datetime, kind: str = Activity.Kind.RESPONSE, text: str = ""
) -> Lead:
    """The owner has written to the prospect: stops the clocks that run and writes the timeline. A call that nobody
    answered does so only where the SLA policy counts attempts."""
    lead, assignment = owned(lead_id, by)
    note(lead, kind, by, now, text)
    if kind == Activity.Kind.ATTEMPT and not counts(assignment, now):
        return lead
    answered.send(Assignment, assignment=assignment, now=now)
    first_response(assignment, now)
    go_on(lead, kind)
    return lead


def first_response(assignment: Assignment, at: datetime) -> None:
    """The earliest answer counts, in whatever order we hear of them; to answer is to accept."""
    if assignment.responded_at is None or at < assignment.responded_at:
        assignment.responded_at = at
        assignment.accepted_at = min(assignment.accepted_at or at, at)
        Assignment.objects.filter(pk=assignment.pk).update(
            responded_at=at, accepted_at=assignment.accepted_at
        )


def go_on(lead: Lead, kind: str) -> None:
    """The stage that the lead reaches by this."""
    if kind == Activity.Kind.MEETING:
        advance(lead, Status.MEETING)
    elif lead.status in (Status.ASSIGNED, Status.ACCEPTED):
        advance(lead, Status.CONTACTED)


def counts(assignment: Assignment, now: datetime) -> bool:
    """Whether an attempt is an answer."""
    return any(yes for _, yes in attempted.send(Assignment, assignment=assignment, now=now))


@transaction.atomic
def reassign(
    *, lead_id: int, to: Rep, by: User, reason: str, now: datetime, handover: str = "", seen: str = ""
) -> Outcome | None:
    """A manager or ops gives the lead to a named rep, whatever the hour and the load, with a note if there is one.
    Moves no rotation. `seen` is the lead `as_seen` by who moves it: refused when it has changed since."""
    lead = locked(lead_id)
    if seen:
        still(lead, seen)
    if not may_manage(lead, by):
        raise NotYours("Only the team's manager or sales ops can reassign a lead.")
    if not reason.strip():
        raise Refused("Say why the lead moves: the reason is kept with it.")
    if not to.is_active:
        raise Refused(f"{to} is not active. Choose somebody who is.")
    if not by.is_ops and to.team.manager_id != by.pk:
        raise NotYours(f"{to} is not in your team. Ask sales ops to move the lead there.")
    if lead.owner_id == to.pk:
        raise Refused(f"{to} has this lead already.")
    hand_over(lead, by, now, handover)
    return moved(Order(lead.pk, Cause.REASSIGN, by.pk, reason.strip()[:200], to=to.pk), now)


@transaction.atomic
def close(
    *, lead_id: int, by: User, outcome: str, now: datetime, revenue: Decimal | None = None, reason: str = ""
) -> Lead:
    """Won (with revenue), lost or junk. Frees the owner's capacity and ends the clocks."""
    lead = locked(lead_id)
    if lead.owner_id != by.pk and not may_manage(lead, by):
        raise NotYours("Only the owner, the team's manager or sales ops can close a lead.")
    if why := why_not_closed(lead, outcome, revenue):
        raise Refused(why)
    entry = written(lead, outcome, now, revenue, reason, by)
    lead.save(update_fields=["status", "closed_at", "route_at", "revenue", "lost_reason", "updated_at"])
    if lead.owner_id is not None:
        if outcome == Status.JUNK:
            give_back_junk([lead.pk])
        Load.objects.filter(pk=lead.owner_id).update(open=F("open") - 1)
    entry.save()
    closed.send(Lead, ended={lead.pk: now})
    return lead


def why_not_closed(lead: Lead | None, outcome: str, revenue: Decimal | None) -> str:
    """Empty when nothing is in the way."""
    if lead is None or not lead.is_open:
        return gone(lead)
    if outcome not in CLOSED:
        return "The outcome is won, lost or junk."
    if lead.owner_id is None and outcome == Status.WON:
        return "Nobody owns this lead yet. Assign it before it is won."
    if outcome == Status.WON and (revenue is None or revenue < 0):
        return "A won lead needs its revenue, zero or more."
    return ""


def gone(lead: Lead | None) -> str:
    if lead is None:
        return "This lead does not exist."
    return f"This lead is closed already ({lead.get_status_display().lower()})."


def written(
    lead: Lead, outcome: str, at: datetime, revenue: Decimal | None, reason: str, by: User
) -> Activity:
    """Its outcome is set, and the entry for its timeline made, with how the lead stood before; nothing is saved."""
    before = {"status": str(lead.status), "was_due": lead.route_at is not None}
    lead.status, lead.closed_at, lead.route_at = outcome, at, None
    lead.revenue = revenue if outcome == Status.WON else None
    lead.lost_reason = reason.strip()[:200] if outcome != Status.WON else ""
    return Activity(
        lead=lead,
        kind=Activity.Kind.OUTCOME,
        actor=by,
        at=at,
        text=said(lead, reason).strip(),
        details={"before": before},
    )


def said(lead: Lead, reason: str) -> str:
    result = lead.get_status_display()
    detail = f"{lead.revenue:,.2f}" if lead.revenue is not None else reason.strip()
    return f"{result}: {detail}" if detail else result


def may_manage(lead: Lead, by: User) -> bool:
    if by.is_ops:
        return True
    if by.role != User.Role.MANAGER:
        return False
    if lead.owner is not None:
        return lead.owner.team.manager_id == by.pk
    return lead.queue is not None and lead.queue.is_led_by(by)


def locked(lead_id: int) -> Lead:
    """The lead, locked; refused when it is gone or closed."""
    lead = lock(lead_id)
    if lead is None or not lead.is_open:
        raise Refused(gone(lead))
    return lead


def lock(lead_id: int) -> Lead | None:
    """Open or closed, with its owner's team and its queue, by which it is known who may manage it."""
    rows = Lead.objects.select_for_update(no_key=True, of=("self",)).select_related("owner__team", "queue")
    lead = rows.filter(pk=lead_id).first()
    if lead and ((lead.owner_id and not lead.owner) or (lead.queue_id and not lead.queue)):
        # It moved while the lock was waited for: PostgreSQL joins the new row with the owner and queue of before.
        lead.refresh_from_db(fields=["owner", "queue"])
    return lead


def owned(lead_id: int, by: User) -> tuple[Lead, Assignment]:
    lead = locked(lead_id)
    if lead.owner_id is None or lead.owner_id != by.pk:
        raise NotYours(whose(lead, by))
    return lead, Assignment.objects.select_related("decision").get(lead=lead, ended_at=None)


def whose(lead: Lead, by: User) -> str:
    if lead.owner_id is None:
        return "Nobody owns this lead yet."
    if Assignment.objects.filter(lead=lead, rep=by.pk).exists():
        return "This lead is not yours any more: somebody else owns it now."
    return "This lead is not yours: somebody else owns it."


def advance(lead: Lead, status: str) -> None:
    lead.status = status
    lead.save(update_fields=["status", "updated_at"])


def hand_over(lead: Lead, by: User, now: datetime, text: str) -> None:
    """What the next owner reads first."""
    if text.strip():
        note(lead, Activity.Kind.HANDOVER, by, now, text)


def note(lead: Lead, kind: str, by: User, now: datetime, text: str = "") -> None:
    Activity.objects.create(lead=lead, kind=kind, actor=by, at=now, text=text.strip())


def moved(order: Order, now: datetime) -> Outcome | None:
    outcomes = route_many([order], now)
    return outcomes[0] if outcomes else None
