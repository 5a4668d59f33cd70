"""Leads that may be one person: found when they come and at night, judged once."""

import pytest

from leadrouting.assignments import ownership
from leadrouting.assignments.services import route
from leadrouting.leads import suspects
from leadrouting.leads.bulk import Enquiry, receive_many
from leadrouting.leads.models import Lead, Suspect
from leadrouting.leads.services import receive_lead
from leadrouting.leads.tasks import find_suspects
from tests import world

pytestmark = pytest.mark.django_db


def pair(one: dict, other: dict) -> list[tuple[str, int]]:
    """What is found of the two, at night; the same when the second comes."""
    leads = [world.lead(**{"email": "", **values}) for values in (one, other)]
    suspects.find([leads[1].pk], world.NOON)
    found = list(Suspect.objects.values_list("reason", "score"))
    Suspect.objects.all().delete()
    suspects.find_all(world.NOON)
    assert list(Suspect.objects.values_list("reason", "score")) == found
    assert suspects.find_all(world.NOON) == 0
    return found


MAX = {"name": "Max Muster", "company": "Acme GmbH"}


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (MAX, {"name": "MUSTER, Max", "company": "Acme"}, "alike"),
        (MAX, {"name": "Max Müster", "company": "ACME G.m.b.H."}, "alike"),
        (MAX, {"name": "Maxim Muster", "company": "acme"}, "alike"),
        (MAX, {"name": "Max Muster", "company": "Acme EU"}, "alike"),
        (
            {
                "name": "Max Muster",
                "email": "m@acme.example",
                "email_domain": "acme.example",
                "email_kind": "business",
            },
            {
                "name": "Muster Max",
                "email": "x@acme.example",
                "email_domain": "acme.example",
                "email_kind": "business",
            },
            "domain",
        ),
        (
            {"phone": "+4930123", "email": "a@x.example"},
            {"phone": "+4930123", "email": "b@x.example"},
            "phone",
        ),
        ({"email": "a@x.example"}, {"email": "a@x.example"}, "email"),
        (MAX, {"name": "Anna Schmidt", "company": "Acme GmbH"}, None),
        (MAX, {"name": "Max Muster", "company": "Globex"}, None),
        (MAX, {"name": "Max Muster"}, None),
        ({"name": "Jo"}, {"name": "Jo"}, None),
        ({"company": "The Company"}, {"company": "GmbH & Co. KG"}, None),
        ({"phone": "+4930123"}, {"phone": "+4930124"}, None),
    ],
)
def test_what_is_alike(one, other, reason):
    found = pair(one, other)
    assert [why for why, _ in found] == ([reason] if reason else [])
    assert all(50 < score <= 100 for _, score in found)


@pytest.mark.parametrize(
    ("outcome", "email", "found"),
    [
        ("lost", "then@example.com", 1),
        ("won", "then@example.com", 0),
        ("junk", "then@example.com", 0),
        ("lost", "now@example.com", 0),  # a repeat, and known as one
    ],
)
def test_one_is_open(outcome, email, found):
    ann = world.rep()
    world.live(ann)
    before = world.lead(**{**MAX, "email": email})
    route(before.pk, now=world.NOON)
    revenue = 1 if outcome == "won" else None
    ownership.close(lead_id=before.pk, by=ann.user, outcome=outcome, now=world.NOON, revenue=revenue)
    lead = world.lead(**{**MAX, "email": "now@example.com"})
    assert suspects.find([lead.pk], world.NOON) == found


def test_found_when_they_come(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        receive_lead(now=world.NOON, **MAX)
        receive_many([Enquiry({**MAX, "email": "a@example.com"}, world.NOON)])
    found = Suspect.objects.get()
    assert (found.reason, found.score, found.found_at) == ("alike", 100, world.NOON)


def test_what_was_judged_is_not_raised_again():
    leads = [world.lead(**MAX) for _ in range(2)]
    assert find_suspects() == 1
    found, ops = Suspect.objects.get(), world.user(role="ops")
    assert suspects.of_lead(leads[0]).get() == suspects.of_lead(leads[1]).get() == found
    assert suspects.dismiss(found.pk, by=ops, now=world.NOON)
    assert not suspects.dismiss(found.pk, by=ops, now=world.NOON)
    assert find_suspects() == 0
    assert not suspects.of_lead(leads[0]).exists()


def test_what_settled_by_itself_is_forgotten():
    leads = [world.lead(**MAX) for _ in range(2)]
    find_suspects()
    ops = world.user(role="ops")
    ownership.close(lead_id=leads[0].pk, by=ops, outcome="junk", now=world.NOON)
    assert not suspects.of_lead(leads[1]).exists()
    find_suspects()
    assert not Suspect.objects.exists()


def test_a_crowd_costs_no_more_than_its_size(django_assert_num_queries):
    Lead.objects.bulk_create(Lead(name=f"Person {n:04}x", company="Huge AG") for n in range(400))
    twins = [world.lead(name="Person 0007x", company="Huge AG", email="")]
    with django_assert_num_queries(1):
        assert suspects.find([twins[0].pk], world.NOON) == 1
    assert suspects.find_all(world.NOON) == 0
