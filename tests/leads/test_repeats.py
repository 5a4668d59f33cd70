"""Somebody who is known enquires again: what joins, what replies, which clock runs."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from leadrouting.assignments import ownership
from leadrouting.assignments.services import route
from leadrouting.leads.bulk import Enquiry, receive_many
from leadrouting.leads.models import Activity, Campaign, Lead
from leadrouting.leads.services import receive_lead
from leadrouting.sla.making import make
from leadrouting.sla.models import Clock, Target
from leadrouting.sla.pausing import pause
from tests import world
from tests.leads.repeating import LATER, again, lost

pytestmark = pytest.mark.django_db


class TestJoining:
    def test_an_address_that_becomes_known_finds_the_account(self):
        acme = world.account("Acme", "acme.example")
        phone = "+49301234567"
        first = receive_lead(now=world.NOON, name="Jane", phone=phone).lead
        assert first.account is None
        got = receive_lead(now=LATER, phone=phone, email="jane@mail.acme.example").lead
        assert (got, got.email, got.account) == (first, "jane@mail.acme.example", acme)
        world.account("Other")
        assert receive_lead(now=LATER, phone=phone, company="Other").lead.account == acme

    def test_blanks_are_filled_and_what_differs_is_told(self):
        spring = Campaign.objects.create(key="spring", name="Spring", source="google")
        first = again(world.NOON, name="Jane Doe", city="Ulm", source="linkedin", company_size=10).lead
        got = again(
            name="Jane D. Doe",
            city="ulm",
            job_title="CTO",
            campaign=spring.key,
            company_size="12",
            deal_size="10.50",
            message="Once more",
        )
        assert (got.created, got.reopened, got.lead) == (False, False, first)
        lead = got.lead
        assert (
            lead.name,
            lead.city,
            lead.job_title,
            lead.source,
            lead.company_size,
            str(lead.deal_size),
        ) == (
            "Jane Doe",
            "Ulm",
            "CTO",
            "linkedin",
            10,
            "10.50",
        )
        entry = lead.activities.get()
        assert (entry.kind, entry.text) == ("enquiry", "Once more")
        assert entry.details == {
            "from": {"source": "google", "campaign": "spring"},
            "differs": {"name": "Jane D. Doe", "city": "ulm", "company_size": 12},
        }

    def test_consent_that_was_refused_fills_a_blank(self):
        again(world.NOON)
        assert again(consent=False).lead.consent is False

    def test_what_no_lead_can_have_is_refused(self):
        again(world.NOON)
        with pytest.raises(ValidationError):
            again(company_size="many")
        assert not Activity.objects.exists()

    def test_a_campaign_may_want_new_leads_only(self):
        Campaign.objects.create(key="fair", name="Fair", repeats="new")
        first = again(world.NOON).lead
        got = again(campaign="fair")
        assert got.created
        assert got.lead.is_repeat
        assert again(campaign="fair", reply=True).lead == got.lead
        assert first.activities.count() == 0

    def test_a_merged_lead_stands_for_the_one_that_was_kept(self):
        ann = world.rep()
        world.live(ann)
        gone = lost(owner=ann, email="old@example.com", external_id="x1")
        kept = again(world.NOON).lead
        Lead.objects.filter(pk=gone.pk).update(merged_into=kept)
        assert again(email="old@example.com").lead == kept
        assert again(email="else@example.com", external_id="x1").lead == kept
        (got,) = receive_many([Enquiry({"email": "old@example.com"}, LATER)])
        assert got.lead == kept


class TestReplies:
    def test_an_answer_is_no_enquiry_and_ends_a_pause(self):
        ann = world.rep()
        world.live(ann)
        make("Fast", {"respond": timedelta(hours=1)}, hours=Target.Hours.ALWAYS)
        lead = receive_lead(now=world.NOON, email="jane@example.com").lead
        route(lead.pk, now=world.NOON)
        paused = pause(lead_id=lead.pk, by=ann.user, reason="They call back", now=world.NOON)
        got = again(reply=True, message="Yes please")
        assert got.lead == lead
        entry = lead.activities.get()
        assert (entry.kind, entry.text) == ("reply", "Yes please")
        paused.refresh_from_db()
        assert paused.ends_at == LATER

    def test_of_a_stranger_or_with_closed_leads_only_it_is_an_enquiry(self):
        assert again(reply=True, message="Hello").created
        ann = world.rep()
        world.live(ann)
        lost(owner=ann, email="jo@example.com")
        assert again(email="jo@example.com", reply=True).reopened


class TestTheOwnerOwesAnotherAnswer:
    @pytest.mark.parametrize("reply", [True, False])
    @pytest.mark.parametrize(
        ("promises", "kind"),
        [(["respond", "follow_up"], "respond"), (["respond"], "respond"), (["follow_up"], "follow_up")],
    )
    def test_a_clock_runs_again(self, promises, kind, reply):
        ann = world.rep()
        world.live(ann)
        spans = dict.fromkeys(promises, timedelta(hours=1))
        make("Fast", {"accept": timedelta(hours=1), **spans}, hours=Target.Hours.ALWAYS)
        lead = receive_lead(now=world.NOON, email="jane@example.com").lead
        route(lead.pk, now=world.NOON)
        again(world.NOON + timedelta(minutes=1))
        assert {one.started_at for one in Clock.objects.filter(lead=lead)} == {world.NOON}
        ownership.respond(lead_id=lead.pk, by=ann.user, now=world.NOON + timedelta(minutes=2))
        at = world.NOON + timedelta(minutes=5)
        again(at, reply=reply)
        running = Clock.objects.get(lead=lead, ended_at=None)
        assert (running.kind, running.started_at) == (kind, at)
        again(at + timedelta(minutes=1), reply=reply)
        if kind == "respond":  # still the same one that is owed
            assert Clock.objects.get(lead=lead, ended_at=None) == running
        ownership.respond(lead_id=lead.pk, by=ann.user, now=at + timedelta(minutes=2))
        running.refresh_from_db()
        assert running.outcome in ("met", "cancelled")
