"""A lead that a rep or manager enters by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leadrouting.assignments import replays
from leadrouting.assignments.entering import enter
from leadrouting.assignments.explaining import sentences
from leadrouting.leads.models import Campaign, Lead
from leadrouting.sla.making import make
from leadrouting.teams.models import User
from tests import world

pytestmark = pytest.mark.django_db
PATH = "/leads/new/"


@pytest.fixture
def office():
    mine, other = world.reps(2)
    world.live(other)
    make("An hour", {"respond": timedelta(hours=1)}, hours="always")
    return mine, other


def test_it_is_routed_like_any_other(client, office, django_capture_on_commit_callbacks):
    mine, other = office
    client.force_login(mine.user)
    assert "Save and route" in client.get(PATH).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(PATH, {"name": "Anna", "phone": "+49 30 123456"}, follow=True)
    lead = Lead.objects.get()
    assert (lead.owner, lead.channel, lead.phone) == (other, "manual", "+4930123456")
    assert "Anna was received" in answer.content.decode()


def test_who_enters_it_keeps_it_where_the_campaign_says_so(
    client, office, django_capture_on_commit_callbacks
):
    mine, _ = office
    fair = Campaign.objects.create(key="fair", name="Fair", keeps_entered=True)
    client.force_login(mine.user)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(PATH, {"name": "Anna", "campaign": fair.pk}, follow=True)
    lead = Lead.objects.get()
    assert lead.owner == mine and lead.clocks.count() == 1
    said = f"{mine} entered it by hand and keeps it, as the campaign “Fair” says."
    assert said in sentences(list(lead.decisions.all())).values()
    assert answer.redirect_chain[0][0] == f"/leads/{lead.pk}/" and said in answer.content.decode()
    assert (
        replays.recompute(world.NOON - timedelta(days=9), until=lead.created_at + timedelta(1)).different == 0
    )


def test_somebody_who_is_no_rep_keeps_nothing(office):
    Campaign.objects.create(key="fair", name="Fair", keeps_entered=True)
    received = enter(by=world.user(role=User.Role.OPS), now=world.NOON, name="Anna", campaign="fair")
    assert received.lead.owner is None  # it is routed when the transaction commits


def test_a_known_prospect_stays_with_the_owner(client, office, django_capture_on_commit_callbacks):
    mine, other = office
    fair = Campaign.objects.create(key="fair", name="Fair", keeps_entered=True)
    with django_capture_on_commit_callbacks(execute=True):
        enter(by=other.user, now=world.NOON, email="anna@acme.example")
    client.force_login(mine.user)
    answer = client.post(PATH, {"email": "anna@acme.example", "campaign": fair.pk}, follow=True)
    assert Lead.objects.get().owner == other
    assert "is here already, so this joined" in answer.content.decode()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "A lead needs at least one of"),
        ({"email": "anna at acme"}, "is not an e-mail address"),
        ({"name": "A", "phone": "call me"}, "is not a phone number"),
        ({"name": "A", "campaign": "999"}, "valid choice"),
    ],
)
def test_mistakes_are_told_at_their_field_and_nothing_is_lost(client, office, said, words):
    client.force_login(office[0].user)
    answer = client.post(PATH, {**said, "message": "Half an hour of notes"})
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page and "Half an hour of notes" in page
    assert not Lead.objects.exists()


def test_not_for_services_or_visitors(client, office):
    assert client.get(PATH).status_code == 302
    client.force_login(world.user(role=User.Role.SERVICE))
    assert client.get(PATH).status_code == 403
