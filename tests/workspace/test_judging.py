"""Fit and dispute on the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from leadrouting.assignments.models import Dispute, Feedback
from leadrouting.teams.models import User
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


def page_of(response) -> str:
    return response.content.decode()


def test_the_owner_rates_and_takes_it_back(scene, as_):
    client, at = as_(scene.priya), f"/leads/{scene.lead.pk}/"
    refused = client.post(f"{at}rate/", {"fit": "2", "reason": ""})
    assert refused.status_code == 422 and "Say why it does not fit" in page_of(refused)
    assert client.post(f"{at}rate/", {"fit": "9"}).status_code == 422
    page = page_of(client.post(f"{at}rate/", {"fit": "2", "reason": "<Small>"}, follow=True))
    assert "Fit: 2 of 5. &lt;Small&gt;" in " ".join(page.split())
    assert "Fit: 2 of 5" in [one.title for one in client.get(at).context["file"].timeline]
    page = page_of(client.post(f"{at}unrate/", follow=True))
    assert "Fit: 2" not in page and not Feedback.objects.exists()


def test_a_dispute_reaches_the_manager_on_the_team_page_and_the_rule(scene, as_, client):
    at = f"/leads/{scene.lead.pk}/"
    priya, mira = as_(scene.priya), as_(scene.mira)
    stamp = mira.get("/team/").context["stamp"]
    refused = priya.post(f"{at}disagree/", {"reason": "other", "other": " "})
    assert refused.status_code == 422 and "in your own words" in page_of(refused)
    page = page_of(
        priya.post(f"{at}disagree/", {"reason": "other", "other": "My cousin", "rather": "Tom"}, follow=True)
    )
    assert "Your manager has been told." in page and "Take it back" in page
    team = mira.get("/team/")
    assert team.context["stamp"] != stamp
    assert "My cousin" in page_of(team) and "Should be with: Tom" in page_of(team)
    assert "My cousin" in page_of(mira.get(at))
    ops = as_(world.user("Olga", role=User.Role.OPS))
    rule = scene.lead.decisions.get().rule_id
    assert "My cousin" in page_of(ops.get(f"/admin/rules/rule/{rule}/change/"))
    assert "My cousin" in page_of(ops.get(f"/admin/assignments/dispute/?rule={rule}"))
    assert "My cousin" not in page_of(ops.get(f"/admin/assignments/dispute/?rule={rule + 1}"))
    said = page_of(mira.post(f"{at}settle/", {"right": "no", "answer": "I see", "back": "team"}, follow=True))
    assert "Priya Raghunathan has been told." in said and "My cousin" not in said
    page = page_of(priya.get(at))
    assert "The rule is to be changed" in page and "I see" in page


def test_others_see_none_of_it(scene, as_):
    at = f"/leads/{scene.lead.pk}/"
    as_(scene.priya).post(f"{at}disagree/", {"reason": "Wrong language"})
    assert Dispute.objects.count() == 1
    for person in (scene.tom, world.user(role=User.Role.MANAGER)):
        client = as_(person)
        for act in ("rate", "unrate", "disagree", "withdraw", "settle"):
            assert client.post(f"{at}{act}/", {"right": "yes"}).status_code == 404
    other = as_(world.user(role=User.Role.MANAGER))
    assert "Wrong language" not in page_of(other.get("/team/"))
    assert as_(scene.priya).post(f"{at}settle/", {"right": "yes"}).status_code == 409
    assert as_(scene.mira).post(f"{at}rate/", {"fit": "5"}).status_code == 409
    assert Dispute.objects.get().state == "open"


def test_the_page_costs_the_same_for_many(scene, as_, django_assert_max_num_queries):
    assignment, client = scene.lead.assignments.get(), as_(scene.priya)
    client.get(f"/leads/{scene.lead.pk}/")
    for hour in range(20):
        Dispute.objects.create(
            assignment=assignment,
            reason="x",
            made_at=timezone.now() - timedelta(hours=hour),
            state="withdrawn",
            settled_at=timezone.now(),
        )
    with django_assert_max_num_queries(31):
        client.get(f"/leads/{scene.lead.pk}/")


def test_a_dispute_is_withdrawn_from_the_page(scene, as_):
    client, at = as_(scene.priya), f"/leads/{scene.lead.pk}/"
    client.post(f"{at}disagree/", {"reason": "other", "other": "My cousin"})
    assert f'action="{at}withdraw/"' in client.get(at).content.decode()
