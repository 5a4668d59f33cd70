"""The known mistakes of a set-up: each found where it is, and nothing said where all is fine."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leadrouting.rules.documents import draft_of
from leadrouting.rules.findings import Finding
from leadrouting.rules.health import checks
from leadrouting.rules.health.mistakes import (
    MISTAKES,
    NO_FALLBACK,
    NO_NIGHT,
    ONE_RULE,
    ONLY_SOURCE,
    SKILLS,
    TERRITORIES,
    UNREVIEWED,
    checklist,
)
from leadrouting.rules.models import Rule, RuleSet
from leadrouting.rules.signals import checking, gathered
from leadrouting.sla.checking import findings as deadlines
from leadrouting.sla.making import make
from leadrouting.sla.models import Target
from leadrouting.teams.models import OfficeHours, OpeningWindow, Pool, Skill, Territory
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def rules() -> RuleSet:
    """Two rules that are fine: both with a next step, around the clock."""
    rules = world.rule_set(catch_all=world.queue("Leftovers"))
    closers, others = world.pool(*world.reps(2), name="Closers"), world.pool(world.rep(), name="Others")
    world.rule(rules, closers, others, name="Germany", when=[("country", "is", "DE")])
    world.rule(rules, others, closers, name="The rest", when=[("country", "is_not", "DE")])
    return rules


def found(rules: RuleSet) -> dict[str, Finding]:
    rules = RuleSet.objects.get(pk=rules.pk)
    return {one.kind: one for one in checks.findings(rules, draft_of(rules), world.NOON)}


def test_nothing_is_said_where_all_is_fine(rules: RuleSet) -> None:
    assert found(rules) == {}


def test_one_rule_for_everything(rules: RuleSet) -> None:
    Rule.objects.filter(name="Germany").update(is_active=False)
    assert "“The rest” is the only rule." in found(rules)[ONE_RULE].sentence


def test_rules_that_ask_only_for_the_source(rules: RuleSet) -> None:
    rules.rules.all().delete()
    pool = world.pool(*world.reps(2))
    world.rule(rules, pool, pool, name="Ads", when=[("source", "is", "google")])
    world.rule(rules, pool, pool, name="Fair", when=[("campaign", "is", "fair")])
    world.rule(rules, pool, pool, name="Rest")
    assert found(rules)[ONLY_SOURCE].sentence.startswith("“Ads” and “Fair” ask only where leads come from")
    world.rule(rules, pool, pool, name="VIP", when=[("tier", "is", "vip")])
    assert ONLY_SOURCE not in found(rules)


def test_a_single_step(rules: RuleSet) -> None:
    alone = world.rule(rules, world.rep("Rita"), name="Japan", when=[("country", "is", "JP")])
    world.rule(rules, world.queue("Desk"), name="Korea", when=[("country", "is", "KR")])
    one = found(rules)[NO_FALLBACK]
    assert one.sentence.startswith("“Japan” has a single step.")
    assert one.url.endswith(f"/rules/rule/{alone.pk}/change/")


def test_skills_that_nobody_active_has_together(rules: RuleSet) -> None:
    french, cloud = Skill.objects.create(name="French"), Skill.objects.create(name="Cloud")
    rule = Rule.objects.get(name="Germany")
    for skill in (french, cloud):
        rule.skills.create(skill=skill, level=3)
    one, two = world.reps(2)
    one.skills.create(skill=french, level=5)
    two.skills.create(skill=cloud, level=5)
    said = found(rules)[SKILLS]
    assert said.is_serious
    assert "asks for Cloud at level 3 and French at level 3, which nobody active has" in said.sentence
    two.skills.create(skill=french, level=2)
    assert SKILLS in found(rules)
    two.skills.filter(skill=french).update(level=3)
    assert SKILLS not in found(rules)
    two.is_active = False
    two.save()
    assert SKILLS in found(rules)


def test_rules_that_nobody_looks_at(rules: RuleSet) -> None:
    assert UNREVIEWED not in found(rules)  # when they were made is not known
    Rule.objects.update(changed_at=world.NOON - timedelta(days=91))
    assert "“Germany” and “The rest” were neither" in found(rules)[UNREVIEWED].sentence
    Rule.objects.filter(name="Germany").update(reviewed_at=world.NOON - timedelta(days=89))
    assert found(rules)[UNREVIEWED].sentence.startswith("“The rest” was neither")


def office(zone: str, *, opens: str = "08:00", closes: str = "18:00") -> OfficeHours:
    hours = OfficeHours.objects.create(name=f"{zone} {opens}", time_zone=zone)
    for weekday in range(7):
        hours.windows.create(weekday=weekday, opens=opens, closes=closes)
    return hours


@pytest.fixture
def by_day(rules: RuleSet) -> RuleSet:
    """Rules whose only pool works by day in Berlin."""
    rules.rules.all().delete()
    pool = world.pool(*world.reps(2, office_hours=office("Europe/Berlin")), name="Berlin")
    world.rule(rules, pool, pool, name="Germany", when=[("country", "is", "DE")])
    world.rule(rules, pool, pool, name="The rest")
    return rules


def test_no_plan_for_nights(by_day: RuleSet) -> None:
    said = found(by_day)[NO_NIGHT]
    assert (
        "leads of “Germany” and “The rest” wait in the queue “Leftovers”, and nobody is told" in said.sentence
    )
    assert said.url.endswith(f"/teams/queue/{by_day.catch_all_id}/change/")


def test_a_queue_that_tells_its_owner_is_a_plan(by_day: RuleSet) -> None:
    by_day.catch_all.alarm_after = timedelta(minutes=30)
    by_day.catch_all.save()
    assert NO_NIGHT not in found(by_day)


@pytest.mark.parametrize("after_hours", ["hold", "assign", "pool"])
def test_a_pool_that_says_what_happens_after_hours_is_a_plan(by_day: RuleSet, after_hours: str) -> None:
    Pool.objects.filter(team=None).update(after_hours=after_hours, after_pool=world.pool(world.rep()))
    assert NO_NIGHT not in found(by_day)


def test_a_pool_that_holds_its_leads_for_an_opening_that_never_comes_is_none(by_day: RuleSet) -> None:
    OpeningWindow.objects.all().delete()
    Pool.objects.update(after_hours="hold")
    assert NO_NIGHT in found(by_day)


def test_a_step_that_ignores_hours_is_a_plan(by_day: RuleSet) -> None:
    for rule in by_day.rules.all():
        last = rule.targets.last()
        assert last is not None
        last.ignore_hours = True
        last.save()
    assert NO_NIGHT not in found(by_day)


def test_offices_that_follow_the_sun_are_a_plan(by_day: RuleSet) -> None:
    rules = list(by_day.rules.all())
    sydney = world.pool(world.rep(office_hours=office("Australia/Sydney")), name="Sydney")
    for rule in rules:
        rule.targets.create(position=2, kind="pool", pool=sydney)
    assert NO_NIGHT in found(by_day)  # between 18:00 in Berlin and 8:00 in Sydney, and after it
    new_york = world.pool(
        world.rep(office_hours=office("America/New_York", opens="06:00", closes="24:00")), name="New York"
    )
    for rule in rules:
        rule.targets.create(position=3, kind="pool", pool=new_york)
    assert NO_NIGHT not in found(by_day)


def test_deadlines() -> None:
    assert deadlines()[0].is_serious
    hour = {"respond": timedelta(hours=1)}
    make("All", hour)
    assert "Every lead has the same deadline, by “All”" in deadlines()[0].sentence
    chat = make("Chat", hour, when=[("channel", "is", "chat")])
    assert "by all 2 policies" in deadlines()[0].sentence
    Target.objects.filter(policy=chat).update(within=timedelta(minutes=1))
    assert deadlines() == []


def everything(rules: RuleSet) -> list[Finding]:
    return gathered(checking, rule_set=rules, document=draft_of(rules), now=world.NOON)


def test_territories(rules: RuleSet) -> None:
    world.lead(country="JP")
    assert TERRITORIES not in {one.kind for one in everything(rules)}
    dach = Territory.objects.create(code="dach", name="DACH", countries=["DE", "AT"])
    Territory.objects.create(code="bavaria", name="Bavaria", parent=dach, regions=["DE-BY"], countries=["AT"])
    for _ in range(2):
        world.lead(country="FR")
    world.lead(country="DE")
    (said,) = [one for one in everything(rules) if one.kind == TERRITORIES]
    assert "FR (2 leads) and JP (1 lead)" in said.sentence
    Territory.objects.create(code="alps", name="Alps", countries=["AT", "FR", "JP"])
    (said,) = [one for one in everything(rules) if one.kind == TERRITORIES]
    assert said.is_serious
    assert "“Alps” with “Bavaria” (AT)" in said.sentence


def test_the_list_says_also_what_is_fine(rules: RuleSet) -> None:
    checked = checklist(everything(rules))
    assert {one.mistake for one in checked} == set(MISTAKES)
    assert [one.mistake.kind for one in checked if one.findings] == ["one_policy"]
    assert checked[0].is_serious


def test_it_costs_the_same_for_many(rules: RuleSet, django_assert_max_num_queries: object) -> None:
    everything(rules)
    pool = world.pool(*world.reps(3))
    for number in range(10):
        world.rule(rules, pool, name=f"City {number}", when=[("city", "is", str(number))])
    draft = draft_of(rules)
    everything(rules)
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        gathered(checking, rule_set=rules, document=draft, now=world.NOON)
