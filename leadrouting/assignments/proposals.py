"""Changes of owner that wait for the manager's word."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from leadrouting.assignments.elsewhere import Elsewhere, elsewhere
from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.models import Assignment, Proposal
from leadrouting.assignments.orders import Cause, Order, Outcome
from leadrouting.assignments.ownership import locked, may_manage
from leadrouting.assignments.routing import route_many
from leadrouting.assignments.signals import proposed
from leadrouting.leads.models import Lead
from leadrouting.rules.models import RuleSet
from leadrouting.teams.models import User

State = Proposal.State


def renew(lead: Lead, assignment: Assignment, found: Elsewhere | None, now: datetime) -> Proposal | None:
    """Make what is proposed say what is so now (`found`). Returns the proposal that is open, if any."""
    if found is not None and found.on_update == RuleSet.OnUpdate.PROPOSE:
        return propose(lead, assignment, found, now)
    give_up(lead, now)
    return None


def propose(lead: Lead, assignment: Assignment, found: Elsewhere, now: datetime) -> Proposal | None:
    """Ask the manager once for each rule: a proposal that was refused is not made again for the same owner.

    One that is open says afterwards what is so now. Returns the one that is open, if any.
    """
    rule, name = (found.rule.id, found.rule.name) if found.rule else (None, "")
    same = Proposal.objects.filter(assignment=assignment, rule_id=rule)
    if same.filter(state=State.OPEN).update(version_id=found.version, rule_name=name):
        return same.get(state=State.OPEN)
    give_up(lead, now)
    if same.filter(state=State.REFUSED).exists():
        return None
    proposal = Proposal.objects.create(
        lead=lead,
        assignment=assignment,
        version_id=found.version,
        rule_id=rule,
        rule_name=name,
        made_at=now,
    )
    proposed.send(Proposal, proposal=proposal, now=now)
    return proposal


def give_up(lead: Lead, now: datetime) -> None:
    """What was proposed for this lead is no longer asked."""
    waiting = open_proposals().filter(lead=lead)
    waiting.update(state=State.OBSOLETE, settled_at=now)


def open_proposals() -> QuerySet[Proposal]:
    """When a lead moves on or is closed, the database itself withdraws what was proposed for it."""
    return Proposal.objects.filter(state=State.OPEN)


def open_for(user: User) -> QuerySet[Proposal]:
    """The proposals that this person may settle, oldest first."""
    waiting = open_proposals()
    if not user.is_ops:
        waiting = waiting.filter(lead__owner__team__manager=user)
    shown = waiting.select_related("lead__owner__user", "version__rule_set", "assignment")
    return shown.order_by("made_at", "id")


def take(*, lead_id: int, by: User, now: datetime) -> Outcome | None:
    """Route the lead again, if the rule that was proposed still matches it.

    Raises Refused when nothing is proposed any more, or no longer this (then the proposal is withdrawn, or says
    what is so now), NotYours.
    """
    with transaction.atomic():
        proposal = waiting_for(lead_id, by)
        found = elsewhere(proposal.lead, proposal.assignment, now)
        if found is not None and is_still(proposal, found):
            settle(proposal, State.TAKEN, by, now)
            order = Order(lead_id, Cause.REROUTE, by.pk, found.why[:200], moves_from=proposal.assignment_id)
            outcomes = route_many([order], now)
            return outcomes[0] if outcomes else None
        renew(proposal.lead, proposal.assignment, found, now)
    raise Refused("The rules or the lead have changed since this was proposed. Look at the lead again.")


def is_still(proposal: Proposal, found: Elsewhere) -> bool:
    """Whether what was proposed is what the live rules say now."""
    rule = found.rule.id if found.rule else None
    return found.on_update == RuleSet.OnUpdate.PROPOSE and rule == proposal.rule_id


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
