"""Versions are published and rolled back while leads come in: each lead is decided wholly by one of them."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone

from leadrouting.assignments.models import Assignment, Decision
from leadrouting.leads.models import Lead
from leadrouting.rules.documents import draft_of
from leadrouting.rules.live import ready
from leadrouting.rules.models import Condition, Rule, RuleSet, Target, Version
from leadrouting.rules.services import CannotPublish, Outdated, live_version, publish, roll_back, sight
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 5
A_SECOND = 10
"""Leads that come in."""
EVERY = 0.3
"""Seconds between two versions."""
COUNTRIES = ["DE", "FR", "ES", "IT", "PL"]


def with_connection(work: Callable[..., Any]) -> Callable[..., Any]:
    """For a thread: closes the connections that it opened."""

    def run(*args: Any) -> Any:
        try:
            return work(*args)
        finally:
            connections.close_all()

    return run


def stage() -> RuleSet:
    """A rule for each country, to a pool of its own."""
    rules = world.rule_set("Inbound")
    for country in COUNTRIES:
        pool = world.pool(*world.reps(2), name=f"Pool {country}")
        world.rule(rules, pool, name=country, when=[("country", "is", country)])
    publish(rule_set=rules, by=None, now=timezone.now())
    return rules


def change_the_draft(rules: RuleSet, chance: Random) -> None:
    """Other countries, another order, another target, and now and then a rule more or less."""
    rows = list(rules.rules.all())
    chance.shuffle(rows)
    for place, rule in enumerate(rows, start=1):
        Rule.objects.filter(pk=rule.pk).update(precedence=place)
    one, two = chance.sample(rows, 2)
    Condition.objects.filter(rule=one).update(value=chance.choice(COUNTRIES))
    first, second = Target.objects.get(rule=one), Target.objects.get(rule=two)
    Target.objects.filter(pk=first.pk).update(pool=second.pool_id)
    Target.objects.filter(pk=second.pk).update(pool=first.pool_id)
    if len(rows) > 5:
        two.delete()
    else:
        new = Rule.objects.create(rule_set=rules, precedence=99, name=f"New {time.monotonic_ns()}")
        Condition.objects.create(rule=new, fact="country", operator="is", value=chance.choice(COUNTRIES))
        Target.objects.create(rule=new, kind="pool", pool=first.pool)


def test_each_decision_is_wholly_by_one_version_and_no_lead_is_lost() -> None:
    rules, chance = stage(), Random(5)
    ended = threading.Event()

    @with_connection
    def publisher() -> int:
        done = 0
        while not ended.wait(EVERY):
            if done % 3 == 2:
                old = chance.choice(list(rules.versions.all()))
                try:
                    roll_back(version=old, by=None, now=timezone.now(), reason="Chance")
                except CannotPublish:  # it says what is live
                    continue
            else:
                change_the_draft(rules, chance)
                publish(rule_set=rules, by=None, now=timezone.now())
            done += 1
        return done

    @with_connection
    def visitor(number: int) -> None:
        begun, mine = time.monotonic(), range(number, SECONDS * A_SECOND, 2)
        for lead in mine:
            time.sleep(max(0.0, begun + lead / A_SECOND - time.monotonic()))
            Lead.objects.create(
                name=f"Lead {lead}",
                email=f"lead{lead}@example.org",
                country=COUNTRIES[lead % 5] if lead % 7 else "AT",
            )

    with ThreadPoolExecutor(3) as threads:
        publishing = threads.submit(publisher)
        visits = [threads.submit(visitor, number) for number in range(2)]
        for visit in visits:
            visit.result()
        ended.set()
        assert publishing.result() >= 8

    decisions = list(Decision.objects.select_related("version"))
    assert len(decisions) == Lead.objects.count() == SECONDS * A_SECOND
    assert len({decision.version_id for decision in decisions}) >= 8
    for decision in decisions:
        assert_wholly_by_its_version(decision)
    assert not Lead.objects.filter(owner=None, queue=None).exists()
    owned = dict(Assignment.objects.filter(ended_at=None).values_list("lead_id", "decision_id"))
    for decision in decisions:
        assert (decision.rep_id is None) == (decision.lead_id not in owned)
    assert Version.objects.filter(is_live=True).count() == 1
    numbers = sorted(rules.versions.values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def assert_wholly_by_its_version(decision: Decision) -> None:
    """Its facts match its rule by its version, and the ladder and the queue are that rule's and that version's."""
    document = decision.version.document
    match = ready(document, decision.version_id).at(decision.decided_at).match(decision.facts)
    assert decision.rule_id == (match.id if match else None)
    if match is None:
        assert decision.queue_id == document["catch_all"]
        return
    rule = next(rule for rule in document["rules"] if rule["id"] == decision.rule_id)
    assert decision.rule_name == rule["name"]
    assert [(step["kind"], step["id"]) for step in rule["ladder"]] == [
        (tried["kind"], tried["id"]) for tried in decision.tried
    ]


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each came to, all begun at the same moment, each with a connection of its own."""
    together = threading.Barrier(len(acts))

    @with_connection
    def run(act: Callable[[], Any]) -> Any:
        together.wait()
        try:
            return act()
        except (CannotPublish, Outdated) as refused:
            return refused

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def test_two_who_publish_what_they_saw_at_once() -> None:
    rules = stage()
    world.rule(rules, world.rep(), name="All others")
    seen = sight(draft_of(rules), live_version())

    def act() -> Version:
        return publish(rule_set=rules, by=None, now=timezone.now(), seen=seen)

    answers = at_once(*[act] * 4)
    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyLive"] * 3 + ["Version"]
    assert Version.objects.count() == 2


def test_two_who_publish_what_they_saw_while_it_changes() -> None:
    """Whoever comes second saw what is no longer so."""
    rules = stage()
    world.rule(rules, world.rep(), name="All others")
    seen = sight(draft_of(rules), live_version())
    publish(rule_set=rules, by=None, now=timezone.now(), seen=seen)
    world.rule(rules, world.rep(), name="And more")
    with pytest.raises(Outdated):
        publish(rule_set=rules, by=None, now=timezone.now(), seen=seen)
    assert Version.objects.count() == 2


def test_two_rule_sets_and_a_roll_back_at_once() -> None:
    """Nobody saw anything, so each wins in turn; the last is live, and nothing breaks on a constraint."""
    rules, first = stage(), Version.objects.get()
    world.rule(rules, world.rep(), name="All others")
    other = world.rule_set("Other")
    world.rule(other, world.rep())
    now = timezone.now()
    for _ in range(5):
        answers = at_once(
            lambda: publish(rule_set=rules, by=None, now=now),
            lambda: publish(rule_set=other, by=None, now=now),
            lambda: roll_back(version=first, by=None, now=now),
            lambda: publish(rule_set=rules, by=None, now=now),
        )
        assert all(isinstance(answer, Version | CannotPublish) for answer in answers)
        assert Version.objects.filter(is_live=True).count() == 1


WORKER = """
import sys, django
django.setup()
from leadrouting.leads.models import Lead
from leadrouting.assignments.models import Decision
for line in sys.stdin:
    lead = Lead.objects.create(name=line.strip(), country="DE")
    print(Decision.objects.get(lead=lead).version_id, flush=True)
"""


def test_another_process_decides_its_next_lead_by_the_new_version(database_url: str) -> None:
    rules = stage()
    first = live_version()
    assert first is not None
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", WORKER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as worker:
        assert worker.stdin and worker.stdout

        def decided_by(name: str) -> int:
            worker.stdin.write(f"{name}\n")
            worker.stdin.flush()
            return int(worker.stdout.readline())

        assert decided_by("One") == first.pk
        world.rule(rules, world.rep(), name="All others")
        second = publish(rule_set=rules, by=None, now=timezone.now())
        assert decided_by("Two") == second.pk
        third = roll_back(version=first, by=None, now=timezone.now())
        assert decided_by("Three") == third.pk
        worker.stdin.close()
