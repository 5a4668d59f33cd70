"""Nobody is passed over who could be taken: against trying every lead by itself, and with real threads."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.utils import timezone

from leadrouting.assignments import ownership
from leadrouting.assignments.careful import routed
from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.models import Assignment, Decision, Load, Stir
from leadrouting.assignments.orders import Cause, Order
from leadrouting.assignments.replaying import differences
from leadrouting.assignments.routing import route_many
from leadrouting.assignments.services import put_off, route_due
from leadrouting.engine.model import StepKind
from leadrouting.leads.models import Account, Lead
from leadrouting.rules.services import publish
from leadrouting.teams.models import Membership, Rep, RepSkill, Territory
from tests import world
from tests.wire import traffic

NOON, MINUTE = world.NOON, timedelta(minutes=1)
PRIORITIES = ("low", "normal", "high", "urgent")


def settle(now) -> None:
    while route_due(now):
        pass


def waiting() -> list[int]:
    return list(
        Lead.objects.filter(owner=None, route_at__isnull=False).in_turn().values_list("pk", flat=True)
    )


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(12))
def test_it_finds_an_owner_for_all_who_can_have_one(seed):
    """After every change and drain, trying every waiting lead by itself finds nobody for any of them."""
    chance = random.Random(seed)
    reps = [
        world.rep(max_open=chance.choice([0, 1, 2]), presence=chance.choice(["available", "away"]))
        for _ in range(6)
    ]
    pools = [world.pool(*chance.sample(reps, 3)) for _ in range(4)]
    skill = world.skill("Demo")
    Territory.objects.create(code="de", name="Germany", countries=["DE"], owner=reps[0])
    Territory.objects.create(code="fr", name="France", countries=["FR"], pool=pools[3])
    rules = world.rule_set()
    world.rule(rules, pools[0], pools[1], when=[("product", "is", "crm")])
    world.rule(rules, pools[2], when=[("product", "is", "erp")], skills=[(skill, 1)])
    world.rule(
        rules, StepKind.TERRITORY_OWNER, (pools[1], {"wait": 5}), when=[("country", "is_not_blank", "")]
    )
    world.rule(rules, StepKind.ACCOUNT_OWNER)
    publish(rule_set=rules, by=None, now=NOON)
    accounts = [Account.objects.create(name=f"A{n}", owner=rep) for n, rep in enumerate(reps)]
    leads = Lead.objects.bulk_create(
        Lead(
            name=f"L{n}",
            created_at=NOON + timedelta(seconds=chance.randrange(60)),
            priority=chance.choice(PRIORITIES),
            product=chance.choice(["crm", "erp", "", ""]),
            country=chance.choice(["DE", "FR", ""]),
            account=chance.choice(accounts),
        )
        for n in range(40)
    )
    now = NOON + MINUTE
    route_many([Order(lead.pk) for lead in leads], now)
    for _ in range(15):
        now += chance.choice([timedelta(seconds=1), MINUTE, 7 * MINUTE])
        disturb(chance, reps, pools, skill, now)
        settle(now)
        assert not Stir.objects.exists()
        before = waiting()
        with transaction.atomic():
            routed([Order(lead, Cause.SWEEP) for lead in before], now)
            after = waiting()
            transaction.set_rollback(True)
        assert after == before, "somebody was passed over"
    assert Assignment.objects.exists()
    assert not list(differences(Decision.objects.all()))


def disturb(chance, reps, pools, skill, now) -> None:
    rep = chance.choice(reps)
    leads = list(Lead.objects.filter(owner__isnull=False).exclude(status="lost").order_by("pk"))
    lead = chance.choice(leads) if leads else None
    match chance.randrange(6):
        case 0:
            Rep.objects.filter(pk=rep.pk).update(presence=chance.choice(["available", "away"]))
        case 1:
            Rep.objects.filter(pk=rep.pk).update(max_open=chance.choice([1, 2, 3]))
        case 2 if lead:
            ownership.close(lead_id=lead.pk, by=lead.owner.user, outcome="lost", now=now)
        case 3 if lead:
            ownership.decline(lead_id=lead.pk, by=lead.owner.user, reason="No", now=now)
        case 4:
            Membership.objects.get_or_create(pool=chance.choice(pools), rep=rep)
        case _:
            RepSkill.objects.get_or_create(rep=rep, skill=skill, defaults={"level": 1})


@pytest.mark.django_db
def test_a_territory_that_changes_hands_parts_those_who_waited_as_one():
    ana, ben = world.rep("Ana", presence="away"), world.rep("Ben")
    Territory.objects.create(code="de", name="Germany", countries=["DE"], owner=ana)
    france = Territory.objects.create(code="fr", name="France", countries=["FR"], owner=ana)
    world.live(StepKind.TERRITORY_OWNER)
    for country in ("DE", "FR"):
        (lead,) = Lead.objects.bulk_create([Lead(name=country, created_at=NOON, country=country)])
        route_many([Order(lead.pk)], NOON)
    settle(NOON)
    Territory.objects.filter(pk=france.pk).update(owner=ben)
    settle(NOON + MINUTE)
    assert list(Lead.objects.filter(owner=ben).values_list("name", flat=True)) == ["FR"]


@pytest.mark.django_db
def test_a_lead_that_fails_keeps_its_pause_whatever_stirs():
    world.live(world.pool(world.rep()))
    (lead,) = Lead.objects.bulk_create([Lead(name="odd", created_at=NOON)])
    put_off(lead.pk, NOON)
    assert route_due(NOON) == 0 and not Stir.objects.exists()
    assert route_due(NOON + MINUTE) == 1


@pytest.mark.django_db(transaction=True)
def test_a_new_lead_asks_for_no_statement_more():
    world.live(world.pool(*world.reps(5)))
    leads = Lead.objects.bulk_create([Lead(name="L", created_at=NOON) for _ in range(3)])
    for lead in leads[:2]:
        route_many([Order(lead.pk, gives_way=True)], NOON)
    assert traffic(lambda: route_many([Order(leads[2].pk, gives_way=True)], NOON)) == (11, 3)


@pytest.mark.django_db(transaction=True)
def test_reps_return_and_leads_are_closed_while_new_ones_arrive():
    """Real threads, two pulses at once: one owner each, no cap passed, nobody waits while somebody has room."""
    reps = world.reps(6, presence="away", max_open=10)
    world.live(world.pool(*reps[:4]), world.pool(*reps[2:]))
    stop = []

    def pulse() -> None:
        while not stop:
            route_due(timezone.now(), 20)

    def enter(numbers) -> None:
        for number in numbers:
            Lead.objects.create(
                name=f"L{number}", priority=PRIORITIES[number % 4], email=f"t{number}@example.org"
            )

    def come_back() -> None:
        for rep in reps:
            Rep.objects.filter(pk=rep.pk).update(presence="available")
            for lead in Lead.objects.filter(owner__isnull=False).exclude(status="lost")[:3]:
                user = Rep.objects.select_related("user").get(pk=lead.owner_id).user
                try:
                    ownership.close(lead_id=lead.pk, by=user, outcome="lost", now=timezone.now())
                except (NotYours, Refused):
                    continue

    def alone(work, *arguments) -> None:
        try:
            work(*arguments)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        pulses = [threads.submit(alone, pulse) for _ in range(2)]
        works = [threads.submit(alone, enter, range(start, 160, 4)) for start in range(4)]
        works.append(threads.submit(alone, come_back))
        for work in works:
            work.result()
        stop.append(True)
        for one in pulses:
            one.result()
    settle(timezone.now())

    open_now = Assignment.objects.filter(ended_at=None)
    assert set(Counter(open_now.values_list("lead_id", flat=True)).values()) == {1}
    carried = Counter(Lead.objects.open().values_list("owner", flat=True))
    assert {load.rep_id: load.open for load in Load.objects.filter(open__gt=0)} == carried
    assert all(count <= 10 for count in carried.values())
    assert sum(carried.values()) == 60, "nobody waits while somebody has room"
    assert Lead.objects.count() == 160
    assert Lead.objects.filter(owner=None).count() == len(waiting())
    assert not list(differences(Decision.objects.all()))
