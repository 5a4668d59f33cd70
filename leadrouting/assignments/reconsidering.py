"""What an update of a lead means for its owner: one that nobody owns is routed again, one that somebody owns
stays, moves, or is proposed for a move, as its rule set says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from leadrouting.assignments.elsewhere import elsewhere
from leadrouting.assignments.facts import COLUMNS
from leadrouting.assignments.models import Assignment, Proposal
from leadrouting.assignments.orders import Cause, Order
from leadrouting.assignments.proposals import open_proposals, renew
from leadrouting.assignments.routing import route_many
from leadrouting.leads.models import Lead
from leadrouting.rules.models import RuleSet

ASKED = frozenset(
    [*COLUMNS, "campaign", "account", "previous_owner", "attributes", "campaign_id", "account_id"]
)
"""Fields of a lead that rules can ask about."""
CHANGED = "What is known of the lead has changed"


def matters(update_fields: Iterable[str] | None) -> bool:
    """Whether a save of these fields (None: of all) can change what rules see."""
    return update_fields is None or not ASKED.isdisjoint(update_fields)


@transaction.atomic
def reconsider(lead_id: int, *, now: datetime) -> Proposal | None:
    """Ask the live rules again. A lead that a person was given by hand stays with that person.

    Returns the proposal that is open afterwards, if any.
    """
    lead = Lead.objects.select_for_update(no_key=True, of=("self",)).filter(pk=lead_id).first()
    if lead is None or not lead.is_open:
        return None
    if lead.owner_id is None:
        route_many([Order(lead.pk, Cause.SWEEP)], now)
        return None
    assignment = Assignment.objects.select_related("decision").get(lead=lead, ended_at=None)
    found = elsewhere(lead, assignment, now)
    proposal = renew(lead, assignment, found, now)
    is_theirs = assignment.accepted_at is not None or assignment.responded_at is not None
    if found is not None and found.on_update == RuleSet.OnUpdate.BEFORE_ACCEPTANCE and not is_theirs:
        route_many([Order(lead.pk, Cause.REROUTE, reason=CHANGED, moves_from=assignment.pk)], now)
    return proposal


def review(*, now: datetime) -> int:
    """Other rules are live: ask them about every proposal that is open. Returns how many stay open."""
    waiting = open_proposals().order_by("pk").values_list("pk", flat=True)
    return sum(still_asked(proposal, now) for proposal in list(waiting))


@transaction.atomic
def still_asked(proposal_id: int, now: datetime) -> bool:
    lead = Lead.objects.select_for_update(no_key=True, of=("self",)).get(proposals=proposal_id)
    proposal = Proposal.objects.select_related("assignment__decision").get(pk=proposal_id)
    if proposal.state != Proposal.State.OPEN:
        return False
    return renew(lead, proposal.assignment, elsewhere(lead, proposal.assignment, now), now) is not None
