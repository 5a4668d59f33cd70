"""A proposed change of owner, on the manager's page and on the lead's."""

from __future__ import annotations

from typing import Any

import pytest

from leadrouting.assignments.models import Proposal
from leadrouting.assignments.reconsidering import reconsider
from leadrouting.leads.models import Lead
from leadrouting.rules.models import Condition, RuleSet, Version
from leadrouting.rules.services import publish
from tests.workspace.scenes import Scene


@pytest.fixture
def proposal(scene: Scene) -> Proposal:
    """The rule that gave the lead away matches it no more, and the rule set asks before it moves anything."""
    rules = Version.objects.get(is_live=True).rule_set
    for rule in rules.rules.all():
        Condition.objects.create(rule=rule, position=99, fact="score", operator="is_blank")
    rules.on_update = RuleSet.OnUpdate.PROPOSE
    rules.save()
    publish(rule_set=rules, by=None, now=scene.now)
    Lead.objects.filter(pk=scene.lead.pk).update(score=10)
    made = reconsider(scene.lead.pk, now=scene.now)
    assert made is not None
    return made


def test_the_manager_sees_it_and_routes_the_lead_again(scene: Scene, proposal: Proposal, as_: Any) -> None:
    client = as_(scene.mira)
    for page in ("/team/", f"/leads/{scene.lead.pk}/"):
        assert "until you decide" in client.get(page).content.decode()
    answer = client.post(f"/leads/{scene.lead.pk}/reroute/", {"back": "team"}, follow=True)
    assert "Routed again." in answer.content.decode()
    assert answer.redirect_chain[-1][0] == "/team/"
    assert Proposal.objects.get().state == Proposal.State.TAKEN
    assert "until you decide" not in client.get("/team/").content.decode()


def test_the_manager_leaves_it(scene: Scene, proposal: Proposal, as_: Any) -> None:
    answer = as_(scene.mira).post(f"/leads/{scene.lead.pk}/keep/", follow=True)
    assert "stays with Priya Raghunathan." in answer.content.decode()
    assert Lead.objects.get(pk=scene.lead.pk).owner_id == scene.priya.pk


def test_the_second_click_is_told(scene: Scene, proposal: Proposal, as_: Any) -> None:
    client = as_(scene.mira)
    client.post(f"/leads/{scene.lead.pk}/keep/")
    answer = client.post(f"/leads/{scene.lead.pk}/reroute/")
    assert answer.status_code == 409
    assert "Nothing is proposed for this lead any more" in answer.content.decode()


def test_a_rep_neither_sees_nor_settles_it(scene: Scene, proposal: Proposal, as_: Any) -> None:
    client = as_(scene.priya)
    assert "until you decide" not in client.get(f"/leads/{scene.lead.pk}/").content.decode()
    assert client.post(f"/leads/{scene.lead.pk}/reroute/").status_code == 409
    assert Proposal.objects.get().state == Proposal.State.OPEN
