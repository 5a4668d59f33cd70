"""Points by conditions, the reasons beside them, tiers and urgency; and scoring again from what came."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from leadrouting.assignments.scoring import score, score_open_again
from leadrouting.leads.bulk import Enquiry, receive_many
from leadrouting.leads.models import Lead
from leadrouting.leads.revising import revise_lead
from leadrouting.leads.services import receive_lead
from leadrouting.rules.models import ScoreCondition, ScoreRule, Tier
from tests import world
from tests.admin.conftest import as_ops, client_of, ops  # noqa: F401

pytestmark = pytest.mark.django_db


def rule(name: str, points: int, *when: tuple[str, str, str], **values: Any) -> ScoreRule:
    made = ScoreRule.objects.create(name=name, points=points, **values)
    for position, (fact, operator, value) in enumerate(when):
        ScoreCondition.objects.create(
            score_rule=made, position=position, fact=fact, operator=operator, value=value
        )
    return made


@pytest.fixture
def points() -> None:
    rule("Asked for a demo", 40, ("behaviour_events", "includes_any", "demo"))
    rule("Writes from a company", 25, ("email_kind", "is", "business"))
    rule("Throw-away address", -60, ("email_kind", "is", "disposable"))
    Tier.objects.create(name="hot", from_points=60, urgency="now")
    Tier.objects.create(name="warm", from_points=20)


def scored(**values: Any) -> Lead:
    lead = Lead(name="Anna", email_kind=values.pop("email_kind", "business"), created_at=world.NOON, **values)
    score([lead])
    return lead


def test_every_rule_that_fits_counts_and_says_so(points):
    lead = scored(behaviour_events=["demo", "pricing"])
    assert (lead.score, lead.tier, lead.urgency) == (65, "hot", "now")
    assert lead.score_reasons == [[40, "Asked for a demo"], [25, "Writes from a company"]]
    assert lead.original == {
        "score": {"from": "score", "was": None},
        "tier": {"from": "score", "was": ""},
        "urgency": {"from": "score", "was": ""},
    }


def test_points_can_be_taken_away(points):
    lead = scored(email_kind="disposable")
    assert (lead.score, lead.tier, lead.score_reasons) == (-60, "", [[-60, "Throw-away address"]])


def test_what_came_with_the_lead_counts(points):
    lead = scored(score=50, tier="platinum", urgency="later", behaviour_events=["demo"])
    assert (lead.score, lead.tier, lead.urgency) == (115, "platinum", "now")
    assert lead.score_reasons[0] == [50, "As it came"]
    assert lead.original["score"] == {"from": "score", "was": 50}
    assert "tier" not in lead.original


def test_scoring_twice_changes_nothing(points):
    lead = scored(score=50, behaviour_events=["demo"])
    before = {name: getattr(lead, name) for name in ("score", "tier", "urgency", "score_reasons", "original")}
    score([lead])
    assert {name: getattr(lead, name) for name in before} == before


def test_scoring_again_starts_from_what_came(points):
    lead = scored(score=50, behaviour_events=["demo"])
    lead.behaviour_events = []
    score([lead])
    assert (lead.score, lead.tier, lead.urgency) == (75, "hot", "now")
    ScoreRule.objects.all().delete()
    score([lead])
    assert (lead.score, lead.tier, lead.urgency, lead.original, lead.score_reasons) == (50, "", "", {}, [])


def test_without_rules_nothing_is_touched():
    lead = scored(score=7)
    assert (lead.score, lead.score_reasons, lead.original) == (7, [], {})


def test_filter_logic_and_switched_off(points):
    rule("Either", 5, ("country", "is", "DE"), ("country", "is", "AT"), logic="1 OR 2")
    rule("Off", 500, is_active=False)
    assert scored(country="AT").score == 30


def test_a_rule_that_cannot_be_read_keeps_no_lead_away(points):
    rule("Broken", 9, ("no_such_fact", "is", "x"))
    assert scored().score == 25


def test_open_leads_are_scored_again_and_closed_ones_left(points):
    open_one = Lead.objects.create(name="Open", email="a@acme.example", email_kind="business")
    assert score_open_again() >= 1
    open_one.refresh_from_db()
    assert (open_one.score, open_one.tier) == (25, "warm")
    assert score_open_again() == 0


def test_one_query_for_any_number(points, django_assert_num_queries):
    leads = [Lead(name=f"Lead {n}", email_kind="business", created_at=world.NOON) for n in range(50)]
    score(leads[:1])
    with django_assert_num_queries(1):
        score(leads)


def test_the_pages(as_ops, points):  # noqa: F811
    shown = as_ops.get(reverse("admin:rules_scorerule_changelist")).content.decode()
    assert "Asked for a demo" in shown and "+40" in shown and "E-mail kind is Business" in shown
    assert as_ops.get(reverse("admin:rules_tier_changelist")).status_code == 200
    again = reverse("admin:rules_scorerule_again")
    assert "Score them again" in as_ops.get(again).content.decode()
    assert "are being scored again" in as_ops.post(again, follow=True).content.decode()
    form = as_ops.get(reverse("admin:rules_scorerule_add")).content.decode()
    assert 'id="fact-guide"' in form


def test_every_entrance_scores(points):
    alone = receive_lead(now=world.NOON, name="Anna", email="anna@acme.example").lead
    (many,) = receive_many([Enquiry({"name": "Ben", "email": "ben@acme.example"}, world.NOON)])
    assert (alone.score, many.lead.score, Lead.objects.get(pk=many.lead.pk).score) == (25, 25, 25)
    receive_lead(now=world.NOON, email="anna@acme.example", behaviour_events=["demo"])
    alone.refresh_from_db()
    assert (alone.score, alone.tier) == (65, "hot")


def test_what_people_correct_stays(points):
    lead = receive_lead(now=world.NOON, name="Anna", email="anna@acme.example").lead
    revise_lead(lead_id=lead.pk, tier="platinum", score=10)
    lead.refresh_from_db()
    assert (lead.score, lead.tier) == (35, "platinum")
    revise_lead(lead_id=lead.pk, behaviour_events=["demo"])
    lead.refresh_from_db()
    assert (lead.score, lead.tier, lead.urgency) == (75, "platinum", "now")
