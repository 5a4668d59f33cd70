"""A lead that changes: routed again while nobody owns it; afterwards as its rule set says."""

from __future__ import annotations

from typing import Any

import pytest
from django_q.models import OrmQ

from leadrouting.assignments import ownership, proposals, tasks
from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.models import Assignment, Decision, Proposal
from leadrouting.engine.model import StepKind
from leadrouting.leads.models import Lead
from leadrouting.leads.revising import revise_lead
from leadrouting.notifications.models import Message
from leadrouting.rules.models import RuleSet
from leadrouting.rules.services import publish
from leadrouting.teams.models import Territory, User
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
    assert Proposal.objects.get().state == Proposal.State.OBSOLETE
    assert Assignment.objects.filter(lead=proposed, ended_at=None).count() == 1


def test_a_lead_that_is_closed_is_not_asked_about(office: dict[str, Any], proposed: Lead) -> None:
    ops = world.user(role=User.Role.OPS)
    ownership.close(lead_id=proposed.pk, by=ops, outcome="lost", reason="No budget", now=world.NOON)
    proposal = Proposal.objects.get()
    assert (proposal.state, proposal.settled_at) == (Proposal.State.OBSOLETE, world.NOON)


def test_a_rule_set_that_stops_asking_withdraws_what_it_asked(office: dict[str, Any], proposed: Lead) -> None:
    go(office, OnUpdate.NEVER)
    assert OrmQ.objects.filter(key="default").count() > 0
    assert tasks.review_proposals() == 0
    assert Proposal.objects.get().state == Proposal.State.OBSOLETE
    assert owner_of(proposed) == office["first"].pk


def test_a_proposal_is_withdrawn_by_an_update_too(office: dict[str, Any], proposed: Lead) -> None:
    go(office, OnUpdate.NEVER)
    revise_lead(lead_id=proposed.pk, region="FR-75")
    assert Proposal.objects.get().state == Proposal.State.OBSOLETE


def test_publishing_something_else_leaves_it_open(office: dict[str, Any], proposed: Lead) -> None:
    world.rule(office["rules"], office["first"], when=[("country", "is", "AT")], name="Austria")
    go(office, OnUpdate.PROPOSE)
    assert tasks.review_proposals() == 1
    assert Proposal.objects.get().version.is_live
    assert Message.objects.filter(kind=Message.Kind.PROPOSAL).count() == 1


def test_what_is_taken_is_asked_again_first(office: dict[str, Any], proposed: Lead) -> None:
    """The rule that was proposed is gone: nothing moves for a reason that is not so."""
    manager = office["team"].manager
    office["rules"].rules.get(name="France").delete()
    germans = office["rules"].rules.get(name="Germany")
    germans.conditions.update(value="DE, FR", operator="is_any_of")
    go(office, OnUpdate.PROPOSE)
    with pytest.raises(Refused, match="have changed since this was proposed"):
        proposals.take(lead_id=proposed.pk, by=manager, now=world.NOON)
    assert Proposal.objects.get().state == Proposal.State.OBSOLETE
    assert owner_of(proposed) == office["first"].pk


def test_another_rule_is_proposed_instead_of_one_that_is_gone(office: dict[str, Any], proposed: Lead) -> None:
    manager = office["team"].manager
    others = office["rules"].rules.get(name="France").targets.get().pool
    office["rules"].rules.get(name="France").delete()
    world.rule(office["rules"], others, when=[("country", "is", "FR")], name="The French")
    go(office, OnUpdate.PROPOSE)
    with pytest.raises(Refused, match="Look at the lead again"):
        proposals.take(lead_id=proposed.pk, by=manager, now=world.NOON)
    assert [one.rule_name for one in proposals.open_for(manager)] == ["The French"]
    proposals.take(lead_id=proposed.pk, by=manager, now=world.NOON)
    newest = Decision.objects.filter(lead=proposed).latest("pk")
    assert (newest.reason, newest.rep_id) == ("The rule “The French” matches it now", office["second"].pk)


def test_what_only_the_rules_have_changed_moves_nobody(office: dict[str, Any]) -> None:
    go(office, OnUpdate.BEFORE_ACCEPTANCE)
    lead = world.lead(country="DE")
    others = office["rules"].rules.get(name="France").targets.get().pool
    office["rules"].rules.get(name="Germany").targets.update(pool=others)
    go(office, OnUpdate.BEFORE_ACCEPTANCE)
    revise_lead(lead_id=lead.pk, city="Ulm")
    assert owner_of(lead) == office["first"].pk


def test_a_change_that_leads_back_to_its_owner_moves_nothing(office: dict[str, Any]) -> None:
    """By today's rules Germany is with the others; Austria is where the lead is."""
    go(office, OnUpdate.BEFORE_ACCEPTANCE)
    lead = world.lead(country="DE")
    germans, others = (
        office["rules"].rules.get(name=name).targets.get().pool for name in ("Germany", "France")
    )
    office["rules"].rules.get(name="Germany").targets.update(pool=others)
    world.rule(office["rules"], germans, when=[("country", "is", "AT")], name="Austria")
    go(office, OnUpdate.BEFORE_ACCEPTANCE)
    revise_lead(lead_id=lead.pk, country="AT")
    assert Decision.objects.filter(lead=lead).count() == 1


def test_the_same_targets_in_another_rule_set_are_the_same(office: dict[str, Any]) -> None:
    go(office, OnUpdate.BEFORE_ACCEPTANCE)
    lead = world.lead(country="DE")
    germans = office["rules"].rules.get(name="Germany").targets.get().pool
    office["rules"] = world.rule_set(name="The new one")
    world.rule(office["rules"], germans, when=[("country", "is", "DE")], name="Germany again")
    go(office, OnUpdate.BEFORE_ACCEPTANCE)
    revise_lead(lead_id=lead.pk, region="DE-BE")
    assert Decision.objects.filter(lead=lead).count() == 1


def test_another_territory_is_elsewhere_for_its_owners_step(office: dict[str, Any]) -> None:
    for country, owner in (("DE", office["first"]), ("FR", office["second"])):
        Territory.objects.create(code=country.lower(), name=country, countries=[country], owner=owner)
    office["rules"].rules.all().delete()
    world.rule(office["rules"], StepKind.TERRITORY_OWNER, name="Territories")
    go(office, OnUpdate.BEFORE_ACCEPTANCE)
    lead = world.lead(country="DE")
    assert owner_of(lead) == office["first"].pk
    revise_lead(lead_id=lead.pk, country="FR")
    assert owner_of(lead) == office["second"].pk


def test_who_has_it_may_keep_it_when_the_new_rule_leads_there_too(office: dict[str, Any]) -> None:
    """Another rule with other targets, of which the present owner is the only one."""
    world.rule(office["rules"], office["first"], when=[("country", "is", "AT")], name="Austria")
    go(office, OnUpdate.BEFORE_ACCEPTANCE)
    lead = world.lead(country="DE")
    revise_lead(lead_id=lead.pk, country="AT")
    assert owner_of(lead) == office["first"].pk
