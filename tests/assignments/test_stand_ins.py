"""The backup of somebody who is away gets what goes to them by name, and the decision says so."""

from datetime import date, timedelta

import pytest

from leadrouting.assignments.explaining import explanation, sentences
from leadrouting.assignments.models import Decision
from leadrouting.assignments.orders import Order
from leadrouting.assignments.rehearsal import rehearse
from leadrouting.assignments.replaying import differences
from leadrouting.assignments.routing import route_many
from leadrouting.assignments.stories import story
from leadrouting.assignments.supposing import supposed_lead
from leadrouting.engine.model import OWNERS, StepKind
from leadrouting.engine.record import decode
from leadrouting.leads.models import Account, Lead
from leadrouting.notifications.models import Message
from leadrouting.teams.models import INTAKE, Absence, Rep, Territory
from tests import world

pytestmark = pytest.mark.django_db
NOON = world.NOON
ACCOUNT, PREVIOUS, TERRITORY = OWNERS
UNTIL = "who is away until 4 May 2026"


@pytest.fixture(autouse=True)
def what_is_stored_decides_the_same_again():
    yield
    assert list(differences(Decision.objects.all())) == []


@pytest.fixture
def lena():
    return world.rep("Lena Brandt")


@pytest.fixture
def marcus(lena):
    return away(world.rep("Marcus Johnson", backup=lena))


def away(rep: Rep, **values) -> Rep:
    days = {"first_day": date(2026, 3, 2), "last_day": date(2026, 5, 3)}
    Absence.objects.create(rep=rep, **{**days, **values})
    return rep


def arrive(**values) -> Lead:
    values = {"name": "Jane", "queue_id": INTAKE, "created_at": NOON, **values}
    (lead,) = Lead.objects.bulk_create([Lead(**values)])
    return lead


def route(lead: Lead, now=NOON, **order) -> Decision:
    """Routed as a dry run said that it would be."""
    lead = Lead.objects.get(pk=lead.pk)
    dry = rehearse(supposed_lead(lead, now=now), now=now) if not order else None
    route_many([Order(lead.pk, **order)], now)
    decision = Decision.objects.filter(lead=lead).latest("id")
    if dry is not None:
        assert (dry.verdict.rep, dry.sentence) == (decision.rep_id, said(decision))
    return decision


def said(decision: Decision) -> str:
    return sentences([decision])[decision.pk]


def of(kind: StepKind, rep: Rep) -> dict:
    if kind is TERRITORY:
        Territory.objects.create(code="dach", name="DACH", countries=["DE"], owner=rep)
        return {"country": "DE"}
    if kind is PREVIOUS:
        return {"previous_owner": rep}
    return {"account": Account.objects.create(name="Acme", owner=rep)}


@pytest.mark.parametrize("kind", OWNERS)
def test_an_owner_who_is_away_is_stood_in_for(kind, lena, marcus):
    world.live(kind, world.queue("Triage"), name="Owners")
    decision = route(arrive(**of(kind, marcus)))
    word = kind.value.replace("_", " ")
    how = f"stands in for its {word} Marcus Johnson, {UNTIL}"
    assert decision.rep_id == lena.pk
    assert said(decision) == f"Lena Brandt, by rule “Owners”: {how}."
    assert f"Step 1: Lena Brandt {how}, and could take it." in explanation(decision)
    assert Message.objects.get(recipient=lena.pk).body.endswith("You stand in for Marcus Johnson.")
    assert ("Marcus Johnson", "absent") in [(one.name, one.why) for one in story(decision).candidates]


def test_a_named_rep_who_is_switched_off_too(lena):
    tom = world.rep("Tom Reed", backup=lena)
    world.live(tom, name="Tom’s")
    Rep.objects.filter(pk=tom.pk).update(is_active=False)
    assert said(route(arrive())) == (
        "Lena Brandt, by rule “Tom’s”: stands in for Tom Reed, named by the rule, who is not active any more."
    )


def test_nobody_stands_in_for_who_is_there_busy_or_at_home(lena):
    tom = world.rep("Tom Reed", backup=lena, presence="away")
    world.live(tom, world.queue("Triage"))
    decision = route(arrive())
    assert decision.queue.name == "Triage" and "Tom Reed was away" in said(decision)
    assert "stands_in" not in decision.tried[0]


def test_a_backup_who_cannot_take_it_is_passed_over_like_anybody(lena, marcus):
    Rep.objects.filter(pk=lena.pk).update(max_open=0)
    world.live(ACCOUNT, world.queue("Triage"), name="Owners")
    decision = route(arrive(**of(ACCOUNT, marcus)))
    how = f"Lena Brandt, who stands in for its account owner Marcus Johnson, {UNTIL}, was at capacity"
    assert said(decision) == f"Queue “Triage”, by rule “Owners”: {how}."
    assert f"Step 1: {how}." in explanation(decision)


def test_a_backup_who_had_the_lead_does_not_get_it_again(lena, marcus):
    ann = world.rep("Ann")
    world.live(ACCOUNT, ann)
    first = route(lead := arrive(**of(ACCOUNT, marcus)))
    second = route(lead, NOON + timedelta(hours=1), cause="decline", moves_from=first.pk)
    assert second.rep_id == ann.pk and "had had this lead before" in said(second)


def test_a_chain_says_who_was_passed_over(lena):
    ben = away(world.rep("Ben", backup=lena))
    marcus = away(world.rep("Marcus Johnson", backup=ben))
    Rep.objects.filter(pk=lena.pk).update(backup=marcus)
    world.live(ACCOUNT, world.queue("Triage"))
    decision = route(arrive(**of(ACCOUNT, marcus)))
    assert decision.rep_id == lena.pk
    assert "Ben would have come before, but is not there either." in explanation(decision)


def test_a_ring_of_people_who_are_all_gone_ends_with_the_owner(lena, marcus):
    Rep.objects.filter(pk=lena.pk).update(backup=marcus, is_active=False)
    world.live(ACCOUNT, world.queue("Triage"))
    decision = route(arrive(**of(ACCOUNT, marcus)))
    assert decision.queue is not None and "its account owner Marcus Johnson was absent" in said(decision)


def test_the_backup_of_a_territory_is_named_as_such(lena):
    own = world.rep("Ann")
    marcus = away(world.rep("Marcus Johnson", backup=own), last_day=date(2026, 5, 4), until_noon=True)
    Territory.objects.create(code="dach", name="DACH", countries=["DE"], owner=marcus, backup=lena)
    world.live(TERRITORY, ACCOUNT)
    decision = route(arrive(country="DE"))
    assert decision.rep_id == lena.pk and "who is away until noon on 4 May 2026" in said(decision)
    both = {"country": "DE", "account": Account.objects.create(name="Acme", owner=marcus)}
    world.live(ACCOUNT, TERRITORY)
    assert route(arrive(**both)).rep_id == own.pk, "by account it is the rep's own backup"


def test_absences_without_a_gap_are_one(lena, marcus):
    away(marcus, first_day=date(2026, 5, 4), last_day=date(2026, 5, 8), backup=world.rep())
    world.live(ACCOUNT)
    assert "until 9 May 2026" in said(route(arrive(**of(ACCOUNT, marcus))))


def test_a_step_that_waits_waits_for_who_stands_in(lena, marcus):
    world.live((ACCOUNT, {"wait": 10}), world.queue("Triage"))
    account = of(ACCOUNT, marcus)
    assert route(arrive(**account)).rep_id == lena.pk, "an absent owner is not waited for"
    Rep.objects.filter(pk=lena.pk).update(presence="busy")
    held = route(lead := arrive(**account))
    assert held.queue_id == INTAKE and "waits for up to 10 minutes" in said(held)
    Rep.objects.filter(pk=lena.pk).update(presence="available")
    assert route(lead, NOON + timedelta(minutes=5)).rep_id == lena.pk
    Rep.objects.filter(pk=marcus.pk).update(backup=None)
    assert route(arrive(**account)).queue_id == INTAKE, "without a backup it waits for the owner"


def test_by_hand_nobody_stands_in(lena, marcus):
    world.live(lena)
    decision = route(arrive(), cause="reassign", to=marcus.pk)
    assert decision.rep_id == marcus.pk


def test_old_decisions_without_stand_ins_are_read_as_before(lena):
    stored = {"lead": 1, "rule": None, "step": 0, "rep": 4, "queue": None}
    old = decode({**stored, "tried": [{"step": 0, "kind": "territory_owner", "id": 4, "picked": 4}]})
    assert old.tried[0].stands_in is None
