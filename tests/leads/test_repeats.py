"""Somebody who is known enquires again: by the policy of the campaign, one by one and many at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, transaction

from leadrouting.assignments import ownership
from leadrouting.assignments.explaining import sentences
from leadrouting.assignments.merging import merge
from leadrouting.assignments.models import Assignment, Decision, Load
from leadrouting.assignments.replaying import differences
from leadrouting.assignments.services import route
from leadrouting.assignments.supposing import supposed_lead
from leadrouting.leads.bulk import Enquiry, receive_many
from leadrouting.leads.models import Activity, Campaign, Lead
from leadrouting.leads.services import receive_lead
from leadrouting.sla.making import make
from leadrouting.sla.models import Clock, Target
from leadrouting.sla.pausing import pause
from leadrouting.sla.services import act_on_due_clocks, moves_of
from leadrouting.teams.models import Absence
from tests import world

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LATER = world.NOON + 10 * DAY


def lost(*, owner, reason="Too expensive", email="jane@example.com", **values) -> Lead:
    lead = receive_lead(now=world.NOON, email=email, **values).lead
    route(lead.pk, now=world.NOON)
    ownership.close(lead_id=lead.pk, by=owner.user, outcome="lost", reason=reason, now=world.NOON)
    return lead


def lost_from_intake(**values) -> Lead:
    lead = receive_lead(now=world.NOON, email="jane@example.com", **values).lead
    ownership.close(lead_id=lead.pk, by=world.user(role="ops"), outcome="lost", now=world.NOON)
    return lead


def again(now=LATER, email="jane@example.com", **values):
    return receive_lead(now=now, email=email, **values)


def why(lead: Lead) -> str:
    newest = lead.decisions.first()
    return sentences([newest])[newest.pk]


def replays() -> None:
    assert list(differences(Decision.objects.all())) == []


class TestJoining:
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


class TestReopening:
    def test_it_stays_with_its_owner_and_says_why(self):
        ann = world.rep("Ann Lee")
        world.live(world.pool(world.rep(), ann))
        other = receive_lead(now=world.NOON, email="first@example.com").lead
        route(other.pk, now=world.NOON)
        make("Fast", {"respond": timedelta(hours=1)}, hours=Target.Hours.ALWAYS)
        lead = lost(owner=ann)
        got = again(message="I changed my mind")
        assert (got.created, got.reopened, got.lead) == (False, True, lead)
        lead.refresh_from_db()
        assert (lead.status, lead.owner, lead.closed_at, lead.lost_reason) == ("assigned", ann, None, "")
        assert (lead.is_repeat, lead.previous_owner) == (True, ann)
        assert why(lead) == "The prospect came back 10 days after the lead was lost: it stays with Ann Lee."
        entry = lead.activities.get(kind="reopened")
        assert entry.text == "It was lost: Too expensive\n\nI changed my mind"
        assert Load.objects.get(rep=ann).open == 1
        assert [(one.end, one.rep) for one in Assignment.objects.filter(lead=lead)] == [
            ("", ann),
            ("closed", ann),
        ]
        assert Clock.objects.get(lead=lead, ended_at=None).started_at == LATER
        replays()

    @pytest.mark.parametrize(
        ("outcome", "days", "reopens"),
        [("lost", 89, True), ("lost", 90, False), ("won", 1, False), ("junk", 1, False)],
    )
    def test_only_what_was_lost_lately(self, outcome, days, reopens):
        ann = world.rep()
        world.live(ann)
        lead = receive_lead(now=world.NOON, email="jane@example.com").lead
        route(lead.pk, now=world.NOON)
        revenue = 1 if outcome == "won" else None
        ownership.close(lead_id=lead.pk, by=ann.user, outcome=outcome, now=world.NOON, revenue=revenue)
        got = again(world.NOON + days * DAY)
        assert (got.reopened, got.created) == (reopens, not reopens)
        assert got.lead.is_repeat
        assert got.lead.previous_owner == ann

    def test_the_campaign_says_within_how_many_days(self):
        Campaign.objects.create(key="long", name="Long", reopen_days=365)
        Campaign.objects.create(key="never", name="Never", reopen_days=0)
        ann = world.rep()
        world.live(ann)
        lost(owner=ann)
        assert again(world.NOON, campaign="never").created
        lost(owner=ann, email="jo@example.com")
        assert again(world.NOON + 300 * DAY, email="jo@example.com", campaign="long").reopened

    def test_an_external_id_that_is_sent_again_reopens_nothing(self):
        ann = world.rep()
        world.live(ann)
        lead = lost(owner=ann, external_id="x1")
        got = again(external_id="x1")
        assert (got.lead, got.created, got.reopened) == (lead, False, False)
        assert got.lead.status == "lost"

    def test_the_backup_of_who_is_away(self):
        ben = world.rep("Ben Ode")
        ann = world.rep("Ann Lee", backup=ben)
        world.live(ann)
        lead = lost(owner=ann)
        Absence.objects.create(rep=ann, first_day=LATER.date(), last_day=(LATER + 3 * DAY).date())
        again()
        lead.refresh_from_db()
        assert lead.owner == ben
        assert why(lead) == (
            "The prospect came back 10 days after the lead was lost, and Ann Lee is away until 18 March 2026: "
            "Ben Ode stands in."
        )
        replays()

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            ({"is_active": False}, "and Ann Lee, who had it, has left"),
            ({"presence": "away"}, "and they could not take it"),
            ({"max_open": 0}, "and they could not take it"),
        ],
    )
    def test_afresh_by_the_rules(self, change, says, django_capture_on_commit_callbacks):
        ann, ben = world.rep("Ann Lee"), world.rep("Ben Ode")
        pool = world.pool(ann)
        world.live(pool)
        lead = lost(owner=ann)
        pool.memberships.create(rep=ben, weight=1)
        type(ann).objects.filter(pk=ann.pk).update(**change)
        with django_capture_on_commit_callbacks(execute=True):
            again()
        lead.refresh_from_db()
        assert lead.owner == ben
        assert says in why(lead)
        assert "round robin" in why(lead) or "only" in why(lead)
        assert list(Load.objects.order_by("rep").values_list("open", flat=True)) == [0, 1]
        replays()

    def test_one_that_was_lost_in_a_queue_is_routed(self, django_capture_on_commit_callbacks):
        lead = lost_from_intake()
        ann = world.rep("Ann Lee")
        world.live(ann)
        with django_capture_on_commit_callbacks(execute=True):
            again()
        lead.refresh_from_db()
        assert lead.owner == ann
        assert why(lead).startswith(
            "The prospect came back 10 days after the lead was lost. Ann Lee, by rule"
        )
        replays()

    def test_the_earlier_owners_are_asked_again(self, django_capture_on_commit_callbacks):
        """Who declined it before it was lost may get it when it comes back."""
        ann, ben = world.rep("Ann Lee"), world.rep("Ben Ode")
        world.live(world.pool(ann, ben))
        lead = receive_lead(now=world.NOON, email="jane@example.com").lead
        route(lead.pk, now=world.NOON)
        ownership.decline(lead_id=lead.pk, by=ann.user, reason="Busy", now=world.NOON)
        ownership.close(lead_id=lead.pk, by=ben.user, outcome="lost", now=world.NOON)
        type(ben).objects.filter(pk=ben.pk).update(is_active=False)
        with django_capture_on_commit_callbacks(execute=True):
            again()
        lead.refresh_from_db()
        assert lead.owner == ann
        assert supposed_lead(lead, now=LATER).had == {ann.pk}

    def test_a_campaign_that_is_left_to_people_stays_so(self, django_capture_on_commit_callbacks):
        campaign = Campaign.objects.create(key="fair", name="Fair", is_routed=False)
        ann = world.rep()
        world.live(world.pool(ann))
        lead = lost_from_intake(campaign="fair")
        with django_capture_on_commit_callbacks(execute=True):
            again()
        lead.refresh_from_db()
        assert (lead.status, lead.owner, lead.campaign) == ("queued", None, campaign)
        assert lead.decisions.first().cause == "unrouted"
        replays()

    def test_moves_count_anew(self):
        ann, ben = world.rep("Ann Lee"), world.rep("Ben Ode")
        world.live(world.pool(ann, ben))
        make("Fast", {"respond": HOUR}, hours=Target.Hours.ALWAYS, max_reassignments=1)
        lead = receive_lead(now=world.NOON, email="jane@example.com").lead
        route(lead.pk, now=world.NOON)
        act_on_due_clocks(world.NOON + HOUR)
        lead.refresh_from_db()
        assert moves_of(lead.pk) == 1
        ownership.close(lead_id=lead.pk, by=lead.owner.user, outcome="lost", now=world.NOON + 2 * HOUR)
        again()
        assert moves_of(lead.pk) == 0

    def test_nobody_reopens_by_hand(self):
        ann = world.rep()
        world.live(ann)
        lead = lost(owner=ann)
        with pytest.raises(IntegrityError, match="only a new enquiry"), transaction.atomic():
            Lead.objects.filter(pk=lead.pk).update(
                status="received", owner=None, queue=world.intake(), closed_at=None, lost_reason=""
            )


class TestAnOpenLeadWithoutItsOwner:
    @pytest.fixture
    def people(self):
        ben = world.rep("Ben Ode")
        ann = world.rep("Ann Lee", backup=ben)
        world.live(ann)
        lead = receive_lead(now=world.NOON, email="jane@example.com").lead
        route(lead.pk, now=world.NOON)
        return ann, ben, lead

    def test_who_has_left(self, people, django_capture_on_commit_callbacks):
        ann, ben, lead = people
        type(ann).objects.filter(pk=ann.pk).update(is_active=False)
        with django_capture_on_commit_callbacks(execute=True):
            again()
        lead.refresh_from_db()
        assert lead.owner == ben  # the rule names Ann, for whom Ben stands in
        assert why(lead).startswith("The prospect wrote again, and Ann Lee has left.")
        replays()

    @pytest.mark.parametrize(("days", "moves"), [(1, False), (3, True)])
    def test_who_is_away_for_long(self, people, days, moves):
        ann, ben, lead = people
        last = LATER + (days - 1) * DAY
        Absence.objects.create(rep=ann, first_day=LATER.date(), last_day=last.date())
        again()
        lead.refresh_from_db()
        assert lead.owner == (ben if moves else ann)
        replays()

    def test_the_absence_names_who_stands_in(self, people):
        ann, _, lead = people
        cem = world.rep("Cem Al")
        Absence.objects.create(rep=ann, first_day=LATER.date(), last_day=LATER.date(), backup=cem)
        again()
        lead.refresh_from_db()
        assert lead.owner == cem
        assert "Ann Lee is away until 15 March 2026: Cem Al stands in." in why(lead)


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


@pytest.mark.django_db(transaction=True)
def test_one_by_one_and_many_at_once_at_the_same_instant_make_one_lead():
    ann = world.rep()
    world.live(ann)

    def enquire(number: int) -> int:
        values = {"email": "jane@example.com", "phone": "+49301234567"}
        other = {"email": f"o{number}@example.com"}
        try:
            if number % 2:
                return receive_lead(now=world.NOON, **values).created
            rows = [values, other, {"phone": "+49301234567"}]
            answers = receive_many([Enquiry(row, world.NOON) for row in rows[:: (-1) ** (number // 2)]])
            return sum(one.created for one in answers) - 1
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as threads:
        created = list(threads.map(enquire, range(20)))

    assert sum(created) == 1
    assert Lead.objects.filter(email="jane@example.com").count() == 1
    assert Activity.objects.filter(kind="enquiry").count() == 10 + 2 * 10 - 1


@pytest.mark.django_db(transaction=True)
def test_reopened_once_at_the_same_instant():
    ann = world.rep()
    world.live(ann)
    lead = lost(owner=ann)

    def enquire(number: int) -> bool:
        try:
            if number % 2:
                return again().reopened
            (got,) = receive_many([Enquiry({"email": "jane@example.com"}, LATER)])
            return got.reopened
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as threads:
        reopened = list(threads.map(enquire, range(20)))
    assert sum(reopened) == 1
    lead.refresh_from_db()
    assert lead.owner == ann
    assert Load.objects.get(rep=ann).open == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_enquires_while_leads_are_merged_is_heard_by_the_kept_one():
    ann, ops = world.rep(), world.user(role="ops")
    world.live(ann)
    kept, other = (receive_lead(now=world.NOON, email=f"{name}@example.com").lead for name in "ab")

    def enquire(number: int) -> int:
        try:
            if number == 3:
                return merge(kept_id=kept.pk, other_id=other.pk, by=ops, now=world.NOON) and 0
            if number % 2:
                return receive_lead(now=world.NOON, email="b@example.com").created
            (got,) = receive_many([Enquiry({"email": "b@example.com"}, world.NOON)])
            return got.created
        finally:
            connections.close_all()

    with ThreadPoolExecutor(12) as threads:
        created = list(threads.map(enquire, range(24)))
    assert sum(created) == 0
    assert kept.activities.filter(kind="enquiry").count() == 23
    assert not other.activities.exists()
