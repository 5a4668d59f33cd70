"""A lead that changes: routed again while nobody owns it; afterwards as its rule set says."""

from __future__ import annotations

from typing import Any

import pytest

from leadrouting.assignments import ownership, proposals
from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.models import Assignment, Decision, Proposal
from leadrouting.leads.models import Lead
from leadrouting.leads.revising import revise_lead
from leadrouting.notifications.models import Message
from leadrouting.rules.models import RuleSet
from leadrouting.rules.services import publish
from leadrouting.teams.models import User
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)
OnUpdate = RuleSet.OnUpdate


@pytest.fixture
def office() -> dict[str, Any]:
    team = world.team("Sales")
    first, second = world.reps(2, team=team)
    germans, others = world.pool(first, name="Germans"), world.pool(second, name="Others")
    rules = world.rule_set()
    world.rule(rules, germans, when=[("country", "is", "DE")], name="Germany")
    world.rule(rules, others, when=[("country", "is", "FR")], name="France")
    return {"rules": rules, "first": first, "second": second, "team": team}


def go(office: dict[str, Any], on_update: str) -> None:
    office["rules"].on_update = on_update
    office["rules"].save()
    publish(rule_set=office["rules"], by=None, now=world.NOON)


def owner_of(lead: Lead) -> int | None:
    return Lead.objects.values_list("owner", flat=True).get(pk=lead.pk)


def test_a_lead_that_nobody_owns_is_routed_again(office: dict[str, Any]) -> None:
    go(office, OnUpdate.NEVER)
    lead = world.lead(country="ES")
    assert owner_of(lead) is None
    revise_lead(lead_id=lead.pk, country="DE")
    assert owner_of(lead) == office["first"].pk


def test_a_plain_save_counts_too_and_one_of_other_fields_does_not(
    office: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    go(office, OnUpdate.NEVER)
    lead = world.lead(country="ES")
    lead.refresh_from_db()
    with django_assert_max_num_queries(3):  # begin, update, commit: nothing is asked
        lead.message = "Hello"
        lead.save(update_fields=["message"])
    lead.country = "FR"
    lead.save()
    assert owner_of(lead) == office["second"].pk


def test_never_means_that_the_owner_keeps_it(office: dict[str, Any]) -> None:
    go(office, OnUpdate.NEVER)
    lead = world.lead(country="DE")
    revise_lead(lead_id=lead.pk, country="FR")
    assert owner_of(lead) == office["first"].pk
    assert not Proposal.objects.exists()


def test_before_acceptance_it_moves_and_afterwards_it_stays(office: dict[str, Any]) -> None:
    go(office, OnUpdate.BEFORE_ACCEPTANCE)
    lead = world.lead(country="DE")
    revise_lead(lead_id=lead.pk, country="FR")
    assert owner_of(lead) == office["second"].pk
    newest = Decision.objects.filter(lead=lead).first()
    assert newest is not None and newest.cause == Decision.Cause.REROUTE
    ownership.accept(lead_id=lead.pk, by=office["second"].user, now=world.NOON)
    revise_lead(lead_id=lead.pk, country="DE")
    assert owner_of(lead) == office["second"].pk


def test_a_change_that_leads_to_the_same_targets_moves_nothing(office: dict[str, Any]) -> None:
    germans = office["rules"].rules.get(name="Germany").targets.get().pool
    world.rule(office["rules"], germans, when=[("country", "is", "AT")], name="Austria")
    go(office, OnUpdate.BEFORE_ACCEPTANCE)
    lead = world.lead(country="DE")
    revise_lead(lead_id=lead.pk, country="AT")
    assert Decision.objects.filter(lead=lead).count() == 1


def test_who_was_chosen_by_hand_stays(office: dict[str, Any]) -> None:
    go(office, OnUpdate.BEFORE_ACCEPTANCE)
    lead = world.lead(country="DE")
    ops = world.user(role=User.Role.OPS)
    ownership.reassign(lead_id=lead.pk, to=office["second"], by=ops, reason="Knows them", now=world.NOON)
    revise_lead(lead_id=lead.pk, country="DE", region="DE-BE")
    assert owner_of(lead) == office["second"].pk


@pytest.fixture
def proposed(office: dict[str, Any]) -> Lead:
    go(office, OnUpdate.PROPOSE)
    lead = world.lead(country="DE")
    revise_lead(lead_id=lead.pk, country="FR")
    return lead


def test_the_manager_is_asked_once(office: dict[str, Any], proposed: Lead) -> None:
    assert owner_of(proposed) == office["first"].pk
    proposal = Proposal.objects.get()
    assert (proposal.rule_name, proposal.state) == ("France", Proposal.State.OPEN)
    revise_lead(lead_id=proposed.pk, region="FR-75")
    assert Proposal.objects.count() == 1
    told = Message.objects.filter(kind=Message.Kind.PROPOSAL)
    assert [message.recipient_id for message in told] == [office["team"].manager_id]


def test_the_manager_takes_it(office: dict[str, Any], proposed: Lead) -> None:
    manager = office["team"].manager
    assert [one.lead_id for one in proposals.open_for(manager)] == [proposed.pk]
    proposals.take(lead_id=proposed.pk, by=manager, now=world.NOON)
    assert owner_of(proposed) == office["second"].pk
    assert Proposal.objects.get().state == Proposal.State.TAKEN
    assert not proposals.open_for(manager).exists()
    with pytest.raises(Refused, match="Nothing is proposed"):
        proposals.take(lead_id=proposed.pk, by=manager, now=world.NOON)


def test_the_manager_refuses_and_is_not_asked_again(office: dict[str, Any], proposed: Lead) -> None:
    manager = office["team"].manager
    proposals.refuse(lead_id=proposed.pk, by=manager, now=world.NOON)
    revise_lead(lead_id=proposed.pk, region="FR-75")
    assert owner_of(proposed) == office["first"].pk
    assert not proposals.open_for(manager).exists()


def test_a_change_back_takes_the_question_away(office: dict[str, Any], proposed: Lead) -> None:
    revise_lead(lead_id=proposed.pk, country="DE")
    assert Proposal.objects.get().state == Proposal.State.OBSOLETE


def test_nobody_else_settles_it(office: dict[str, Any], proposed: Lead) -> None:
    other = world.team("Other").manager
    assert not proposals.open_for(other).exists()
    for who in (other, office["first"].user):
        with pytest.raises(NotYours):
            proposals.take(lead_id=proposed.pk, by=who, now=world.NOON)


def test_a_lead_that_moved_on_is_not_asked_about(office: dict[str, Any], proposed: Lead) -> None:
    ops = world.user(role=User.Role.OPS)
    ownership.reassign(lead_id=proposed.pk, to=office["second"], by=ops, reason="Away", now=world.NOON)
    assert not proposals.open_for(ops).exists()
    assert Assignment.objects.filter(lead=proposed, ended_at=None).count() == 1


def test_who_has_it_may_keep_it_when_the_new_rule_leads_there_too(office: dict[str, Any]) -> None:
    """Another rule with other targets, of which the present owner is the only one."""
    world.rule(office["rules"], office["first"], when=[("country", "is", "AT")], name="Austria")
    go(office, OnUpdate.BEFORE_ACCEPTANCE)
    lead = world.lead(country="DE")
    revise_lead(lead_id=lead.pk, country="AT")
    assert owner_of(lead) == office["first"].pk
