"""Every routing model, set up as docs/routing.md says, on leads that are really routed and decided again."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from leadrouting.assignments.models import Decision, Load
from leadrouting.assignments.orders import Order
from leadrouting.assignments.replaying import differences
from leadrouting.assignments.routing import route_many
from leadrouting.assignments.stories import story
from leadrouting.engine.model import StepKind
from leadrouting.leads.models import Account, Lead
from leadrouting.rules.services import publish
from leadrouting.teams.models import INTAKE, RepSkill, Skill, Territory, WinRate
from tests import world

pytestmark = pytest.mark.django_db
NOON = world.NOON
DOCS = Path(settings.BASE_DIR) / "docs" / "routing.md"


@pytest.fixture(autouse=True)
def what_is_stored_decides_the_same_again():
    yield
    assert list(differences(Decision.objects.all())) == []


def owners(*leads: dict) -> list[str]:
    """Who got them, by name; a queue where nobody did."""
    values = [{"name": "L", "queue_id": INTAKE, "created_at": NOON, **lead} for lead in leads]
    rows = Lead.objects.bulk_create([Lead(**one) for one in values])
    route_many([Order(row.pk) for row in rows], NOON + timedelta(hours=12))
    found = Lead.objects.select_related("owner__user", "queue").in_bulk([row.pk for row in rows])
    return [str(found[row.pk].owner or found[row.pk].queue) for row in rows]


def rules(*ways: tuple) -> None:
    """Conditions and targets, one rule each, in order."""
    rule_set = world.rule_set(catch_all=world.queue("Triage"))
    for when, *targets in ways:
        world.rule(rule_set, *targets, when=when)
    publish(rule_set=rule_set, by=None, now=NOON)


@pytest.fixture
def two():
    return world.rep("Ann"), world.rep("Ben")


def test_round_robin(two):
    rules(([], world.pool(*two)))
    assert owners({}, {}, {}, {}) == ["Ann", "Ben", "Ann", "Ben"]


def test_weighted(two):
    rules(([], world.pool(*two, weights=[3, 1])))
    assert sorted(owners(*[{}] * 8)) == ["Ann"] * 6 + ["Ben"] * 2


def test_territory(two):
    south = Territory.objects.create(code="south", name="South", countries=["DE"], owner=two[0])
    Territory.objects.create(
        code="munich", name="Munich", parent=south, postal_areas=["DE:80"], pool=world.pool(two[1])
    )
    rules(([("territory", "is_not_blank", "")], StepKind.TERRITORY_OWNER), ([], world.queue("Abroad")))
    places = {"country": "DE"}, {"country": "DE", "postal_code": "80331"}, {"country": "FR"}
    assert owners(*places) == ["Ann", "Ben", "Abroad"]


def test_skill(two):
    audits = world.skill("Audits")
    RepSkill.objects.create(rep=two[1], skill=audits, level=4)
    pool = world.pool(*two)
    rule_set = world.rule_set()
    world.rule(rule_set, pool, (pool, {"drop_skills": True}), skills=[(audits, 3)])
    publish(rule_set=rule_set, by=None, now=NOON)
    assert owners({}, {}) == ["Ben", "Ben"]
    RepSkill.objects.all().delete()
    assert owners({}) == ["Ann"], "a later step relaxes it"


def test_language(two):
    RepSkill.objects.create(rep=two[1], skill=Skill.objects.create(name="Spanish", kind="language"), level=3)
    rules(([], world.pool(*two, language=3)))
    assert owners({"language": "es"}, {"language": "es"}) == ["Ben", "Ben"]
    told = story(Decision.objects.first()).candidates
    assert [(one.name, one.says) for one in told] == [
        ("Ben", "took it"),
        ("Ann", "does not speak Spanish well enough"),
    ]


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("product", "guard"),
        ("source", "google"),
        ("priority", "urgent"),
        ("tier", "vip"),
        ("industry", "finance"),
    ],
)
def test_product_source_priority_tier_industry(two, fact, value):
    rules(([(fact, "is", value)], two[0]), ([], two[1]))
    assert owners({fact: value}, {}) == ["Ann", "Ben"]


def test_deal_size(two):
    rules(([("deal_size", ">=", "50000")], two[0]), ([], two[1]))
    assert owners({"deal_size": 90000}, {"deal_size": 100}, {}) == ["Ann", "Ben", "Ben"]


def test_least_loaded(two):
    Load.objects.filter(rep=two[0]).update(open=3)
    rules(([], world.pool(*two, strategy="least_loaded")))
    assert owners({}, {}) == ["Ben", "Ben"]


def test_least_utilised():
    small, large = world.rep("Ann", max_open=10), world.rep("Ben", max_open=100)
    Load.objects.filter(rep=small).update(open=5)
    Load.objects.filter(rep=large).update(open=20)
    rules(([], world.pool(small, large, strategy="least_utilised")))
    assert owners({}) == ["Ben"], "a fifth of the limit is less than a half"


def test_capacity_weighted():
    rules(([], world.pool(world.rep("Ann", max_open=30), world.rep("Ben", max_open=10), strategy="capacity")))
    assert sorted(owners(*[{}] * 8)) == ["Ann"] * 6 + ["Ben"] * 2


def test_performance_weighted(two):
    pool = world.pool(*two, strategy="performance", weights=[10, 10])
    for rep, won in zip(two, (60, 20), strict=True):
        WinRate.objects.create(pool=pool, rep=rep, won=won, closed=100)
    rules(([], pool))
    got = owners(*[{}] * 20)
    assert got.count("Ann") > got.count("Ben") > 4, "more for who wins more, within the pool's limits"


def test_account_owner(two):
    rules(([], StepKind.ACCOUNT_OWNER, two[1]))
    assert owners({"account": Account.objects.create(name="Acme", owner=two[0])}, {}) == ["Ann", "Ben"]


def test_original_owner(two):
    rules(([], StepKind.PREVIOUS_OWNER, two[1]))
    assert owners({"previous_owner": two[0]}, {}) == ["Ann", "Ben"]


def test_time_of_day(two):
    rules(([("received_hour", "between", "18, 23")], two[0]), ([], two[1]))
    tokyo = {"time_zone": "Asia/Tokyo"}  # 21:00 there when it is noon in UTC
    assert owners(tokyo, {}) == ["Ann", "Ben"]


def test_named_rep(two):
    rules(([], two[1]))
    assert owners({}) == ["Ben"]


def test_queue():
    rules(([("tier", "is", "bulk")], world.queue("Front office")))
    assert owners({"tier": "bulk"}, {}) == ["Front office", "Triage"]


def test_team(two):
    rules(([], world.pool(*two).memberships.first().rep.team.pool))
    assert owners({}, {}) == ["Ann", "Ann"]


def test_layers_add_up(two):
    """By place, then deal size, then expertise, then fair turns."""
    audits = world.skill("Audits")
    cy, dee = world.rep("Cy"), world.rep("Dee")
    for rep in (*two, cy):
        RepSkill.objects.create(rep=rep, skill=audits, level=3)
    rule_set = world.rule_set()
    large = [("country", "is", "DE"), ("deal_size", ">=", "50000")]
    world.rule(rule_set, world.pool(*two, dee), when=large, skills=[(audits, 3)])
    world.rule(rule_set, cy, when=[("country", "is", "DE")])
    publish(rule_set=rule_set, by=None, now=NOON)
    big = {"country": "DE", "deal_size": 60000}
    assert owners(big, big, big, {"country": "DE"}) == ["Ann", "Ben", "Ann", "Cy"]


def test_the_docs_name_a_test_for_each_model():
    rows = re.findall(r"^\| \*\*.+\| `(test_\w+)` \|$", DOCS.read_text(), re.MULTILINE)
    missing = [row for row in rows if row not in globals()]
    assert len(rows) >= 18 and not missing, missing
