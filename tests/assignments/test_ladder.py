"""Every kind of step and every option, on leads that are really routed."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from leadrouting.assignments.explaining import explanation, sentences
from leadrouting.assignments.models import Decision, Load
from leadrouting.assignments.orders import Cause, Order
from leadrouting.assignments.replaying import differences
from leadrouting.assignments.routing import route_many
from leadrouting.engine.model import OWNERS, StepKind
from leadrouting.leads.models import Account, Lead
from leadrouting.teams.models import INTAKE, RepSkill, Sighting, Territory
from leadrouting.teams.presence import seen
from tests import world

pytestmark = pytest.mark.django_db

NOON = world.NOON
ACCOUNT, PREVIOUS, TERRITORY = OWNERS


@pytest.fixture(autouse=True)
def what_is_stored_decides_the_same_again():
    yield
    assert list(differences(Decision.objects.all())) == []


def arrive(**values) -> Lead:
    """Saved without signals at NOON, to be routed when a test says so."""
    values = {"name": "Jane", "queue_id": INTAKE, "created_at": NOON, **values}
    (lead,) = Lead.objects.bulk_create([Lead(**values)])
    return lead


def route(lead: Lead, *, after: timedelta = timedelta(), **order) -> Lead:
    """Route it `after` NOON."""
    route_many([Order(lead.pk, **order)], NOON + after)
    lead.refresh_from_db()
    return lead


def said(lead: Lead) -> str:
    decision = Decision.objects.filter(lead=lead).latest("decided_at", "id")
    return sentences([decision])[decision.pk]


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def known_by(kind: StepKind, rep) -> dict:
    """A lead to which the rep is this."""
    if kind is TERRITORY:
        Territory.objects.create(code="dach", name="DACH", countries=["DE"], owner=rep)
        return {"country": "DE"}
    if kind is PREVIOUS:
        return {"previous_owner": rep}
    return {"account": Account.objects.create(name="Acme", owner=rep)}


@pytest.mark.parametrize("kind", OWNERS)
def test_an_owner_gets_the_lead_and_it_says_so(kind):
    lena, others = world.rep("Lena Brandt"), world.pool(world.rep("Ann"))
    world.live(kind, others, name="Owners first")
    assert route(arrive(**known_by(kind, lena))).owner == lena
    word = kind.value.replace("_", " ")
    assert said(Lead.objects.get()) == f"Lena Brandt, by rule “Owners first”: its {word}."


@pytest.mark.parametrize("kind", OWNERS)
def test_an_owner_who_is_away_or_unknown_is_passed_over(kind):
    lena, ann = world.rep("Lena Brandt", presence="away"), world.rep("Ann")
    world.live(kind, ann, name="Owners first")
    word = kind.value.replace("_", " ")
    first, second = arrive(**known_by(kind, lena)), arrive()
    assert route(first).owner == ann and f"its {word} Lena Brandt was away" in said(first)
    assert route(second).owner == ann and f"it has no {word}" in said(second)


def test_the_owner_of_the_deepest_territory_that_has_one():
    lena = world.rep("Lena Brandt")
    europe = Territory.objects.create(code="europe", name="Europe", owner=lena)
    Territory.objects.create(code="dach", name="DACH", parent=europe, countries=["DE"])
    world.live(TERRITORY)
    assert route(arrive(country="DE")).owner == lena


def test_an_owner_never_gets_more_than_the_cap_also_within_one_batch():
    lena, ann = world.rep("Lena", max_open=2), world.rep("Ann")
    account = Account.objects.create(name="Acme", owner=lena)
    world.live(ACCOUNT, ann)
    leads = [arrive(account=account) for _ in range(5)]
    route_many([Order(lead.pk) for lead in leads], NOON)
    assert Load.objects.get(rep=lena).open == 2 and Lead.objects.filter(owner=ann).count() == 3


def test_who_had_the_lead_does_not_get_it_back_as_its_owner():
    lena, ann = world.rep("Lena"), world.rep("Ann")
    world.live(ACCOUNT, ann)
    lead = route(arrive(**known_by(ACCOUNT, lena)))
    route(lead, after=minutes(5), cause=Cause.DECLINE, moves_from=Decision.objects.get().pk)
    assert lead.owner == ann


def test_a_team_takes_leads_by_its_own_pool():
    team = world.team("Nordics")
    ann, ben = world.reps(2, team=team)
    world.live(team.pool)
    owners = [route(arrive()).owner for _ in range(4)]
    assert owners == [ann, ben, ann, ben]


def test_skills_are_needed_until_a_step_drops_them():
    ann, ben = world.rep("Ann"), world.rep("Ben")
    danish = world.skill("Danish")
    RepSkill.objects.create(rep=ann, skill=danish, level=2)
    RepSkill.objects.create(rep=ben, skill=danish, level=4)
    pool = world.pool(ann, ben)
    world.live(pool, (pool, {"drop_skills": True}), skills=[(danish, 3)], name="Danes")
    assert [route(arrive()).owner for _ in range(2)] == [ben, ben]
    assert "1 other did not have the skills" in said(Lead.objects.first())
    RepSkill.objects.all().delete()
    last = route(arrive())
    assert last.owner is not None and "once skills no longer counted" in said(last)


def test_only_those_who_have_their_pages_open():
    cache.clear()
    ann, ben, cy = world.reps(3)
    pool = world.pool(ann, ben, cy)
    world.live((pool, {"only_present": True}), world.queue("Night desk"))
    assert route(arrive()).queue.name == "Night desk"
    seen(ben.pk, NOON - minutes(4))
    seen(cy.pk, NOON - minutes(6))
    lead = route(arrive())
    assert lead.owner == ben and "2 others did not have their pages open" in said(lead)


def test_a_sighting_is_written_at_most_once_a_minute(django_assert_num_queries):
    cache.clear()
    ann = world.rep("Ann")
    with django_assert_num_queries(1):
        seen(ann.pk, NOON)
        seen(ann.pk, NOON + timedelta(seconds=30))
    cache.clear()  # another process
    seen(ann.pk, NOON + timedelta(seconds=30))
    assert Sighting.objects.get().seen_at == NOON
    cache.clear()
    seen(ann.pk, NOON + minutes(2))
    assert Sighting.objects.get().seen_at == NOON + minutes(2)
    seen(world.user(role="manager").pk, NOON)
    assert Sighting.objects.count() == 1, "Who is no rep is not seen."


def test_a_lead_is_held_where_it_is_tried_each_minute_and_goes_on_when_the_wait_is_over():
    ann, ben = world.rep("Ann", presence="busy"), world.rep("Ben")
    nordics = world.pool(ann, name="Nordics")
    world.live((nordics, {"wait": 10}), ben, name="Denmark")
    lead = route(arrive())
    assert (lead.owner, lead.queue, lead.status) == (None, world.intake(), "queued")
    assert lead.route_at == NOON + minutes(1)
    assert said(lead) == (
        "Queue “Intake”, by rule “Denmark”: nobody in Nordics could take it yet; "
        "it waits for up to 10 minutes before it goes on."
    )
    route(lead, after=minutes(9.5), cause=Cause.SWEEP)
    assert lead.route_at == NOON + minutes(10) and Decision.objects.count() == 1
    route(lead, after=minutes(10), cause=Cause.SWEEP)
    assert lead.owner == ben
    assert said(lead) == (
        "Ben, by rule “Denmark”: named by the rule; nobody in Nordics could take it within 10 minutes."
    )


def test_a_rep_who_becomes_free_in_time_gets_the_held_lead():
    ann = world.rep("Ann", presence="busy")
    world.live((world.pool(ann), {"wait": 10}), world.rep("Ben"))
    lead = route(arrive())
    ann.presence = "available"
    ann.save()
    assert route(lead, after=minutes(3), cause=Cause.SWEEP).owner == ann


def test_each_step_has_its_wait_and_both_are_told():
    busy = [world.rep(name, presence="busy") for name in ("Ann", "Ben")]
    triage = world.queue("Triage")
    world.live((busy[0], {"wait": 5}), (busy[1], {"wait": 10}), catch_all=triage)
    lead = route(arrive())
    route(lead, after=minutes(5), cause=Cause.SWEEP)
    assert "Ann could not take it within 5 minutes and Ben could not take it yet" in said(lead)
    assert (lead.queue, lead.route_at) == (world.intake(), NOON + minutes(6))
    route(lead, after=minutes(10), cause=Cause.SWEEP)
    assert lead.queue == triage and "Ben could not take it within 10 minutes" in said(lead)
    assert Decision.objects.count() == 3


def test_the_end_of_a_wait_is_written_even_when_the_lead_lies_there_already():
    world.live((world.rep("Ann", presence="busy"), {"wait": 5}), catch_all=world.intake())
    lead = route(arrive())
    route(lead, after=minutes(5), cause=Cause.SWEEP)
    assert Decision.objects.count() == 2 and "within 5 minutes" in said(lead)
    route(lead, after=minutes(20), cause=Cause.SWEEP)
    assert Decision.objects.count() == 2


def test_a_lead_that_moves_on_waits_anew_from_the_end_of_its_last_assignment():
    ann = world.rep("Ann")
    pool = world.pool(ann, world.rep("Cy", presence="busy"))
    world.live((pool, {"wait": 10}), world.rep("Ben"))
    lead = route(arrive())
    route(lead, after=minutes(60), cause=Cause.BREACH, moves_from=Decision.objects.get().pk)
    assert lead.owner is None and lead.queue == world.intake() and "yet" in said(lead)
    assert route(lead, after=minutes(69), cause=Cause.SWEEP).owner is None
    assert route(lead, after=minutes(70), cause=Cause.SWEEP).owner is not None


def test_the_story_of_a_held_lead_names_every_step():
    world.live(ACCOUNT, (world.rep("Ann", presence="busy"), {"wait": 10}), name="Denmark")
    route(arrive())
    assert explanation(Decision.objects.get()) == [
        "Rule “Denmark” matched.",
        "Step 1: it has no account owner.",
        "Step 2: Ann is named but was busy.",
        "It waits here for up to 10 minutes before the next step is tried.",
        "Until then it is in queue “Intake”.",
    ]
