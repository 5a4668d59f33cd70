"""Replay: what was decided follows from what was stored, and whoever tampers with it is found."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from config.concerns import decisions
from leadrouting.assignments import ownership, replays, tasks
from leadrouting.assignments.management.commands.replay import since_of
from leadrouting.assignments.models import Decision, Replay
from leadrouting.assignments.orders import Cause, Order
from leadrouting.assignments.routing import route_many
from leadrouting.leads.models import Lead
from leadrouting.notifications.models import Message
from leadrouting.rules.models import Rule
from leadrouting.rules.services import publish
from leadrouting.teams.models import Membership, OfficeHours, OpeningWindow, User
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def history():
    """Decisions of most kinds, and an ops person who hears of alarms."""
    hours = OfficeHours.objects.create(name="Berlin", time_zone="Europe/Berlin")
    for weekday in range(5):
        OpeningWindow.objects.create(office_hours=hours, weekday=weekday, opens="08:00", closes="18:00")
    ann = world.rep("Ann", max_open=6, office_hours=hours)
    ben, away = world.rep("Ben", max_day=9), world.rep("Di", presence="away")
    pool = world.pool(ann, ben, away, weights=[3, 1, 2])
    rules = world.rule_set()
    world.rule(rules, away, pool, when=[("country", "is", "DE")], name="Germany")
    world.rule(rules, world.queue("Partners"), when=[("source", "is", "partner")], name="Partners")
    publish(rule_set=rules, by=None, now=world.NOON)
    leads = [
        Lead(name=f"L{n}", country=["DE", "IN"][n % 3 == 2], source=["web", "partner"][n % 4 == 2])
        for n in range(24)
    ]
    Lead.objects.bulk_create(leads)
    route_many([Order(lead.pk) for lead in leads], world.NOON)
    ops = world.user("Olga", role=User.Role.OPS)
    owned = Lead.objects.filter(owner=ann).first()
    ownership.reassign(lead_id=owned.pk, to=ben, by=ops, reason="Knows them", now=world.NOON)
    breached = Lead.objects.filter(owner=ben, country="DE").first()
    route_many([Order(breached.pk, Cause.BREACH, to_catch_all=True, reason="Too late")], world.NOON)
    return rules, pool, hours, ops


def replayed() -> tuple[str, int]:
    out, code = StringIO(), 0
    try:
        call_command("replay", stdout=out)
    except SystemExit as exit:
        code = int(exit.code)
    return out.getvalue(), code


def tamper(statement: str, *values: object) -> None:
    """As a superuser of the database could, past the trigger that refuses it to everybody else."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_nothing_differs_also_after_rules_weights_and_hours_have_changed(history):
    rules, pool, hours, _ = history
    total = Decision.objects.count()
    assert total >= 26
    said, code = replayed()
    assert said.startswith(f"{total} decisions recomputed") and ", 0 differ." in said and code == 0
    rule = Rule.objects.get(rule_set=rules, name="Germany")
    rule.conditions.update(value="FR")
    publish(rule_set=rules, by=None, now=world.NOON + timedelta(hours=1))
    Membership.objects.filter(pool=pool).update(weight=1)
    hours.windows.all().delete()
    assert replayed()[1] == 0
    assert Replay.objects.count() == 2 and Message.objects.filter(kind="replay").count() == 0


def test_another_winner_is_found_and_the_alarm_raised_once(history):
    *_, ops = history
    ben = world.rep("Eve")
    decision = Decision.objects.filter(rep__isnull=False, cause="arrival").first()
    tamper("UPDATE assignments_decision SET rep_id = %s WHERE id = %s", ben.pk, decision.pk)
    said, code = replayed()
    assert code == 1
    assert "1 differ." in said
    assert f"Decision {decision.pk} about lead {decision.lead_id}: Eve stands there, " in said
    tasks.replay_decisions()
    [alarm] = Message.objects.filter(kind="replay", recipient=ops)
    assert "1 decision does not follow from what was stored" in alarm.subject
    assert f"Decision {decision.pk}" in alarm.body


def test_another_fact_is_found(history):
    decision = Decision.objects.filter(rule_name="Partners").first()
    tamper("UPDATE assignments_decision SET facts = facts - 'source' WHERE id = %s", decision.pk)
    said, code = replayed()
    assert code == 1
    assert f"Decision {decision.pk} about lead {decision.lead_id}: its facts lead to no rule" in said
    tamper(
        'UPDATE assignments_decision SET facts = facts || \'{"source": "partner"}\' WHERE id = %s',
        decision.pk,
    )
    assert replayed()[1] == 0


def test_missing_books_are_a_difference_and_no_crash(history):
    decision = Decision.objects.filter(rep__isnull=False, cause="arrival").first()
    tamper(
        "UPDATE assignments_decision SET tried = jsonb_set(tried, '{0,id}', '999999') WHERE id = %s",
        decision.pk,
    )
    assert replayed()[1] == 1


def test_today_says_so_until_a_run_that_reaches_as_far_back_is_clean(history):
    decision = Decision.objects.filter(rep__isnull=False, cause="arrival").first()
    right = decision.rep_id
    tamper("UPDATE assignments_decision SET rep_id = %s WHERE id = %s", world.rep().pk, decision.pk)
    replayed()
    [concern] = decisions()
    assert concern.is_urgent and concern.text.startswith("1 stored decision does not follow")
    call_command("replay", since="1d", stdout=StringIO())
    assert list(decisions()) and replays.next_since() == world.NOON
    tamper("UPDATE assignments_decision SET rep_id = %s WHERE id = %s", right, decision.pk)
    tasks.replay_decisions()
    assert not list(decisions())


def test_each_night_goes_on_where_the_last_clean_one_began(history):
    assert replays.next_since() == Decision.objects.earliest("decided_at").decided_at
    tasks.replay_decisions()
    first = Replay.objects.get()
    assert first.different == 0 and first.checked == Decision.objects.count()
    assert replays.next_since() == first.started_at - replays.OVERLAP


def test_a_limit_takes_the_oldest_in_constant_queries(history, django_assert_num_queries):
    run = replays.recompute(world.NOON, until=timezone.now(), limit=5)
    assert run.checked == 5
    with django_assert_num_queries(3):  # one chunk, its rosters, no more chunk
        run = replays.recompute(world.NOON, until=timezone.now())
    assert run.checked == Decision.objects.count() and run.different == 0


def test_since_is_a_day_or_so_many_days():
    assert since_of("7d", world.NOON) == world.NOON - timedelta(days=7)
    assert since_of("2026-11-01", world.NOON) == datetime(2026, 11, 1, tzinfo=UTC)
