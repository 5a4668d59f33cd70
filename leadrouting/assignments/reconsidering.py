"""What an update of a lead means for its owner: one that nobody owns is routed again, one that somebody owns
stays, moves, or is proposed for a move, as its rule set says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from leadrouting.assignments.facts import COLUMNS
from leadrouting.assignments.models import Assignment, Proposal
from leadrouting.assignments.orders import Cause, Order
from leadrouting.assignments.proposals import give_up, propose
from leadrouting.assignments.routing import route_many
from leadrouting.assignments.supposing import supposed_lead
from leadrouting.engine.model import Rule
from leadrouting.leads.models import Lead
from leadrouting.rules import live as rules
from leadrouting.rules.models import RuleSet, Version

ASKED = frozenset(
    [*COLUMNS, "campaign", "account", "previous_owner", "attributes", "campaign_id", "account_id"]
)
"""Fields of a lead that rules can ask about."""
OnUpdate = RuleSet.OnUpdate


def matters(update_fields: Iterable[str] | None) -> bool:
    """Whether a save of these fields (None: of all) can change what rules see."""
    return update_fields is None or not ASKED.isdisjoint(update_fields)


@transaction.atomic
def reconsider(lead_id: int, *, now: datetime) -> Proposal | None:
    """Ask the live rules again. A lead that a person was given by hand stays with that person.

    Returns the proposal that was made, if any.
    """
    lead = Lead.objects.select_for_update(no_key=True, of=("self",)).filter(pk=lead_id).first()
    version = Version.objects.filter(is_live=True).values_list("pk", flat=True).first()
    if lead is None or not lead.is_open or version is None:
        return None
    if lead.owner_id is None:
        route_many([Order(lead.pk, Cause.SWEEP)], now)
        return None
    live = rules.load(version)
    assignment = Assignment.objects.select_related("decision").get(lead=lead, ended_at=None)
    if live.on_update == OnUpdate.NEVER or assignment.decision.cause == Cause.REASSIGN:
        return None
    rule = live.at(now).match(supposed_lead(lead, now=now).facts)
    if not is_elsewhere(rule, assignment, live):
        give_up(lead, now)
        return None
    if live.on_update == OnUpdate.PROPOSE:
        return propose(lead, assignment, version, rule, now)
    if assignment.accepted_at is None and assignment.responded_at is None:
        why = "What is known of the lead has changed"
        route_many([Order(lead.pk, Cause.REROUTE, reason=why, moves_from=assignment.pk)], now)
    return None


def is_elsewhere(rule: Rule | None, assignment: Assignment, live: rules.Live) -> bool:
    """Whether another rule matches now, and it sends to other targets than the one that gave the lead away."""
    before = assignment.decision.rule_id
    if (rule.id if rule else None) == before:
        return False
    ladder = next((known.ladder for known in live.rule_set.rules if known.id == before), None)
    return rule is None or rule.ladder != ladder
