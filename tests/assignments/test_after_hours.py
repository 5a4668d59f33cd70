"""What becomes of a lead while a pool is closed: the next step, another pool, or somebody all the same."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leadrouting.assignments.deciding import LOOK_AGAIN
from leadrouting.assignments.explaining import explanation, sentences
from leadrouting.assignments.holding import CLOSED, OPENS, WAITS, Hold, hold_of
from leadrouting.assignments.insight.past import past_leads
from leadrouting.assignments.insight.sending import send
from leadrouting.assignments.insight.turns import owners
from leadrouting.assignments.models import Decision
from leadrouting.assignments.orders import Cause, Order
from leadrouting.assignments.replaying import differences
from leadrouting.assignments.routing import route_many
from leadrouting.assignments.services import route_due
from leadrouting.assignments.testing import tried
from leadrouting.engine.sentences import Names, explain
from leadrouting.leads.models import Lead
from leadrouting.rules import live as rules
from leadrouting.rules.models import Expectation
from leadrouting.sla.making import make
from leadrouting.sla.models import Clock
from leadrouting.teams.models import Membership, OfficeHours, OpeningWindow, Rep
from leadrouting.teams.snapshot import people_now
from tests import world

pytestmark = pytest.mark.django_db
NIGHT = world.NOON + timedelta(hours=10)


@pytest.fixture
def hours():
    hours = OfficeHours.objects.create(name="Days", time_zone="UTC")
    for weekday in range(5):
        OpeningWindow.objects.create(office_hours=hours, weekday=weekday, opens="08:00", closes="18:00")
    return hours


def route(now):
    lead = Lead.objects.bulk_create([Lead(name="L")])[0]
    (outcome,) = route_many([Order(lead.pk)], now)
    assert not list(differences(Decision.objects.all()))
    return outcome


def test_it_waits_for_the_opening(hours):
    world.live(world.pool(world.rep(office_hours=hours)))
    outcome = route(NIGHT)
    assert outcome.verdict.rep is None
    assert outcome.route_at == NIGHT + LOOK_AGAIN
    morning = world.NOON.replace(day=5, hour=8)
    (again,) = route_many([Order(outcome.lead, Cause.SWEEP)], morning - timedelta(minutes=1))
    assert again.route_at == morning


def test_hours_that_change_meanwhile_are_noticed_before_the_opening_that_was_known(hours):
    """Who came first is served first, once the office is open all night."""
    world.live(world.pool(world.rep("Ann", office_hours=hours)))
    first, second = route(NIGHT), route(NIGHT + timedelta(seconds=1))
    for weekday in range(7):
        OpeningWindow.objects.filter(office_hours=hours, weekday=weekday).delete()
        OpeningWindow.objects.create(office_hours=hours, weekday=weekday, opens="00:00", closes="24:00")
    assert route_due(NIGHT + timedelta(seconds=30)) == 2
    owned = Decision.objects.filter(rep__isnull=False).order_by("id").values_list("lead", flat=True)
    assert list(owned) == [first.lead, second.lead]


def test_it_is_assigned_anyway_and_that_is_said(hours):
    ann = world.rep("Ann", office_hours=hours)
    away = world.rep("Di", office_hours=hours, presence="away")
    world.live(world.pool(ann, away, after_hours="assign"))
    assert route(NIGHT).verdict.rep == ann.pk
    outcome = route(NIGHT)
    said = explain(outcome.verdict, Names(reps={ann.pk: "Ann"}))
    assert "Ann is outside office hours, which do not count for this pool." in said
    assert not route(world.NOON).verdict.tried[0].after_hours


def test_the_clock_of_who_is_assigned_anyway_starts_at_the_opening(hours):
    make("One working hour", {"respond": timedelta(hours=1)})
    world.live(world.pool(world.rep("Ann", office_hours=hours), after_hours="assign"))
    outcome = route(NIGHT)
    assert Clock.objects.get(lead=outcome.lead).due_at == world.NOON.replace(day=5, hour=9)


def test_the_after_hours_pool_is_asked_only_while_all_are_closed(hours):
    ann, night = world.rep("Ann", office_hours=hours), world.rep("Nia")
    away = world.rep("Di", office_hours=hours, presence="away")
    desk = world.pool(night, name="Night desk")
    world.live(world.pool(ann, away, after_hours="pool", after_pool=desk, name="Day"))
    outcome = route(NIGHT)
    assert outcome.verdict.rep == night.pk and [one.id for one in outcome.verdict.tried][1] == desk.pk
    assert route(world.NOON).verdict.rep == ann.pk
    ann.max_open = 1
    ann.save()
    assert route(world.NOON).verdict.rep is None, "full is not closed"


class TestHold:
    """The pool holds its leads until it opens, though the rule has another step."""

    opening = world.NOON.replace(day=5, hour=8)

    @pytest.fixture
    def day(self, hours):
        return world.pool(world.rep("Ann", office_hours=hours), after_hours="hold", name="Day")

    def test_it_is_held_and_goes_out_at_the_opening(self, hours, day):
        world.live(day, world.queue("Triage"), name="Days")
        outcome = route(NIGHT)
        assert outcome.verdict.held and outcome.route_at == NIGHT + LOOK_AGAIN
        decision = Decision.objects.get(lead=outcome.lead)
        said = sentences([decision])[decision.pk]
        assert said == "Queue “Intake”, by rule “Days”: Day is closed and holds it until it opens."
        assert (
            "The pool is closed, and holds its leads until it opens: no other step is tried."
            in explanation(decision)
        )
        lead = Lead.objects.get(pk=outcome.lead)
        assert hold_of(lead, decision, NIGHT) == Hold(self.opening, OPENS)
        assert not is_new(lead, NIGHT + timedelta(hours=1)), "that it is still held is no news"
        assert is_new(lead, self.opening)
        assert str(Lead.objects.get(pk=lead.pk).owner) == "Ann"

    def test_somebody_who_is_only_away_is_looked_for_again_in_the_night(self, day):
        Membership.objects.create(pool=day, rep=world.rep("Di", presence="away"))
        world.live(day, world.queue("Triage"))
        assert route(NIGHT).route_at == NIGHT + timedelta(minutes=15)

    def test_who_can_never_take_it_does_not_end_the_hold(self, day):
        dan = world.rep("Dan")
        Membership.objects.create(pool=day, rep=dan)
        Rep.objects.filter(pk=dan.pk).update(is_active=False)
        world.live(day, world.queue("Triage"))
        assert route(NIGHT).verdict.held

    def test_full_is_not_closed(self, day):
        world.live(day, world.queue("Triage"))
        Rep.objects.update(max_open=0)
        outcome = route(world.NOON)
        assert not outcome.verdict.held and outcome.verdict.won.kind == "queue"

    def test_a_step_that_waits_holds_for_its_wait_only(self, day):
        world.live((day, {"wait": 30}), world.queue("Triage"))
        outcome = route(NIGHT)
        lead = Lead.objects.get(pk=outcome.lead)
        assert outcome.verdict.held and not outcome.verdict.tried[0].until_opening
        decision = Decision.objects.get(lead=lead)
        wait = timedelta(minutes=30, seconds=-decision.tried[0]["waited"])
        assert hold_of(lead, decision, NIGHT) == Hold(NIGHT + wait, WAITS)

    def test_a_test_lead_of_the_night_counts_as_the_pools(self, day):
        version = world.live(day, world.queue("Triage"))
        asked = Expectation(
            rule_set=version.rule_set, name="Night", given={}, kind="pool", pool=day, at=NIGHT
        )
        (result,) = tried([asked], version.document, NIGHT)
        assert result.passed, result

    def test_a_comparison_hands_it_out_at_the_opening(self, day):
        version = world.live(day, world.queue("Triage"))
        lead = route(NIGHT).lead
        Lead.objects.filter(pk=lead).update(created_at=NIGHT)
        live, leads, who = rules.load(version.pk), past_leads(1), people_now()
        (owner,) = owners(live, leads, send(live, leads, who.atlas, NIGHT), who)
        assert owner == Rep.objects.get(user__name="Ann").pk

    def test_the_lead_page_says_until_when(self, client, day):
        world.live(day, world.queue("Triage"))
        Lead.objects.filter(pk=(lead := route(NIGHT).lead)).update(status="queued")
        ops = world.user(role="ops", is_staff=True, is_superuser=True)
        client.force_login(ops)
        page = client.get(reverse("lead", args=[lead])).content.decode()
        assert "Held in Intake until" in page and OPENS in page
        admin = client.get(reverse("admin:leads_lead_change", args=[lead])).content.decode()
        assert OPENS in admin


def is_new(lead: Lead, now) -> bool:
    """Whether trying it again wrote another decision."""
    before = Decision.objects.filter(lead=lead).count()
    route_many([Order(lead.pk, Cause.SWEEP)], now)
    return Decision.objects.filter(lead=lead).count() > before


def test_a_lead_that_waits_in_the_catch_all_says_when_it_is_tried_again(hours):
    world.live(world.pool(world.rep(office_hours=hours)))
    outcome = route(NIGHT)
    lead = Lead.objects.get(pk=outcome.lead)
    assert hold_of(lead, Decision.objects.get(), NIGHT) == Hold(world.NOON.replace(day=5, hour=8), CLOSED)
    world.live(world.queue("Triage"))
    outcome = route(NIGHT)
    lead = Lead.objects.get(pk=outcome.lead)
    assert hold_of(lead, Decision.objects.latest("id"), NIGHT) is None, "a queue of the rule waits for people"
