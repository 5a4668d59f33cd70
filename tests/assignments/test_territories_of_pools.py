"""A pool owns a territory: its members take turns, and the decision says whose territory it is."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from leadrouting.assignments import handover
from leadrouting.assignments.explaining import explanation, sentences
from leadrouting.assignments.insight.past import past_leads
from leadrouting.assignments.insight.sending import send
from leadrouting.assignments.insight.turns import owners
from leadrouting.assignments.models import Assignment, Decision, Rotation
from leadrouting.assignments.orders import Order
from leadrouting.assignments.ownership import decline
from leadrouting.assignments.rehearsal import live_now, rehearse
from leadrouting.assignments.replaying import differences
from leadrouting.assignments.routing import route_many
from leadrouting.assignments.supposing import supposed_lead
from leadrouting.engine.model import StepKind
from leadrouting.leads.models import Lead
from leadrouting.teams.models import INTAKE, OfficeHours, OpeningWindow, Rep, Territory, TerritoryOwner
from leadrouting.teams.snapshot import people_now
from tests import world

pytestmark = pytest.mark.django_db
NOON = world.NOON
TERRITORY = StepKind.TERRITORY_OWNER


@pytest.fixture(autouse=True)
def what_is_stored_decides_the_same_again():
    yield
    assert list(differences(Decision.objects.all())) == []


@pytest.fixture
def south():
    return world.pool(world.rep("Ann"), world.rep("Ben"), name="South")


@pytest.fixture
def bavaria(south):
    dach = Territory.objects.create(code="dach", name="DACH", countries=["DE"])
    return Territory.objects.create(code="by", name="Bavaria", parent=dach, regions=["DE-BY"], pool=south)


def arrive(**values) -> Lead:
    values = {
        "name": "Jane",
        "queue_id": INTAKE,
        "created_at": NOON,
        "country": "DE",
        "region": "DE-BY",
        **values,
    }
    (lead,) = Lead.objects.bulk_create([Lead(**values)])
    return lead


def route(lead: Lead, now=NOON) -> Decision:
    """Routed as a dry run said that it would be."""
    dry = rehearse(supposed_lead(Lead.objects.get(pk=lead.pk), now=now), now=now)
    route_many([Order(lead.pk)], now)
    decision = Decision.objects.filter(lead=lead).latest("id")
    assert (dry.verdict.rep, dry.sentence) == (decision.rep_id, said(decision))
    return decision


def said(decision: Decision) -> str:
    return sentences([decision])[decision.pk]


def test_its_members_take_turns_and_the_decision_says_why(south, bavaria):
    world.live(TERRITORY, world.queue("Triage"), name="Places")
    decisions = [route(arrive()) for _ in range(4)]
    assert [str(one.rep) for one in decisions] == ["Ann", "Ben", "Ann", "Ben"]
    assert said(decisions[0]) == (
        "Ann, by rule “Places”: round robin in South, to which the territory “Bavaria” belongs."
    )
    lines = explanation(decisions[0])
    assert "The territory “Bavaria” belongs to the pool South." in lines
    assert "Step 1, South, round robin: it was the turn of Ann." in lines
    assert Rotation.objects.get(pool=south).turns == 4
    elsewhere = route(arrive(region=""))
    assert "it has no territory owner" in said(elsewhere)


def test_nobody_there_goes_on_to_the_next_step(south, bavaria):
    world.live(TERRITORY, world.queue("Triage"), name="Places")
    Rep.objects.update(presence="away")
    decision = route(arrive())
    line = "nobody in South, to which the territory “Bavaria” belongs, could take it"
    assert said(decision) == f"Queue “Triage”, by rule “Places”: {line}."


def test_a_pool_without_members_needs_no_lock(bavaria):
    bavaria.pool = world.pool(name="Empty")
    bavaria.save()
    world.live(TERRITORY, world.queue("Triage"))
    assert "Step 1, Empty, round robin: it has no members." in explanation(route(arrive()))


def test_an_after_hours_pool_is_asked_too(south, bavaria):
    hours = OfficeHours.objects.create(name="Days", time_zone="UTC")
    OpeningWindow.objects.create(office_hours=hours, weekday=0, opens="08:00", closes="18:00")
    Rep.objects.update(office_hours=hours)
    night = world.rep("Nia")
    south.after_hours, south.after_pool = "pool", world.pool(night, name="Night")
    south.save()
    world.live(TERRITORY)
    decision = route(arrive())
    assert decision.rep_id == night.pk
    assert [("territory" in one, one["kind"]) for one in decision.tried] == [(True, "pool"), (False, "pool")]


def test_a_declined_lead_gives_the_turn_back_and_goes_on(south, bavaria):
    world.live(TERRITORY)
    first = route(lead := arrive())
    outcome = decline(lead_id=lead.pk, by=first.rep.user, reason="Not mine", now=NOON + timedelta(hours=1))
    assert str(Rep.objects.get(pk=outcome.verdict.rep)) == "Ben"


def test_for_a_time_it_is_a_rep_or_another_pool(south, bavaria):
    day = timedelta(days=1)
    lena, north = world.rep("Lena"), world.pool(world.rep("Nils"), name="North")
    TerritoryOwner.objects.create(
        territory=bavaria, pool=north, valid_from=NOON + day, valid_until=NOON + 2 * day
    )
    TerritoryOwner.objects.create(territory=bavaria, rep=lena, valid_from=NOON + 2 * day)
    world.live(TERRITORY)
    got = [str(route(arrive(), NOON + days * day).rep) for days in range(3)]
    assert got == ["Ann", "Nils", "Lena"]


@pytest.mark.parametrize("both", [True, False])
def test_an_owner_is_one_of_the_two(south, bavaria, both):
    owner = {"rep": world.rep(), "pool": south} if both else {}
    with pytest.raises(IntegrityError, match="territory_owner_is_a_rep_or_a_pool"), transaction.atomic():
        TerritoryOwner.objects.create(territory=bavaria, valid_from=NOON, **owner)
    with pytest.raises(IntegrityError, match="territory_owner_or_pool"), transaction.atomic():
        Territory.objects.filter(pk=bavaria.pk).update(owner=world.rep())


def test_turns_of_a_comparison_are_taken_from_the_same_pool(south, bavaria):
    world.live(TERRITORY)
    route_many([Order(arrive().pk) for _ in range(6)], NOON)
    live, leads, who = live_now(), past_leads(10), people_now()
    counted = owners(live, leads, send(live, leads, who.atlas, NOON), who)
    assert sorted(counted) == sorted(Assignment.objects.values_list("rep_id", flat=True))


class TestHandover:
    @pytest.fixture
    def leads(self, south, bavaria):
        """Two leads of a rep whose territory belongs to the pool from now on."""
        bavaria.pool, bavaria.owner = None, world.rep("Lena")
        bavaria.save()
        world.live(TERRITORY)
        leads = [arrive(), arrive()]
        route_many([Order(lead.pk) for lead in leads], NOON)
        bavaria.pool, bavaria.owner = south, None
        bavaria.save()
        return leads

    @staticmethod
    def owner(lead: Lead) -> str:
        return str(Lead.objects.get(pk=lead.pk).owner)

    def test_leads_go_to_whoevers_turn_it_is_and_back(self, south, leads):
        ops, soon = world.user(role="ops"), NOON + timedelta(minutes=1)
        offered = handover.moves("by", soon)
        assert {(str(move.lead.owner), move.to) for move in offered} == {
            ("Lena", "Whoever’s turn it is in South")
        }
        moved = handover.hand_over("by", {lead.pk for lead in leads}, by=ops, now=soon)
        assert (moved.leads, moved.refused) == (2, [])
        assert {self.owner(lead) for lead in leads} == {"Ann", "Ben"}
        assert handover.moves("by", soon) == []
        assert handover.undo(moved.undo, by=ops, now=soon + timedelta(minutes=1)).leads == 2
        assert {self.owner(lead) for lead in leads} == {"Lena"}

    def test_nobody_loses_a_lead_to_a_queue(self, south, leads):
        Rep.objects.filter(pools=south).update(presence="away")
        moved = handover.hand_over(
            "by", {leads[0].pk}, by=world.user(role="ops"), now=NOON + timedelta(minutes=1)
        )
        assert moved.leads == 0 and "so it stays" in moved.refused[0]
        assert self.owner(leads[0]) == "Lena" and Decision.objects.filter(lead=leads[0]).count() == 1

    def test_others_may_not(self, leads):
        moved = handover.hand_over("by", {leads[0].pk}, by=world.user(), now=NOON + timedelta(minutes=1))
        assert moved.leads == 0 and "Only the team's manager or sales ops" in moved.refused[0]
