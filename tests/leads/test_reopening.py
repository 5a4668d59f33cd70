"""Leads that were lost lately go on: with their owner, the backup, or by the rules."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from leadrouting.analytics.measures import eight_figures
from leadrouting.assignments import ownership
from leadrouting.assignments.models import Assignment, Load
from leadrouting.assignments.services import route
from leadrouting.assignments.supposing import supposed_lead
from leadrouting.leads.models import Campaign, Lead
from leadrouting.leads.services import receive_lead
from leadrouting.sla.making import make
from leadrouting.sla.models import Clock, Target
from leadrouting.sla.services import act_on_due_clocks, moves_of
from leadrouting.teams.models import Absence
from tests import world
from tests.leads.repeating import DAY, HOUR, LATER, again, lost, lost_from_intake, replays, why

pytestmark = pytest.mark.django_db


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

    def test_figures_count_it_once_and_as_open(self):
        ann = world.rep("Ann Lee")
        world.live(ann)
        lead = lost(owner=ann)
        again()
        figures = eight_figures(start=world.NOON - DAY, end=LATER + DAY, now=LATER)
        found = {figure.key: (figure.numerator, figure.denominator) for figure in figures}
        assert found["reassignment_rate"] == (0, 1)
        assert found["ownership_coverage"] == (1, 1)
        ownership.close(lead_id=lead.pk, by=ann.user, outcome="won", revenue=5, now=LATER)
        (won,) = [
            figure
            for figure in eight_figures(start=world.NOON - DAY, end=LATER, now=LATER)
            if figure.key == "lead_conversion"
        ]
        assert (won.numerator, won.denominator) == (1, 1)

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
