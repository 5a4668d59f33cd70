"""How rules do."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from leadrouting.assignments.figures import figures_of
from leadrouting.assignments.ownership import close, reassign
from leadrouting.assignments.services import route
from leadrouting.rules.services import publish
from leadrouting.rules.signals import RuleFigures, measuring
from tests import world

pytestmark = pytest.mark.django_db

MONTH = timedelta(days=30)


def test_leads_share_wins_and_the_last_hit(django_assert_num_queries: Any) -> None:
    rules, ops = world.rule_set(), world.user(role="ops")
    germany = world.rule(rules, world.rep(), when=[("country", "is", "DE")])
    france = world.rule(rules, world.rep(), when=[("country", "is", "FR")])
    spain = world.rule(rules, world.rep(), when=[("country", "is", "ES")])
    publish(rule_set=rules, by=None, now=world.NOON)
    leads = [world.lead(country=country) for country in ("DE", "DE", "DE", "FR", "US")]
    for minute, lead in enumerate(leads):
        route(lead.pk, now=world.NOON + timedelta(minutes=minute))
    now = world.NOON + timedelta(hours=1)
    reassign(lead_id=leads[2].pk, to=world.rep(), by=ops, now=now, reason="Knows them")
    close(lead_id=leads[0].pk, by=ops, outcome="won", now=now, revenue=Decimal(100))
    close(lead_id=leads[1].pk, by=ops, outcome="lost", now=now)
    close(lead_id=leads[2].pk, by=ops, outcome="won", now=now, revenue=Decimal(100))
    later = now + timedelta(minutes=1)
    with django_assert_num_queries(3):
        found = figures_of([germany.pk, france.pk, spain.pk], since=later - MONTH, now=later)
    assert found == {
        germany.pk: RuleFigures(3, 0.6, won=1, closed=2, last_hit=world.NOON + timedelta(minutes=2)),
        france.pk: RuleFigures(1, 0.2, last_hit=world.NOON + timedelta(minutes=3)),
        spain.pk: RuleFigures(),
    }
    after = later + 2 * MONTH
    assert figures_of([germany.pk], since=after - MONTH, now=after) == {
        germany.pk: RuleFigures(last_hit=world.NOON + timedelta(minutes=2))
    }


def test_the_rooms_below_ask_by_signal() -> None:
    rule = world.rule(world.rule_set())
    ((_, answer),) = measuring.send(None, rule_ids=[rule.pk], since=world.NOON - MONTH, now=world.NOON)
    assert answer == {rule.pk: RuleFigures()}
