"""A rule set that uses everything that a file can say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from leadrouting.engine.model import StepKind
from leadrouting.leads.models import Attribute
from leadrouting.rules.models import Expectation, RuleSet, RuleSkill, Target
from leadrouting.teams.models import Skill
from tests import world


@pytest.fixture
def inbound(db: None) -> RuleSet:
    lena = world.rep("Lena Brandt", team=world.team("Berlin"))
    lena.user.username = "lena.brandt"
    lena.user.save()
    closers, triage = world.pool(lena, name="Senior closers"), world.queue("Triage")
    Attribute.objects.create(key="plan", label="plan", type="choice", choices=["free", "pro"])
    rules = world.rule_set("Inbound", catch_all=triage)
    RuleSet.objects.filter(pk=rules.pk).update(on_update="propose", note="Ask Ingrid first.")
    vip = world.rule(
        rules,
        closers,
        triage,
        name="India VIP",
        when=[("country", "is", "IN"), ("tier", "is_any_of", "vip, gold"), ("deal_size", ">=", "10000")],
        logic="1 AND (2 OR NOT 3)",
        note="Agreed with sales.\n\nUntil the new team stands.",
        valid_from=datetime(2026, 3, 1, 8, tzinfo=UTC),
        options={"wait": 10},
    )
    RuleSkill.objects.create(rule=vip, skill=Skill.objects.create(name="Hindi"), level=3)
    berlin = world.rule(
        rules, name="Plans", when=[("attributes.plan", "is", "pro"), ("source", "is_blank", "")]
    )
    Target.objects.create(rule=berlin, position=0, kind=StepKind.ACCOUNT_OWNER, only_present=True)
    Target.objects.create(rule=berlin, position=1, kind=StepKind.POOL, pool=lena.team.pool)
    Target.objects.create(rule=berlin, position=2, kind=StepKind.REP, rep=lena, ignore_hours=True)
    world.rule(rules, triage, name="Norway", when=[("country", "is", "NO")], is_active=False)
    Expectation.objects.create(
        rule_set=rules,
        name="A VIP",
        given={"country": "IN", "tier": "vip", "deal_size": 5000, "tags": ["a, b"]},
        kind=StepKind.POOL,
        pool=closers,
        at=datetime(2026, 3, 4, 12, tzinfo=UTC),
    )
    rules.refresh_from_db()
    return rules
