"""What came in, how good it is, and putting it right."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from leadrouting.leads import mending
from leadrouting.leads.models import Campaign, Lead, Mending, Source
from leadrouting.leads.quality import KINDS, leads_with, look
from leadrouting.leads.services import receive_lead
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)
MONTH = timedelta(days=30)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def google():
    return Source.objects.create(key="google", name="Google Ads", synonyms=["adwords"])


def came(now, **values):
    values = {"name": "Jane Doe", "email": f"jane{Lead.objects.count()}@acme.example", **values}
    return receive_lead(now=now, lenient=True, **values).lead


def test_each_kind_counts_what_it_says(now, google):
    Campaign.objects.create(key="spring", name="Spring", source="google")
    leads = {
        "good": came(
            now,
            source="google",
            phone="+4930901820",
            company="Acme",
            country="DE",
            language="de",
            campaign="spring",
        ),
        "unknown_source": came(now, source="fair"),
        "no_email": came(now, email="", phone="+4930901821", source="google"),
        "unreachable": came(now, email="", source="google"),
        "bad_phone": came(now, phone="030 901822", source="google"),
        "looks_like_a_test": came(now, name="test", source="google"),
        "name_is_an_address": came(now, name="jane@acme.example", source="google"),
        "disposable": came(now, email="x@mailinator.com", source="google"),
        "not_the_campaigns": came(now, source="fair", campaign="spring"),
        "not_utm": came(now, source="fair", utm_source="AdWords"),
        "no_source": came(now),
    }
    for kind, lead in leads.items():
        if kind != "good":
            assert lead.pk in set(leads_with(kind, now + MONTH / 2, MONTH).values_list("pk", flat=True)), kind
    for kind in KINDS:
        assert leads["good"] not in leads_with(kind, now + MONTH / 2, MONTH), kind
        rows = look(now + MONTH / 2, MONTH)
        assert sum(row.counts[kind] for row in rows) == leads_with(kind, now + MONTH / 2, MONTH).count(), kind
    assert {row.source: row.is_known for row in rows} == {"google": True, "fair": False, "": False}


def test_beside_the_period_before(now, google):
    came(now - MONTH * 1.5, source="google", country="DE")
    came(now - MONTH / 2, source="google")
    (row,) = look(now, MONTH)
    assert (row.leads, row.leads_before, row.share("no_country"), row.share_before("no_country")) == (
        1,
        1,
        1.0,
        0.0,
    )
    assert row.share("no_phone") == 1.0


def test_a_source_is_put_right_and_back(now, google):
    world.live(
        world.pool(world.rep("Gil")),
        name="Google",
        when=[("source", "is", "google")],
        catch_all=world.queue("Rest"),
    )
    lead = came(now, source="fair")
    lead.refresh_from_db()
    assert lead.owner is None
    ops = world.user(role="ops")
    done = mending.mend(Lead.objects.all(), mending.to_source("google"), "Fair is Google", ops, now)
    lead.refresh_from_db()
    assert (lead.source, lead.original["source"], done.leads) == ("google", "fair", 1)
    assert str(lead.owner) == "Gil", "an open lead that nobody has is routed again"
    assert mending.undo(done, now) == (1, 0)
    lead.refresh_from_db()
    assert (lead.source, "source" in lead.original) == ("fair", False)
    assert mending.undo(done, now) == (0, 1)


def test_what_was_changed_since_stays(now, google):
    lead, other = came(now, source="fair"), came(now, source="fair")
    done = mending.mend(
        Lead.objects.all(), mending.to_source("google"), "Fair is Google", world.user(role="ops"), now
    )
    Lead.objects.filter(pk=lead.pk).update(source="meta")
    assert mending.undo(done, now) == (1, 1)
    lead.refresh_from_db()
    other.refresh_from_db()
    assert (lead.source, other.source) == ("meta", "fair")


def test_numbers_are_read_again(now):
    lead = came(now, phone="030 901820")
    assert lead.phone == ""
    told = lead.original["phone"]
    done = mending.mend(Lead.objects.all(), mending.phone_of("DE"), "DE", world.user(role="ops"), now)
    lead.refresh_from_db()
    assert (lead.phone, lead.country, lead.original["phone"]) == ("+4930901820", "DE", "030 901820")
    assert not leads_with("bad_phone", now + MONTH / 2, MONTH)
    mending.undo(done, now)
    lead.refresh_from_db()
    assert (lead.phone, lead.country, lead.original["phone"]) == ("", "", told)


class TestPage:
    @pytest.fixture
    def as_ops(self, client):
        client.force_login(world.user(role="ops"))
        return client

    PAGE = "/admin/leads/mending/quality/"

    def test_it_says_something_when_nothing_came(self, as_ops):
        assert "No lead came in this time" in as_ops.get(self.PAGE).content.decode()

    def test_queries_do_not_grow(self, as_ops, now, google, django_assert_max_num_queries):
        for number in range(20):
            came(now, source=f"source {number}")
        as_ops.get(self.PAGE)
        with django_assert_max_num_queries(12):
            page = as_ops.get(self.PAGE).content.decode()
        assert "nobody has named it" in page
        with django_assert_max_num_queries(14):
            as_ops.get(f"{self.PAGE}unknown_source/")

    def test_from_the_count_to_the_mended_source(self, as_ops, now, google):
        came(now, source="Google Search")
        kind = f"{self.PAGE}unknown_source/?source=Google+Search&days=30"
        page = as_ops.get(kind).content.decode()
        assert "1 lead" in page and '<option value="google" selected>' in page
        page = as_ops.post(kind, {"source": "google", "learn": "on"}).content.decode()
        assert "1 of 1 lead would change" in page and not Mending.objects.exists()
        assert as_ops.post(kind, {"source": "google", "learn": "on", "do": "1"}).status_code == 302
        assert Lead.objects.get().source == "google"
        assert came(now, source="google search").source == "google"
        undo = {"action": "undo", "_selected_action": [Mending.objects.get().pk]}
        as_ops.post(reverse("admin:leads_mending_changelist"), undo)
        assert set(Lead.objects.values_list("source", flat=True)) == {"Google Search", "google"}

    def test_every_kind_has_a_page(self, as_ops, now, google):
        came(now)
        for kind in KINDS:
            assert as_ops.get(f"{self.PAGE}{kind}/").status_code == 200
            assert as_ops.post(f"{self.PAGE}{kind}/", {}).status_code == 200
        assert as_ops.get(f"{self.PAGE}nonsense/").status_code == 404

    @pytest.mark.parametrize("role", ["rep", "manager"])
    def test_sales_ops_alone(self, client, role):
        client.force_login(world.user(role=role))
        assert client.get(self.PAGE).status_code in (302, 403)

    def test_a_known_source_is_corrected_not_learnt(self, as_ops, now, google):
        Source.objects.create(key="meta", name="Meta")
        came(now, source="meta", utm_source="adwords")
        came(now, source="Fair", utm_source="adwords")
        for source in ("meta", "Fair"):
            kind = f"{self.PAGE}not_utm/?source={source}"
            assert "from now on" not in as_ops.get(kind).content.decode()
            as_ops.post(kind, {"source": "google", "learn": "on", "do": "1"})
        assert set(Lead.objects.values_list("source", flat=True)) == {"google"}
        google.refresh_from_db()
        assert google.synonyms == ["adwords"], "other leads of these sources may well be theirs"

    def test_fifty_rows_and_a_way_to_the_rest(self, as_ops, now, google):
        for number in range(57):
            came(now, source=f"source {number:02}")
        page = as_ops.get(self.PAGE).content.decode()
        assert "and 7 more" in page and "source 49" in page and "source 50" not in page
        page = as_ops.get(f"{self.PAGE}?days=30&page=2").content.decode()
        assert "source 50" in page and "source 49" not in page and "more</a>" not in page
        page = as_ops.get(f"{self.PAGE}unknown_source/").content.decode()
        assert page.count('scope="row"') == 50 and "and 7 more" in page
        page = as_ops.get(f"{self.PAGE}unknown_source/?page=2").content.decode()
        assert page.count('scope="row"') == 7
        assert as_ops.get(f"{self.PAGE}unknown_source/?page=x").status_code == 200

    def test_the_same_in_another_spelling(self, as_ops, now):
        for spelt in ("Messe Köln", "Messe Köln", "messe koln", "MESSE  KÖLN", "Fair"):
            came(now, source=spelt)
        looks = {row.source: row.looks_like for row in look(now + MONTH / 2, MONTH)}
        assert looks == {"Messe Köln": "", "messe koln": "Messe Köln", "MESSE KÖLN": "Messe Köln", "Fair": ""}
        assert "looks like “Messe Köln”" in as_ops.get(self.PAGE).content.decode()
        Source.objects.create(key="cologne", name="Messe Köln")
        assert {row.looks_like for row in look(now + MONTH / 2, MONTH)} == {"", "cologne"}

    def test_a_number_of_another_country_is_shown_and_left_alone(self, as_ops, now):
        odd = came(now, phone="+33142685300", country="DE")
        came(now, phone="+4930901820", country="DE")
        came(now, phone="+16502530000", country="CA")
        came(now, phone="+33142685301")
        assert list(leads_with("other_country", now + MONTH / 2, MONTH)) == [odd]
        assert (odd.phone, odd.country) == ("+33142685300", "DE")
        assert "Ask which country counts" in as_ops.get(f"{self.PAGE}other_country/").content.decode()


def test_leads_are_found_by_the_database(now, google, django_assert_num_queries):
    came(now, source="fair")
    with django_assert_num_queries(2):  # the names of sources; the count
        assert leads_with("unknown_source", now + MONTH / 2, MONTH, "fair").count() == 1


def test_a_source_without_a_name_is_no_mending():
    with pytest.raises(ValueError, match="has a name"):
        mending.to_source(" ")
