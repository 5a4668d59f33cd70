"""One name for each source."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from leadrouting.leads.bulk import Enquiry, receive_many
from leadrouting.leads.models import Campaign, Source
from leadrouting.leads.services import receive_lead
from leadrouting.leads.sources import known_names, source_called
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def google():
    return Source.objects.create(key="google", name="Google Ads", synonyms=["AdWords", "g-ads"])


@pytest.mark.parametrize("name", ["google", "Google", "GOOGLE ADS", "adwords", "Ad Words", "g ads", "Góógle"])
def test_it_is_known_by_any_of_its_names(google, name):
    lead = receive_lead(now=world.NOON, name="Jane", source=name).lead
    assert lead.source == "google"
    assert lead.original.get("source") in (None, name)


def test_what_nobody_has_named_stays_as_it_came(google):
    assert receive_lead(now=world.NOON, name="Jane", source="Trade fair").lead.source == "Trade fair"
    assert receive_lead(now=world.NOON, name="Jim").lead.source == ""


def test_a_campaigns_source_too(google):
    Campaign.objects.create(key="spring", name="Spring", source="adwords")
    assert receive_lead(now=world.NOON, name="Jane", campaign="spring").lead.source == "google"


def test_many_ask_once(google, django_assert_num_queries):
    rows = [Enquiry({"name": f"L{n}", "source": "adwords"}, world.NOON) for n in range(30)]
    receive_many(rows[:1])
    with django_assert_num_queries(1):
        known_names()
    got = receive_many(rows)
    assert not any(isinstance(one, ValidationError) for one in got)
    assert {one.lead.source for one in got} == {"google"}


def test_a_name_belongs_to_one_source(google, client):
    client.force_login(world.user(role="ops"))
    page = reverse("admin:leads_source_add")
    taken = {"name": "Search", "key": "search", "synonyms": "bing, ad words"}
    answer = client.post(page, taken)
    assert "is what “Google Ads” is called already" in answer.content.decode()
    assert client.post(page, taken | {"synonyms": "bing,, bing "}).status_code == 302
    assert Source.objects.get(key="search").synonyms == ["bing"]
    assert source_called("BING") == "search"
