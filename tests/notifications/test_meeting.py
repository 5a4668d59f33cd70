"""The booking link: who is offered one, and where it leads when it is opened."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from leadrouting.assignments import ownership
from leadrouting.assignments.merging.doing import merge
from leadrouting.leads.models import Campaign, Lead
from leadrouting.leads.services import receive_lead
from leadrouting.notifications.models import Template, Workflow
from leadrouting.notifications.prospects.languages import WORDS
from leadrouting.notifications.prospects.meeting import filled, is_keen, link_to
from leadrouting.notifications.sending import send_due
from leadrouting.notifications.spreading import spread_due
from leadrouting.notifications.tags import lead_of, tag
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "https://calendly.com/ann/30min"


@pytest.fixture
def ann():
    rep = world.rep("Ann", booking_url=PAGE)
    world.live(world.pool(rep, booking_url="https://book.our.example/sales"), name="Everything")
    return rep


@pytest.fixture
def flow(ann):
    campaign = Campaign.objects.create(key="spring", name="Spring")
    return Workflow.objects.create(
        campaign=campaign,
        acknowledges=True,
        offers_meeting=True,
        our_name="Acme Ltd",
        phone="+49 30 90 18 20",
    )


def ask(**values) -> Lead:
    values = {"name": "Jane Doe", "email": "jane@x.example", "campaign": "spring", "consent": True, **values}
    return receive_lead(now=timezone.now(), lenient=True, **values).lead


def sent():
    mail.outbox.clear()
    spread_due(timezone.now())
    send_due("email", timezone.now())
    (one,) = [one for one in mail.outbox if one.to == ["jane@x.example"]]
    return one


def path_of(lead: Lead) -> str:
    return urlsplit(link_to(lead.pk)).path


class TestOffer:
    @pytest.mark.parametrize("language", WORDS)
    def test_a_line_of_the_message_and_nothing_internal_in_it(self, flow, ann, language):
        lead = ask(language=language)
        mail_ = sent()
        assert mail_.body.count(link_to(lead.pk)) == 1 and "{" not in mail_.body
        html = mail_.alternatives[0].content
        assert f'<a href="{link_to(lead.pk)}">' in html
        assert PAGE not in str(mail_.message()) and ann.user.email not in str(mail_.message())

    def test_no_line_when_nobody_has_a_page(self, flow, ann):
        type(ann).objects.update(booking_url="")
        type(ann.pools.get()).objects.update(booking_url="")
        ask()
        body = sent().body
        assert "choose a time" not in body and "\n\n\n" not in body and "meet" not in body

    @pytest.mark.parametrize(
        ("asked", "is_offered"),
        [
            ({"offers_meeting": False}, False),
            ({}, True),
            ({"meeting_score": 60}, True),
            ({"meeting_score": 61}, False),
            ({"meeting_urgency": "soon"}, True),
            ({"meeting_urgency": "now"}, False),
            ({"meeting_score": 60, "meeting_urgency": "now"}, False),
        ],
    )
    def test_high_intent_alone(self, asked, is_offered):
        workflow = Workflow(**{"offers_meeting": True, **asked})
        assert is_keen(Lead(score=60, urgency="soon"), workflow) is is_offered

    @pytest.mark.parametrize("asked", [{"meeting_score": 0}, {"meeting_urgency": "soon"}])
    def test_what_is_not_known_is_not_high(self, asked):
        assert not is_keen(Lead(), Workflow(offers_meeting=True, **asked))

    def test_own_texts_say_it_where_they_like(self, flow):
        Template.objects.create(
            workflow=flow, language="en", subject="Hi", body="Hello.\nPick a time: {booking_link}\nBye."
        )
        lead = ask()
        assert sent().body == f"Hello.\nPick a time: {link_to(lead.pk)}\nBye."
        Workflow.objects.update(offers_meeting=False)
        ask(message="again")
        assert sent().body == "Hello.\nBye."


class TestLink:
    @pytest.fixture
    def lead(self, flow):
        lead = ask()
        lead.refresh_from_db()
        return lead

    def test_it_leads_to_the_owner_with_what_is_known(self, client, lead):
        answer = client.get(path_of(lead))
        there = urlsplit(answer.headers["Location"])
        assert answer.status_code == 302 and f"{there.scheme}://{there.netloc}{there.path}" == PAGE
        asked = parse_qs(there.query)
        assert (asked["name"], asked["email"]) == (["Jane Doe"], ["jane@x.example"])
        assert lead_of(asked["utm_content"][0]) == lead.pk
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"

    def test_an_old_link_leads_to_whoever_has_the_lead_now(self, client, lead):
        bob = world.rep("Bob", booking_url="https://bob.example/times")
        ownership.reassign(
            lead_id=lead.pk, by=world.user(role="ops"), now=timezone.now(), reason="Bob is nearer", to=bob
        )
        assert client.get(path_of(lead)).headers["Location"] == "https://bob.example/times"

    def test_while_nobody_has_it_to_the_pool(self, client, flow, ann):
        type(ann).objects.update(presence="away")
        lead = ask()
        lead.refresh_from_db()
        assert lead.owner is None
        assert link_to(lead.pk) in sent().body
        assert client.get(path_of(lead)).headers["Location"] == "https://book.our.example/sales"

    def test_an_owner_without_a_page_leads_to_that_of_the_pool(self, client, lead, ann):
        type(ann).objects.update(booking_url="")
        assert client.get(path_of(lead)).headers["Location"] == "https://book.our.example/sales"

    def test_of_a_merged_lead_to_the_one_that_was_kept(self, client, lead):
        kept = ask(email="jane@home.example", phone="+4930901820")
        merge(kept_id=kept.pk, other_id=lead.pk, by=world.user(role="ops"), now=timezone.now())
        asked = parse_qs(urlsplit(client.get(path_of(lead)).headers["Location"]).query)
        assert lead_of(asked["utm_content"][0]) == kept.pk

    def test_a_lead_that_is_closed_or_has_no_page_gets_a_friendly_one(self, client, lead, ann):
        ownership.close(lead_id=lead.pk, by=ann.user, outcome="lost", now=timezone.now())
        answer = client.get(path_of(lead))
        assert answer.status_code == 404
        assert "Simply answer our message" in answer.content.decode()
        assert "+49 30 90 18 20" in answer.content.decode()

    def test_in_the_language_of_the_prospect(self, client, lead):
        Lead.objects.update(language="de", status="junk", closed_at=timezone.now(), route_at=None)
        assert WORDS["de"].gone in client.get(path_of(lead)).content.decode()

    def test_what_we_did_not_make_leads_nowhere(self, client, lead):
        good = path_of(lead)
        for bad in (
            good.replace(f"/{lead.pk}-", f"/{lead.pk + 1}-"),
            f"/meet/{tag(lead.pk)}/",
            f"/meet/{lead.pk}-{'0' * 20}/",
            f"/meet/{'9' * 30}-{'0' * 20}/",
            "/meet/x/",
        ):
            answer = client.get(bad)
            assert answer.status_code == 404 and "Location" not in answer.headers, bad
        Lead.objects.all().delete()
        assert client.get(good).status_code == 404

    def test_it_is_only_ever_read(self, client, lead):
        assert client.post(path_of(lead)).status_code == 405
        assert client.head(path_of(lead)).status_code == 302
        assert lead.activities.count() == 0


class TestPrefill:
    lead = Lead(pk=7, name="Jane Doe", email="jane@x.example")

    @pytest.mark.parametrize(
        "page",
        [
            "https://book.our.example/x?y=1",
            "https://calendly.com.evil.example/ann",
            "https://notcal.com/ann",
            "https://evil.example/calendly.com",
        ],
    )
    def test_nobody_else_learns_who_it_is(self, page):
        assert filled(page, self.lead) == page

    def test_cal_gets_its_own_names(self):
        there = parse_qs(urlsplit(filled("https://cal.com/ann/30?month=2026-12", self.lead)).query)
        assert there["metadata[lead]"] == [tag(7)] and there["month"] == ["2026-12"]

    def test_a_name_that_is_none_is_left_out(self):
        lead = Lead(pk=7, name="win at http://evil.example", email="jane@x.example")
        assert "evil" not in filled(PAGE, lead)


class TestPages:
    @pytest.mark.parametrize("page", ["http://calendly.com/ann", "javascript:alert(1)", "ftp://x.example/a"])
    def test_https_alone(self, ann, page):
        ann.booking_url = page
        with pytest.raises(ValidationError):
            ann.full_clean()

    def test_a_page_that_came_in_otherwise_is_not_followed(self, client, flow, ann):
        type(ann).objects.update(booking_url="javascript:alert(1)")
        assert client.get(path_of(ask())).status_code == 404

    def test_a_subject_has_no_link(self, client, flow):
        client.force_login(world.user(role="ops"))
        form = {
            "language": "en",
            "offers_meeting": "on",
            "templates-TOTAL_FORMS": "1",
            "templates-INITIAL_FORMS": "0",
            "templates-0-workflow": flow.pk,
            "templates-0-language": "en",
            "templates-0-subject": "Book {booking_link}",
            "templates-0-body": "Hello",
        }
        answer = client.post(reverse("admin:notifications_workflow_change", args=[flow.pk]), form)
        assert "does not belong into a subject" in answer.content.decode()


def test_a_number_of_leads_costs_no_more_queries(flow, django_assert_max_num_queries):
    ask()
    with django_assert_max_num_queries(40) as one:
        spread_due(timezone.now())
    for number in range(6):
        ask(email=f"jane{number}@x.example", name=f"Jane {number}")
    with django_assert_max_num_queries(len(one)):
        spread_due(timezone.now())
