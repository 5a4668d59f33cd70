"""Changes of owner that wait for the manager's word."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.models import Assignment, Proposal
from leadrouting.assignments.orders import Cause, Order, Outcome
from leadrouting.assignments.ownership import locked, may_manage
from leadrouting.assignments.routing import route_many
from leadrouting.assignments.signals import proposed
from leadrouting.engine.model import Rule
from leadrouting.leads.models import Lead
from leadrouting.teams.models import User

State = Proposal.State


def propose(
    lead: Lead, assignment: Assignment, version: int, rule: Rule | None, now: datetime
) -> Proposal | None:
    """Ask the manager once for each rule: a proposal that was refused is not made again for the same owner."""
    key = rule.id if rule else None
    earlier = Proposal.objects.filter(assignment=assignment, rule_id=key)
    if earlier.filter(state__in=[State.OPEN, State.REFUSED]).exists():
        return None
    give_up(lead, now)
    proposal = Proposal.objects.create(
        lead=lead,
        assignment=assignment,
        version_id=version,
        rule_id=key,
        rule_name=rule.name if rule else "",
        made_at=now,
    )
    proposed.send(Proposal, proposal=proposal, now=now)
    return proposal


def give_up(lead: Lead, now: datetime) -> None:
    """What was proposed for this lead is no longer asked."""
    waiting = Proposal.objects.filter(lead=lead, state=State.OPEN)
    waiting.update(state=State.OBSOLETE, settled_at=now)


def open_for(user: User) -> QuerySet[Proposal]:
    """The proposals that this person may settle, oldest first; those whose lead has moved on are left out."""
    waiting = Proposal.objects.filter(state=State.OPEN, assignment__ended_at=None, lead__closed_at=None)
    if not user.is_ops:
        waiting = waiting.filter(lead__owner__team__manager=user)
    return waiting.select_related("lead__owner__user", "version__rule_set").order_by("made_at", "id")


@transaction.atomic
def take(*, lead_id: int, by: User, now: datetime) -> Outcome | None:
    """Route the lead again. Raises Refused when nothing is proposed any more, NotYours."""
    proposal = waiting_for(lead_id, by)
    settle(proposal, State.TAKEN, by, now)
    why = (
        f"The rule “{proposal.rule_name}” matches it now"
        if proposal.rule_id
        else "No rule matches it any more"
    )
    order = Order(lead_id, Cause.REROUTE, by.pk, why[:200], moves_from=proposal.assignment_id)
    outcomes = route_many([order], now)
    return outcomes[0] if outcomes else None


@transaction.atomic
def refuse(*, lead_id: int, by: User, now: datetime) -> Proposal:
    """The lead stays with its owner. Raises Refused when nothing is proposed any more, NotYours."""
    proposal = waiting_for(lead_id, by)
    settle(proposal, State.REFUSED, by, now)
    return proposal


def waiting_for(lead_id: int, by: User) -> Proposal:
    lead = locked(lead_id)
    if not may_manage(lead, by):
        raise NotYours("Only the team's manager or sales ops can decide about this lead.")
    proposal = open_for(by).filter(lead=lead).first()
    if proposal is None:
        raise Refused(
            "Nothing is proposed for this lead any more: somebody has settled it, or it has moved on."
        )
    return proposal


def settle(proposal: Proposal, state: str, by: User, now: datetime) -> None:
    proposal.state, proposal.settled_by, proposal.settled_at = state, by, now
    proposal.save(update_fields=["state", "settled_by", "settled_at"])
