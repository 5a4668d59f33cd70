"""POST activities/: what telephone and mail systems report."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from leadrouting.leads.models import Activity, Lead
from tests.api.conftest import LEADS

pytestmark = pytest.mark.django_db(transaction=True)
PATH = "/api/v1/activities/"


@pytest.fixture
def lead(cast) -> Lead:
    made = cast.client("service").post(LEADS, {"name": "Max", "external_id": "crm-7"})
    return Lead.objects.get(pk=made.json()["id"])


def test_a_call_is_reported(cast, lead):
    said = {
        "lead": lead.pk,
        "by": cast.ann.user.username,
        "kind": "call",
        "external_id": "c1",
        "text": "Hello",
    }
    first = cast.client("service").post(PATH, said)
    assert first.status_code == 201
    told = first.json()
    assert (told["lead"], told["kind"], told["counts"], told["note"]) == (lead.pk, "call", True, "")
    assert told["by"]["id"] == cast.ann.pk
    again = cast.client("service").post(PATH, said)
    assert (again.status_code, again.json()) == (200, told)
    assert Activity.objects.filter(kind="call").count() == 1
    assert cast.client("service").get(f"{LEADS}{lead.pk}/").json()["responded_at"] is not None


@pytest.mark.parametrize("name", ["username", "email", "pk"])
def test_people_and_leads_by_any_of_their_names(cast, lead, name):
    who = str(getattr(cast.ann.user, name)).upper()
    answer = cast.client("ops").post(PATH, {"lead_external_id": "crm-7", "by": who})
    assert answer.status_code == 201 and answer.json()["lead"] == lead.pk


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"by": "ann"}, "lead", "Say which lead it is"),
        ({"lead": 1, "lead_external_id": "x", "by": "ann"}, "lead", "Say which lead it is"),
        ({"lead": 999_999, "by": "ann"}, "lead", "There is no lead"),
        ({"lead_external_id": "none", "by": "ann"}, "lead_external_id", "There is no lead"),
        ({"lead_external_id": "crm-7", "by": "nobody"}, "by", "There is no rep"),
        ({"lead_external_id": "crm-7", "by": "nobody", "kind": "note"}, "kind", "is not one of"),
        ({"lead_external_id": "crm-7", "by": "x", "at": "noon"}, "at", "format"),
    ],
)
def test_mistakes_are_told_by_field(cast, lead, said, field, words):
    answer = cast.client("service").post(PATH, said)
    assert answer.status_code == 400
    assert words in str(answer.json()["errors"][field])
    assert not Activity.objects.exists()


def test_the_future_and_the_time_before_the_lead_are_refused(cast, lead):
    for at in (timezone.now() + timedelta(hours=1), lead.created_at - timedelta(hours=1)):
        said = {"lead": lead.pk, "by": str(cast.ann.pk), "at": at.isoformat()}
        answer = cast.client("service").post(PATH, said)
        assert answer.status_code == 409 and "with its offset" in answer.json()["detail"]


@pytest.mark.parametrize("who", ["rep", "manager", "other"])
def test_others_log_their_own(cast, lead, who):
    answer = cast.client(who).post(PATH, {"lead": lead.pk, "by": cast.ann.user.username})
    assert answer.status_code == 403
