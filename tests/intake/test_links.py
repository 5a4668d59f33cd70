"""Tracked links and QR codes."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from leadrouting.intake.attribution import tracked
from leadrouting.intake.models import Form, Opened
from leadrouting.leads.models import Campaign
from tests.admin.conftest import as_ops, client_of, ops  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    return Campaign.objects.create(
        key="fair",
        name="Fair",
        source="hannover",
        medium="event",
        landing_url="https://www.example.com/fair?x=1",
    )


def test_the_link_leads_to_the_landing_page_and_says_where_from(campaign):
    answer = Client().get("/go/fair/?gclid=abc&next=https://evil.example")
    assert answer.status_code == 302
    assert answer.headers["Location"] == (
        "https://www.example.com/fair?x=1&gclid=abc&utm_source=hannover&utm_medium=event&utm_campaign=fair"
    )


def test_the_code_is_told_apart_and_both_are_counted(campaign):
    for path in ("/go/fair/", "/go/fair/", "/go/fair/?via=code"):
        answer = Client().get(path)
    assert "utm_medium=qr" in answer.headers["Location"]
    assert set(Opened.objects.values_list("by_code", "times")) == {(False, 2), (True, 1)}


def test_without_a_landing_page_it_leads_to_the_form(campaign):
    campaign.landing_url = ""
    campaign.save()
    location = Client().get("/go/fair/").headers["Location"]
    assert location.startswith("http://testserver/intake/forms/fair/?utm_source=hannover")
    Form.objects.create(campaign=campaign)
    assert Client().get(location).status_code == 200


def test_no_such_campaign(campaign):
    assert Client().get("/go/none/").status_code == 404
    campaign.is_active = False
    campaign.save()
    assert Client().get("/go/fair/").status_code == 404


def test_what_the_page_says_itself_stays():
    assert tracked("https://a.example/?utm_source=b#top", [("utm_source", "c"), ("d", "")]) == (
        "https://a.example/?utm_source=b#top"
    )


def test_the_admin_shows_link_code_and_files(as_ops: Any, campaign: Campaign) -> None:  # noqa: F811
    Client().get("/go/fair/")
    path = reverse("admin:leads_campaign_link", args=[campaign.pk])
    shown = as_ops.get(path).content.decode()
    assert "http://testserver/go/fair/" in shown and "<svg" in shown and "<strong>1</strong>" in shown
    svg, png = as_ops.get(path + "?as=svg"), as_ops.get(path + "?as=png")
    assert svg.headers["Content-Type"] == "image/svg+xml" and b"<svg" in svg.content
    assert png.content.startswith(b"\x89PNG") and 'filename="fair.png"' in png.headers["Content-Disposition"]


def test_the_admin_makes_a_form(as_ops: Any, campaign: Campaign) -> None:  # noqa: F811
    way = as_ops.get(reverse("admin:leads_campaign_form_of", args=[campaign.pk]))
    assert way.headers["Location"].endswith(f"/admin/intake/form/add/?campaign={campaign.pk}")
    told = {
        "campaign": campaign.pk,
        "is_open": "on",
        "button": "Send",
        "thanks": "Thanks",
        "per_minute": "20",
        "allowed_origins": "www.Example.com, http://localhost:3000",
        "mapping": "Team size = company_size\nWho? = name",
        "fields-TOTAL_FORMS": "1",
        "fields-INITIAL_FORMS": "0",
        "fields-0-name": "email",
        "fields-0-is_required": "on",
    }
    path = reverse("admin:intake_form_add")
    wrong = as_ops.post(path, {**told, "mapping": "Team size = no_such"}).content.decode()
    assert "Leads have no field “no_such”" in wrong
    as_ops.post(path, told)
    form = Form.objects.get()
    assert form.allowed_origins == ["https://www.example.com", "http://localhost:3000"]
    assert form.mapping == {"Team size": "company_size", "Who?": "name"}
    assert form.fields.get().name == "email"
    shown = as_ops.get(reverse("admin:intake_form_change", args=[form.pk])).content.decode()
    assert (
        "&lt;form action=" in shown and "/intake/forms/fair/" in shown and "Team size = company_size" in shown
    )
    assert as_ops.get(way.request["PATH_INFO"]).headers["Location"].endswith(f"/form/{form.pk}/change/")
