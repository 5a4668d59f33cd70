"""One name for each source."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
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


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "—", "---"])
@pytest.mark.parametrize("model", ["source", "campaign"])
def test_a_blank_name_is_refused_in_words(client, model, name):
    client.force_login(world.user(role="ops"))
    page = reverse(f"admin:leads_{model}_add")
    for given in ({"name": name, "key": "fair"}, {"name": "Fair", "key": name}):
        answer = client.post(page, given | {"synonyms": ""})
        assert answer.status_code == 200
        said = answer.context["adminform"].form.errors
        assert any(
            "required" in one or "letters" in one for one in [*said.get("name", []), *said.get("key", [])]
        )
    assert not Source.objects.exists() and not Campaign.objects.exists()


def test_the_database_refuses_a_blank_name(google):
    for row in (Source(key="x", name=" "), Source(key="", name="X"), Campaign(key="x", name="")):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_another_name_that_says_nothing_is_refused(google, client):
    client.force_login(world.user(role="ops"))
    page = reverse("admin:leads_source_change", args=[google.pk])
    answer = client.post(page, {"name": "Google", "key": "google", "synonyms": "adwords, —"})
    assert "neither letters nor figures" in answer.content.decode()


@pytest.mark.parametrize("blank", ["  ", "\u200b", "\t\n"])
def test_a_blank_source_is_none(blank):
    assert receive_lead(now=world.NOON, name="Jane", source=blank).lead.source == ""
    (many,) = receive_many([Enquiry({"name": "Jim", "source": blank}, world.NOON)])
    assert many.lead.source == ""


def test_what_leads_have_held_has_a_name_after_the_upgrade():
    seed = import_module("leadrouting.leads.migrations.0018_sources_of_before").seed
    for source in ("Trade fair", "Messe Köln", "messe koln", "Messe Köln", "—", ""):
        world.lead(source=source)
    Campaign.objects.create(key="spring", name="Spring", source="linkedin")
    seed(apps, None)
    assert set(Source.objects.values_list("key", flat=True)) == {"Trade fair", "Messe Köln", "linkedin"}
    assert receive_lead(now=world.NOON, name="Jane", source="MESSE KOLN").lead.source == "Messe Köln"
    Source.objects.exclude(key="linkedin").delete()
    seed(apps, None)
    assert Source.objects.count() == 1, "what people have named since is theirs"
