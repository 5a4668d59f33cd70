"""Who books by a booking link of ours reaches the lead that it was sent to, whatever address they book with."""

from __future__ import annotations

from typing import Any

import pytest

from leadrouting.leads.models import Activity, Lead
from leadrouting.notifications.tags import tag
from tests.intake.readers.samples import as_bytes, connected, hexed, post, work_off
from tests.intake.readers.test_meetings import booked, event, signature

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> Lead:
    return Lead.objects.create(name="Anna", email="anna@home.example")


def tell(kind: str, named: str) -> None:
    told: dict[str, Any]
    connected(kind)
    if kind == "calendly":
        told = event("invitee.created", tracking={"utm_source": "news", "utm_content": named})
    else:
        told = booked(metadata={"lead": named})
    body = as_bytes(told)
    signed = signature(body) if kind == "calendly" else {"X-Cal-Signature-256": hexed(body)}
    assert post(kind, body, signed) == 200
    assert work_off().state == "done"


@pytest.mark.parametrize("kind", ["calendly", "cal"])
def test_it_is_booked_for_the_lead_of_the_link(lead: Lead, kind: str) -> None:
    tell(kind, tag(lead.pk))
    (said,) = Activity.objects.all()
    assert (said.lead, said.kind) == (lead, "booked")
    assert said.text == "Demo\nBooked by anna@acme.example"
    assert Lead.objects.get() == lead


@pytest.mark.parametrize("kind", ["calendly", "cal"])
def test_a_tag_that_we_did_not_make_names_nobody(lead: Lead, kind: str) -> None:
    tell(kind, f"lead-{lead.pk}-{'0' * 20}")
    other = Lead.objects.exclude(pk=lead.pk).get()
    assert other.email == "anna@acme.example" and Activity.objects.get().lead == other
    assert other.utm_content == ""


def test_a_closed_lead_is_left_in_peace(lead: Lead) -> None:
    Lead.objects.update(status="junk", closed_at="2026-01-01T00:00:00Z", route_at=None)
    tell("calendly", tag(lead.pk))
    assert Lead.objects.exclude(pk=lead.pk).get().email == "anna@acme.example"


def test_other_contents_are_where_somebody_came_from(lead: Lead) -> None:
    tell("calendly", "banner-3")
    assert Lead.objects.get(email="anna@acme.example").utm_content == "banner-3"
