"""A small world for tests: a team with a manager, reps, a pool, a rule set that is live. Plain functions."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from leadrouting.engine.model import StepKind
from leadrouting.leads.models import Account, AccountDomain, Lead
from leadrouting.rules.models import Condition, Rule, RuleSet, RuleSkill, Target, Version
from leadrouting.rules.services import publish
from leadrouting.sla.models import Clock
from leadrouting.teams.models import INTAKE, Membership, Pool, Queue, Rep, Skill, Team, User

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)  # a Wednesday

_numbers = count(1)


def user(name: str = "", *, role: str = User.Role.REP, **values: Any) -> User:
    number = next(_numbers)
    name = name or f"Person {number}"
    return User.objects.create(
        username=f"{name.lower().replace(' ', '.')}.{number}",
        email=f"person{number}@example.com",
        name=name,
        role=role,
        **values,
    )


def team(name: str = "", **values: Any) -> Team:
    manager = values.pop("manager", None) or user(role=User.Role.MANAGER)
    return Team.objects.create(name=name or f"Team {next(_numbers)}", manager=manager, **values)


def rep(name: str = "", *, team: Team | None = None, **values: Any) -> Rep:
    return Rep.objects.create(user=user(name), team=team or globals()["team"](), **values)


def reps(number: int, *, team: Team | None = None, **values: Any) -> list[Rep]:
    team = team or globals()["team"]()
    return [rep(team=team, **values) for _ in range(number)]


def pool(*members: Rep, weights: list[int] | None = None, **values: Any) -> Pool:
    pool = Pool.objects.create(name=values.pop("name", f"Pool {next(_numbers)}"), **values)
    for member, weight in zip(members, weights or [1] * len(members), strict=True):
        Membership.objects.create(pool=pool, rep=member, weight=weight)
    return pool


def queue(name: str = "Triage", **values: Any) -> Queue:
    return Queue.objects.create(
        name=name, owner=values.pop("owner", None) or user(role=User.Role.OPS), **values
    )


def account(name: str, *domains: str, **values: Any) -> Account:
    account = Account.objects.create(name=name, **values)
    AccountDomain.objects.bulk_create([AccountDomain(account=account, domain=domain) for domain in domains])
    return account


def skill(name: str) -> Skill:
    return Skill.objects.create(name=name)


def rule_set(name: str = "", *, catch_all: Queue | None = None) -> RuleSet:
    return RuleSet.objects.create(
        name=name or f"Rules {next(_numbers)}", catch_all=catch_all or queue(f"Catch-all {next(_numbers)}")
    )


def rule(
    rule_set: RuleSet, *targets: Any, when: list[tuple[str, str, str]] | None = None, **values: Any
) -> Rule:
    """A rule at the end of the rule set; `when` lists (fact, operator, value), `skills` lists (skill, level).

    A target is a pool, rep, queue or a StepKind of an owner; or a pair of one and the step's own options.
    """
    precedence = rule_set.rules.count() + 1
    name = values.pop("name", f"Rule {precedence}")
    options, skills = values.pop("options", {}), values.pop("skills", [])
    rule = Rule.objects.create(rule_set=rule_set, precedence=precedence, name=name, **values)
    for position, (fact, operator, value) in enumerate(when or []):
        Condition.objects.create(rule=rule, position=position, fact=fact, operator=operator, value=value)
    kinds = {Pool: StepKind.POOL, Rep: StepKind.REP, Queue: StepKind.QUEUE}
    for position, target in enumerate(targets):
        target, own = target if isinstance(target, tuple) else (target, {})
        kind = target if isinstance(target, StepKind) else kinds[type(target)]
        named = {} if isinstance(target, StepKind) else {kind.value: target}
        Target.objects.create(rule=rule, position=position, kind=kind, **named, **{**options, **own})
    for skill, level in skills:
        RuleSkill.objects.create(rule=rule, skill=skill, level=level)
    return rule


def live(*targets: Any, **values: Any) -> Version:
    """A published rule set with one rule that sends everything to the targets."""
    rules = rule_set(catch_all=values.pop("catch_all", None))
    rule(rules, *targets, **values)
    return publish(rule_set=rules, by=None, now=NOON)


def lead(**values: Any) -> Lead:
    """A lead that is saved and, outside a test's transaction, routed."""
    number = next(_numbers)
    return Lead.objects.create(**{"name": f"Lead {number}", "email": f"lead{number}@example.org", **values})


def due(clock: Clock, at: datetime) -> None:
    """The clock's deadline, and all that follows it at once, is at this instant."""
    plan = [{**one, "at": at.isoformat()} for one in clock.plan if one["do"] != "reminder"]
    Clock.objects.filter(pk=clock.pk).update(due_at=at, wake_at=at, plan=plan)


def intake() -> Queue:
    return Queue.objects.get(pk=INTAKE)
