"""A lead that was just given to somebody by hand goes back to where it was, while nothing else has happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from leadrouting.assignments.errors import Refused
from leadrouting.assignments.models import Assignment, Decision
from leadrouting.assignments.orders import Cause, Order, Outcome
from leadrouting.assignments.ownership import locked, may_manage, moved, reassign
from leadrouting.leads.models import Activity, Lead
from leadrouting.teams.models import User

REMEMBERED = timedelta(minutes=1)
"""So long somebody who moved a lead is offered to take it back."""


@dataclass(frozen=True, slots=True)
class Move:
    """`made` gave the lead to a rep by hand, `before` says where it was."""

    made: Decision
    before: Decision


def latest_move(by: User, now: datetime) -> Move | None:
    """What this person moved last, if it can still be taken back. Four queries at most."""
    made = (
        Decision.objects.filter(actor=by, cause=Cause.REASSIGN, decided_at__gt=now - REMEMBERED)
        .only("pk", "lead_id")
        .first()
    )
    if made is None:
        return None
    found = move_of(made.lead_id)
    return found if found is not None and found.made.pk == made.pk and not why_not(found, by) else None


def move_of(lead_id: int) -> Move | None:
    """The lead's latest decision, and the one before. One that led back to where the lead had been is no move."""
    newest = list(
        Decision.objects.filter(lead=lead_id)
        .select_related("lead__owner__team", "lead__queue", "rep__user", "rep__team", "queue")
        .defer("facts", "tried", "lead__message", "lead__attributes")[:3]
    )
    if len(newest) < 2:
        return None
    made, before, *earlier = newest
    went_back = any(
        before.cause == Cause.REASSIGN and before.actor_id == made.actor_id and place(one) == place(made)
        for one in earlier
    )
    return None if went_back else Move(made, before)


def place(decision: Decision) -> tuple[int | None, int | None]:
    return decision.rep_id, decision.queue_id


def why_not(move: Move, by: User) -> str:
    """Empty when the move can be taken back. Two queries."""
    lead, made = move.made.lead, move.made
    if made.actor_id != by.pk or made.cause != Cause.REASSIGN or made.rep_id is None:
        return _("{lead} was moved by somebody else meanwhile.").format(lead=lead)
    if not lead.is_open or lead.owner_id != made.rep_id:
        return _("{lead} has moved on meanwhile, so it stays where it is.").format(lead=lead)
    untouched = Assignment.objects.filter(pk=made.pk, ended_at=None, accepted_at=None, responded_at=None)
    acts = Activity.objects.filter(lead=lead, at__gt=made.decided_at, actor__isnull=False)
    if not untouched.exists() or acts.exists():
        said = _("{rep} has begun to work on {lead}, so it stays there. Reassign it if you have to.")
        return said.format(rep=made.rep, lead=lead)
    return ""


@transaction.atomic
def take_back(*, lead_id: int, decision_id: int, by: User, now: datetime) -> Outcome | None:
    """Undo one's own reassignment, which this decision was. Raises Refused once anything else has happened."""
    lead: Lead = locked(lead_id)
    move = move_of(lead_id)
    if move is None or move.made.pk != decision_id:
        raise Refused(_("{lead} has moved on meanwhile, so it stays where it is.").format(lead=lead))
    if not may_manage(lead, by):
        raise Refused(_("{lead} has left your teams, so it stays where it is.").format(lead=lead))
    if why := why_not(move, by):
        raise Refused(why)
    reason = _("Undo: {reason}").format(reason=move.made.reason)
    if move.before.rep is not None:
        return reassign(lead_id=lead_id, to=move.before.rep, by=by, reason=reason, now=now)
    order = Order(lead_id, Cause.REASSIGN, by.pk, reason[:200], to_queue=move.before.queue_id)
    return moved(order, now)
