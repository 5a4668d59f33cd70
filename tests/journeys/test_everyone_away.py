"""Everyone is away, then one returns: what waits goes out at once, the most urgent first, then the oldest."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from leadrouting.assignments import ownership
from leadrouting.assignments.explaining import explanation, sentences
from leadrouting.assignments.models import Assignment, Decision, Stir
from leadrouting.assignments.orders import Cause, Order
from leadrouting.assignments.replaying import differences
from leadrouting.assignments.routing import route_many
from leadrouting.assignments.services import route, route_due
from leadrouting.leads.models import Lead
from leadrouting.rules.services import publish
from leadrouting.teams.availability import set_presence
from leadrouting.teams.models import Absence, Membership, OfficeHours, Rep
from leadrouting.teams.presence import seen
from tests import world

NOON = world.NOON
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
pytestmark = pytest.mark.django_db


def arrive(name: str, at: datetime, **values) -> Lead:
    """A new lead, routed as the signal does it."""
    (lead,) = Lead.objects.bulk_create([Lead(name=name, created_at=at, **values)])
    route(lead.pk, now=at, gives_way=True)
    return lead


def settle(now: datetime) -> int:
    """What the pulse does; returns how many leads it tried or put off."""
    total = 0
    while done := route_due(now):
        total += done
    assert not Stir.objects.exists()
    return total


def owned() -> list[str]:
    """The names of the leads that somebody got, in the order in which they did: those of one moment are told apart
    by what the rep carried before (only where there is a cap is that known)."""
    found = Decision.objects.filter(rep__isnull=False).select_related("lead")
    in_order = sorted(found, key=lambda one: (one.decided_at, one.tried[-1].get("loads", ()), one.pk))
    return [one.lead.name for one in in_order]


def close(name: str, now: datetime) -> None:
    lead = Lead.objects.select_related("owner__user").get(name=name)
    ownership.close(lead_id=lead.pk, by=lead.owner.user, outcome="lost", now=now)


def three_wait(now: datetime = NOON) -> None:
    arrive("older", now)
    arrive("newer", now + SECOND)
    arrive("urgent", now + 2 * SECOND, priority="urgent")
    settle(now + 3 * SECOND)
    assert owned() == []


@pytest.fixture(autouse=True)
def replayable():
    yield
    assert not list(differences(Decision.objects.all()))


class TestSomebodyIsThereAgain:
    def test_who_sets_themselves_available_gets_what_waits_in_turn(self):
        ana, ben = world.rep("Ana", presence="away", max_open=9), world.rep("Ben", presence="away")
        world.live(world.pool(ana, ben))
        three_wait()
        set_presence(rep_id=ana.pk, presence="available", cause="self", now=NOON + HOUR)
        assert settle(NOON + HOUR) >= 3
        assert owned() == ["urgent", "older", "newer"]
        assert set(Lead.objects.values_list("owner", flat=True)) == {ana.pk}
        decision = Decision.objects.get(rep=ana, lead__name="older")
        assert explanation(decision)[-1] == "It had waited for 1 h until somebody could take it."
        assert sentences([decision])[decision.pk].endswith(
            "It had waited for 1 h until somebody could take it."
        )

    def test_an_absence_ends_though_nobody_writes_anything(self):
        ana = world.rep("Ana", max_open=2)
        Absence.objects.create(rep=ana, first_day=date(2026, 3, 2), last_day=date(2026, 3, 4))
        world.live(world.pool(ana))
        back = datetime.fromisoformat("2026-03-05T00:00:00+00:00")
        three_wait(back - 5 * MINUTE)
        assert set(Lead.objects.values_list("route_at", flat=True)) == {back}
        settle(back - SECOND)
        assert owned() == []
        settle(back)
        assert owned() == ["urgent", "older"]

    def test_an_office_opens(self):
        hours = OfficeHours.objects.create(name="Days", time_zone="UTC")
        hours.windows.create(weekday=2, opens="14:00", closes="18:00")
        world.live(world.pool(world.rep("Ana", office_hours=hours, max_open=9)))
        three_wait()
        settle(NOON + 2 * HOUR - SECOND)
        assert owned() == []
        settle(NOON + 2 * HOUR)
        assert owned() == ["urgent", "older", "newer"]

    def test_a_page_is_opened(self):
        ana = world.rep("Ana", max_open=9)
        world.live((world.pool(ana), {"only_present": True}))
        three_wait()
        seen(ana.pk, NOON + HOUR)
        settle(NOON + HOUR)
        assert owned() == ["urgent", "older", "newer"]


class TestThereIsRoom:
    def test_a_closed_lead_makes_room_for_the_right_one(self):
        world.live(world.pool(world.rep("Ana", max_open=1)))
        arrive("first", NOON)
        arrive("older", NOON + SECOND)
        arrive("high", NOON + 2 * SECOND, priority="high")
        settle(NOON + MINUTE)
        close("first", NOON + 2 * MINUTE)
        settle(NOON + 2 * MINUTE)
        close("high", NOON + 3 * MINUTE)
        settle(NOON + 3 * MINUTE)
        assert owned() == ["first", "high", "older"]

    def test_a_cap_is_raised(self):
        ana = world.rep("Ana", max_open=0)
        world.live(world.pool(ana))
        three_wait()
        Rep.objects.filter(pk=ana.pk).update(max_open=2)
        settle(NOON + MINUTE)
        assert owned() == ["urgent", "older"]

    def test_an_hour_begins(self):
        world.live(world.pool(world.rep("Ana", max_hour=1)))
        start = NOON + 55 * MINUTE
        arrive("first", start)
        arrive("second", start + SECOND)
        arrive("third", start + 2 * SECOND)
        settle(NOON + HOUR - SECOND)
        assert owned() == ["first"]
        settle(NOON + HOUR)
        assert owned() == ["first", "second"]

    def test_a_member_is_added(self):
        pool = world.pool(world.rep("Ana", presence="away"))
        world.live(pool)
        three_wait()
        Membership.objects.create(pool=pool, rep=world.rep("Ben", max_open=9))
        settle(NOON + MINUTE)
        assert owned() == ["urgent", "older", "newer"]

    def test_other_rules_go_live(self):
        rules = world.rule_set()
        away = world.pool(world.rep("Ana", presence="away"))
        world.rule(rules, away)
        publish(rule_set=rules, by=None, now=NOON)
        arrive("German", NOON, country="DE")
        arrive("French", NOON + SECOND, country="FR")
        settle(NOON + MINUTE)
        rules.rules.all().delete()
        world.rule(rules, world.pool(world.rep("Ben")), when=[("country", "is", "FR")])
        world.rule(rules, away)
        publish(rule_set=rules, by=None, now=NOON + MINUTE)
        settle(NOON + 2 * MINUTE)
        assert owned() == ["French"], "those that waited as one no longer do"


class TestMany:
    def test_five_hundred_wait_and_one_place_is_free(self):
        world.live(world.pool(world.rep("Ana", max_open=1)))
        arrive("first", NOON)
        ids = Lead.objects.bulk_create(
            Lead(name=f"L{n}", created_at=NOON + n * SECOND, priority="high" if n in (77, 300) else "normal")
            for n in range(500)
        )
        route_many([Order(lead.pk) for lead in reversed(ids)], NOON + HOUR)
        settle(NOON + HOUR)
        close("first", NOON + HOUR)
        assert route_due(NOON + HOUR) <= 8, "one place: the others of the kind are not tried"
        assert owned() == ["first", "L77"]
        close("L77", NOON + HOUR)
        settle(NOON + HOUR)
        close("L300", NOON + HOUR)
        settle(NOON + HOUR)
        assert owned() == ["first", "L77", "L300", "L0"]

    def test_those_whose_time_has_come_are_put_off_together(self):
        world.live(world.pool(world.rep("Ana", presence="away")))
        leads = Lead.objects.bulk_create(Lead(name=f"L{n}", created_at=NOON) for n in range(300))
        route_many([Order(lead.pk) for lead in leads], NOON)
        settle(NOON)
        assert route_due(NOON + HOUR) == 300
        assert set(Lead.objects.values_list("route_at", flat=True)) == {NOON + HOUR + 15 * MINUTE}
        assert Assignment.objects.count() == 0

    def test_a_kind_that_finds_nobody_holds_up_no_other(self):
        rules = world.rule_set()
        world.rule(rules, world.pool(world.rep(presence="away")), when=[("country", "is", "DE")])
        busy = world.rep(presence="busy")
        world.rule(rules, world.pool(busy))
        publish(rule_set=rules, by=None, now=NOON)
        leads = Lead.objects.bulk_create(
            Lead(name=f"L{n}", created_at=NOON, country="DE" if n < 250 else "FR") for n in range(300)
        )
        route_many([Order(lead.pk) for lead in leads], NOON)
        settle(NOON)
        Rep.objects.filter(pk=busy.pk).update(presence="available")
        settle(NOON + MINUTE)
        assert sorted(owned()) == sorted(f"L{n}" for n in range(250, 300))

    def test_the_wait_of_a_step_ends_for_each_lead_by_itself(self):
        ben = world.rep("Ben")
        world.live((world.pool(world.rep(presence="busy")), {"wait": 10}), ben)
        arrive("first", NOON)
        arrive("second", NOON + 5 * MINUTE, priority="urgent")
        settle(NOON + 5 * MINUTE)
        settle(NOON + 10 * MINUTE)
        assert owned() == ["first"]
        settle(NOON + 15 * MINUTE)
        assert owned() == ["first", "second"]

    def test_what_is_left_to_people_stays_with_them(self):
        world.live(world.queue("Triage"))
        arrive("theirs", NOON)
        world.rep("Ana")
        assert settle(NOON + MINUTE) == 0
        assert Lead.objects.get().owner is None


class TestNewOnes:
    """A new lead gives way to those that wait by the same rule, while a place that has come free is being filled."""

    @pytest.fixture
    def freed(self):
        rules = world.rule_set()
        world.rule(rules, world.rep("Fay"), when=[("country", "is", "FR")])
        world.rule(rules, world.pool(world.rep("Ana", max_open=1)))
        publish(rule_set=rules, by=None, now=NOON)
        arrive("first", NOON)
        arrive("waits", NOON + SECOND)
        settle(NOON + MINUTE)
        close("first", NOON + MINUTE)

    def test_it_does_not_overtake(self, freed):
        lead = arrive("new", NOON + MINUTE)
        assert owned() == ["first"]
        assert Lead.objects.get(pk=lead.pk).route_at == NOON + MINUTE
        settle(NOON + MINUTE)
        assert owned() == ["first", "waits"]
        lead.refresh_from_db()
        assert lead.status == "queued" and lead.queue != world.intake(), (
            "it was tried, and waits like the others"
        )

    def test_unless_it_is_more_urgent(self, freed):
        arrive("new", NOON + MINUTE, priority="urgent")
        settle(NOON + MINUTE)
        assert owned() == ["first", "new"]

    def test_it_gives_way_to_nobody_of_another_rule(self, freed):
        arrive("new", NOON + MINUTE, country="FR")
        assert owned() == ["first", "new"]

    def test_when_the_clock_alone_opens_it_gives_way_too(self):
        hours = OfficeHours.objects.create(name="Days", time_zone="UTC")
        hours.windows.create(weekday=2, opens="12:05", closes="18:00")
        world.live(world.pool(world.rep("Ana", office_hours=hours, max_open=1)))
        arrive("waits", NOON)
        settle(NOON)
        settle(NOON + 4 * MINUTE)
        arrive("new", NOON + 5 * MINUTE)
        settle(NOON + 5 * MINUTE)
        assert owned() == ["waits"]

    def test_where_nobody_beats_it_is_routed_after_ten_seconds_all_the_same(self, freed):
        Stir.objects.update(at=datetime.fromisoformat("2020-01-01T00:00:00+00:00"))
        arrive("new", NOON + MINUTE)
        assert owned() == ["first", "new"]

    def test_whoever_asks_by_hand_does_not_give_way(self, freed):
        (lead,) = Lead.objects.bulk_create([Lead(name="new", created_at=NOON)])
        route_many([Order(lead.pk, Cause.REROUTE)], NOON + MINUTE)
        assert owned() == ["first", "new"]
