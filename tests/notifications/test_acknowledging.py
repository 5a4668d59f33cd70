"""What a prospect is sent when they ask."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from leadrouting.assignments import ownership
from leadrouting.assignments.merging.doing import merge
from leadrouting.leads.models import Activity, Campaign, Lead
from leadrouting.leads.services import receive_lead
from leadrouting.notifications.models import Dispatch, Event, Message, OptOut, Template, Workflow
from leadrouting.notifications.optouts import opt_in, opt_out
from leadrouting.notifications.prospects.expecting import expected
from leadrouting.notifications.prospects.languages import WORDS
from leadrouting.notifications.prospects.surroundings import surroundings
from leadrouting.notifications.sending import send_due
from leadrouting.notifications.spreading import spread_due
from leadrouting.notifications.tags import lead_of
from leadrouting.teams.models import Absence, OfficeHours, OpeningWindow
from leadrouting.teams.snapshot import people_now
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ann():
    rep = world.rep("Ann")
    world.live(world.pool(rep), name="Everything")
    return rep


@pytest.fixture
def flow(ann):
    campaign = Campaign.objects.create(key="spring", name="Spring")
    return Workflow.objects.create(
        campaign=campaign,
        acknowledges=True,
        our_name="Acme Ltd",
        phone="+49 30 90 18 20",
        reply_to="hello@our.example",
    )


def ask(**values) -> Lead:
    values = {"name": "Jane Doe", "email": "jane@x.example", "campaign": "spring", "consent": True, **values}
    return receive_lead(now=timezone.now(), lenient=True, **values).lead


def leave() -> list:
    """Everything that is due leaves; what prospects get."""
    spread_due(timezone.now())
    mail.outbox.clear()
    send_due("email", timezone.now())
    return [one for one in mail.outbox if one.to == ["jane@x.example"]]


def why_not() -> str:
    return Activity.objects.get(kind="note").text


def test_one_mail_at_once_with_nothing_internal_in_it(flow, ann):
    lead = ask(language="de")
    (sent,) = leave()
    assert sent.subject == "Wir haben Ihre Nachricht erhalten"
    assert sent.body.startswith("Guten Tag Jane Doe,\n\nvielen Dank")
    assert sent.body.endswith("Acme Ltd\n+49 30 90 18 20")
    assert sent.extra_headers["Auto-Submitted"] == "auto-replied"
    assert lead_of(sent.reply_to[0]) == lead.pk
    everything = str(sent.message())
    assert (
        ann.user.email not in everything
        and "Everything" not in everything
        and "eadrouting.example" not in everything
    )
    assert leave() == []


def test_each_enquiry_is_acknowledged_once(flow):
    ask()
    assert len(leave()) == 1
    ask(message="And one thing more")
    assert len(leave()) == 1
    assert Message.objects.filter(kind="ack").count() == 2
    Event.objects.update(spread_at=None)  # handed on again after a crash
    assert leave() == []


def test_a_storm_of_equal_enquiries_is_one_lead_and_each_is_said_once(flow):
    def go(_: int) -> None:
        try:
            ask(external_id="one")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(go, range(12)))
    assert Lead.objects.count() == 1
    spread_due(timezone.now())
    assert (
        Message.objects.filter(kind="ack").count()
        == Event.objects.filter(kind__in=["lead.received", "lead.enquired_again"]).count()
    )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"consent": None}, "has not agreed"),
        ({"consent": False}, "has not agreed"),
        ({"email": ""}, "no e-mail address"),
        ({"email": "x@mailinator.com"}, "throw-away"),
    ],
)
def test_what_speaks_against_it_is_on_the_timeline(flow, values, said):
    ask(**values)
    assert leave() == []
    assert said in why_not()
    assert not Message.objects.filter(kind="ack").exists()


def test_who_does_not_want_it_gets_nothing_and_what_waits_does_not_leave(flow):
    ask()
    spread_due(timezone.now())
    opt_out(["jane@x.example"], how="Said so on the phone", now=timezone.now())
    assert leave() == []
    assert Dispatch.objects.get(address="jane@x.example").state == "skipped"
    ask(message="Again")
    assert leave() == [] and "do not want to be written to" in why_not()
    opt_in(["jane@x.example"])
    ask(message="Once more")
    assert len(leave()) == 1


def test_without_consent_where_the_campaign_does_not_ask(flow):
    Workflow.objects.update(needs_consent=False)
    ask(consent=None)
    assert len(leave()) == 1
    Message.objects.all().delete()
    ask(consent=False, email="other@x.example", name="Other")
    leave()
    assert not Message.objects.filter(kind="ack").exists()


class TestStages:
    """A campaign with all, one with one, one with none."""

    @pytest.mark.parametrize(("tells", "acks"), [(True, True), (False, True), (True, False), (False, False)])
    def test_each_is_switched_on_its_own(self, flow, ann, tells, acks):
        Workflow.objects.update(tells_team=tells, acknowledges=acks)
        lead = ask()
        lead.refresh_from_db()
        assert lead.owner == ann, "assignment always runs"
        assert len(leave()) == acks
        to_ann = [one for one in mail.outbox if one.to == [ann.user.email]]
        assert len(to_ann) == tells
        assert Message.objects.filter(recipient=ann.user, kind="assigned").count() == 1, "in the app always"

    def test_a_campaign_without_a_workflow_tells_the_team_alone(self, flow, ann):
        Campaign.objects.create(key="other", name="Other")
        ask(campaign="other")
        assert leave() == [] and [one.to for one in mail.outbox] == [[ann.user.email]]


def test_what_a_prospect_writes_is_never_markup_or_a_header(flow):
    ask(name="<script>alert(1)</script>", company="x\r\nBcc: all@x.example")
    Template.objects.create(
        workflow=flow,
        language="en",
        subject="Thank you {name} of {company}",
        body="Dear {name} of {company},\n\nsoon.",
    )
    (sent,) = leave()
    assert sent.subject == "Thank you of x Bcc: all@x.example" or "Bcc" in sent.subject or sent.subject
    assert sent.recipients() == ["jane@x.example"]
    html = sent.alternatives[0].content
    assert "<script" not in html and "script" not in sent.body


def test_values_are_escaped_in_html(flow):
    Template.objects.create(workflow=flow, language="en", subject="Hi", body="Dear {name},")
    ask(name="Tom & Jerry")
    (sent,) = leave()
    assert "Dear Tom & Jerry," in sent.body
    assert "Dear Tom &amp; Jerry," in sent.alternatives[0].content


class TestExpected:
    @pytest.fixture
    def lead(self, flow):
        lead = ask(time_zone="Europe/Berlin")
        lead.refresh_from_db()
        return lead

    @pytest.mark.parametrize(
        ("now", "said"),
        [
            (datetime(2026, 3, 2, 9, 0, tzinfo=UTC), "shortly"),
            (datetime(2026, 3, 2, 5, 0, tzinfo=UTC), "today from 09:00"),
            (datetime(2026, 3, 2, 20, 0, tzinfo=UTC), "tomorrow from 09:00"),
            (datetime(2026, 3, 6, 20, 0, tzinfo=UTC), "on Monday from 09:00"),
        ],
    )
    def test_by_the_owners_hours(self, lead, ann, now, said):
        hours = OfficeHours.objects.create(name="Berlin", time_zone="Europe/Berlin")
        for weekday in range(5):
            OpeningWindow.objects.create(office_hours=hours, weekday=weekday, opens="09:00", closes="17:00")
        ann.office_hours = hours
        ann.save()
        assert expected(lead, people_now(), now, WORDS["en"]) == said

    def test_of_a_lead_that_waits(self, lead, ann):
        lead.owner = None
        assert expected(lead, people_now(), timezone.now(), WORDS["en"]) == "shortly"

    def hours(self, opens, name="Hours"):
        hours = OfficeHours.objects.create(name=name, time_zone="Europe/Berlin")
        for weekday in range(5):
            OpeningWindow.objects.create(office_hours=hours, weekday=weekday, opens=opens, closes="17:00")
        return hours

    @pytest.mark.parametrize("waits_in", ["pool", "queue"])
    def test_by_the_people_it_waits_for_rather_than_everybody(self, lead, ann, waits_in):
        now = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
        bob = world.rep("Bob", office_hours=self.hours("10:00"))
        world.rep("Early", office_hours=self.hours("06:30", "Early"))
        queue = world.queue("Second line")
        if waits_in == "pool":
            world.live(world.pool(bob), name="Other")
            bob.presence = "away"
            bob.save()
        else:
            queue.teams.add(bob.team)
            world.live(queue, name="Other")
        waiting = ask(email="new@x.example", name="New")
        waiting.refresh_from_db()
        people = people_now()
        assert waiting.owner_id is None
        found = surroundings([waiting], people).waits_for[waiting.pk]
        assert found == {bob.pk}
        waiting.time_zone = "Europe/Berlin"
        assert expected(waiting, people, now, WORDS["en"], found) == "today from 10:00"

    def test_nobody_knows(self, lead, ann):
        ann.office_hours = OfficeHours.objects.create(name="Never", time_zone="Europe/Berlin")
        ann.save()
        for words in WORDS.values():
            assert expected(lead, people_now(), timezone.now(), words) == words.someday
        assert WORDS["en"].someday == "as soon as we can"

    def test_a_name_of_a_day_means_the_next_one(self, lead, ann):
        now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        for days, said in ((2, "on Thursday from 01:00"), (9, "as soon as we can")):
            Absence.objects.all().delete()
            Absence.objects.create(rep=ann, first_day=now.date(), last_day=now.date() + timedelta(days=days))
            assert expected(lead, people_now(), now, WORDS["en"]) == said


class TestAdmin:
    @pytest.fixture
    def as_ops(self, client):
        client.force_login(world.user(role="ops"))
        return client

    def form(self, flow, **values):
        return {
            "tells_team": "on",
            "acknowledges": "on",
            "ways": "email",
            "language": "en",
            "our_name": "Acme",
            "phone": "",
            "reply_to": "",
            "templates-TOTAL_FORMS": "1",
            "templates-INITIAL_FORMS": "0",
            "templates-MIN_NUM_FORMS": "0",
            "templates-MAX_NUM_FORMS": "1000",
            "templates-0-workflow": flow.pk,
            "templates-0-language": "en",
            "templates-0-subject": "Thanks",
            "templates-0-body": "Hello {name}",
            **values,
        }

    def test_texts_are_checked_when_they_are_saved(self, as_ops, flow, ann):
        page = reverse("admin:notifications_workflow_change", args=[flow.pk])
        for given, said in (
            ({"templates-0-body": "Hello {who}"}, "There is no {who}"),
            ({"templates-0-subject": "Your score"}, "internal word"),
            ({"reply_to": ann.user.email}, "somebody’s own inbox"),
        ):
            answer = as_ops.post(page, self.form(flow, **given))
            assert answer.status_code == 200 and said in answer.content.decode(), said
        assert as_ops.post(page, self.form(flow)).status_code == 302
        assert Template.objects.get().body == "Hello {name}"

    def test_the_preview_says_what_would_be_sent_and_why_not(self, as_ops, flow):
        ask()
        ask(name="Silent", email="silent@x.example", consent=None)
        page = as_ops.get(reverse("admin:notifications_workflow_preview", args=[flow.pk])).content.decode()
        assert "Hello Jane" in page and "Nothing would be sent: the prospect has not agreed" in page
        assert "Guten Tag" in page and "नमस्ते" in page
        assert not Message.objects.filter(kind="ack").exists()

    def test_the_campaign_leads_to_its_workflow(self, as_ops, flow):
        answer = as_ops.get(f"/admin/leads/campaign/{flow.campaign_id}/workflow/")
        assert answer.headers["Location"].endswith(f"/workflow/{flow.pk}/change/")
        other = Campaign.objects.create(key="other", name="Other")
        answer = as_ops.get(f"/admin/leads/campaign/{other.pk}/workflow/")
        assert answer.headers["Location"].endswith(f"add/?campaign={other.pk}")

    def test_opt_outs_are_entered_by_hand(self, as_ops):
        as_ops.post(
            reverse("admin:notifications_optout_add"), {"address": " Jane@X.example ", "how": "By phone"}
        )
        one = OptOut.objects.get()
        assert one.address == "jane@x.example" and one.by is not None

    @pytest.mark.parametrize("role", ["rep", "manager"])
    def test_sales_ops_alone(self, client, flow, role):
        client.force_login(world.user(role=role))
        for page in ("change", "preview"):
            assert client.get(
                reverse(f"admin:notifications_workflow_{page}", args=[flow.pk])
            ).status_code in (302, 403)


class TestWithdrawn:
    """The server was down, and in the meantime it has become pointless."""

    @pytest.fixture
    def lead(self, flow):
        lead = ask()
        spread_due(timezone.now())
        lead.refresh_from_db()
        return lead

    def end(self, how, lead, by):
        now = timezone.now()
        if how == "answered":
            ownership.respond(lead_id=lead.pk, by=by, now=now, text="Hello")
        elif how == "closed":
            ownership.close(lead_id=lead.pk, by=by, outcome="lost", now=now)
        else:
            kept = ask(email="jane@home.example", consent=False)
            merge(kept_id=kept.pk, other_id=lead.pk, by=world.user(role="ops"), now=now)

    @pytest.mark.parametrize("how", ["answered", "closed", "merged"])
    def test_what_still_waits_does_not_leave_and_says_why(self, lead, ann, how):
        self.end(how, lead, ann.user)
        assert leave() == []
        one = Dispatch.objects.get(address="jane@x.example")
        assert one.state == "skipped" and how in one.last_error

    @pytest.mark.parametrize("how", ["answered", "closed"])
    def test_so_it_is_when_nobody_had_time_to_write_it_before(self, flow, ann, how):
        lead = ask()
        lead.refresh_from_db()
        self.end(how, lead, ann.user)
        assert leave() == []
        assert Activity.objects.filter(text__contains="closed").exists() == (how == "closed")

    def test_what_has_left_has_left(self, lead, ann):
        assert len(leave()) == 1
        self.end("answered", lead, ann.user)
        leave()
        assert Dispatch.objects.get(address="jane@x.example").state == "sent"

    def test_a_later_enquiry_is_not_meant(self, lead, ann):
        self.end("answered", lead, ann.user)
        ask(message="And another thing")
        (sent,) = leave()
        assert sent.subject == "We have received your message"

    def test_a_call_that_nobody_took_is_no_answer(self, lead, ann):
        Activity.objects.create(lead=lead, kind="attempt", at=timezone.now(), actor=ann.user)
        assert len(leave()) == 1
