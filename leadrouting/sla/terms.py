"""SLA policies as clocks read them: which one a lead falls under, what it promises, in whose time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from leadrouting.businesstime import BusinessCalendar
from leadrouting.engine.compile import CompiledRuleSet, compile_rules
from leadrouting.engine.model import Rule, RuleSet
from leadrouting.rules.asking import asking, readable
from leadrouting.rules.catalogue import catalogue
from leadrouting.sla import models
from leadrouting.sla.models import Policy, Target
from leadrouting.sla.plan import Promise, Rung
from leadrouting.teams.calendars import calendars
from leadrouting.teams.models import Team
from leadrouting.teams.snapshot import People

Hours = Target.Hours
POLICY = "An SLA policy"


@dataclass(frozen=True, slots=True)
class Terms:
    """What one policy promises, by the kind of deadline. `counts` is in whose time: `owner`, `team`, `always`,
    or `office:` with the key of office hours."""

    policy: int
    promises: Mapping[str, Promise]
    counts: Mapping[str, str]
    attempts_count: bool


@dataclass(frozen=True, slots=True)
class Book:
    """All active policies, compiled like rules, and the calendars that they count in besides the owners' own."""

    stamp: int
    matcher: CompiledRuleSet
    terms: Mapping[int, Terms]
    offices: Mapping[int, BusinessCalendar | None]
    teams: Mapping[int, int | None]

    def of(self, facts: Mapping[str, Any]) -> Terms | None:
        """Of the first policy that fits these facts."""
        found = self.matcher.match(facts)
        return self.terms[found.id] if found else None

    def calendar(self, counts: str, rep: int, people: People) -> BusinessCalendar | None:
        """None: around the clock."""
        if counts == Hours.ALWAYS:
            return None
        person = people.reps[rep]
        if counts == Hours.OWNER:
            return person.calendar
        office = self.teams.get(person.team) if counts == Hours.TEAM else int(counts.partition(":")[2])
        return self.offices.get(office) if office else None


_latest: Book | None = None


def book(stamp: int) -> Book:
    """From this process's memory while `stamp`, which any change of configuration bumps, is the same."""
    global _latest
    if _latest is None or _latest.stamp != stamp:
        _latest = read(stamp)
    return _latest


def read(stamp: int) -> Book:
    """Four queries; five more when a policy counts in the hours of a team or an office."""
    policies = list(Policy.objects.filter(is_active=True).prefetch_related("conditions", "targets", "ladder"))
    known = catalogue()
    rules = tuple(rule for policy in policies if readable(rule := asked(policy), known, POLICY))
    targets = [target for policy in policies for target in policy.targets.all()]
    elsewhere = any(target.hours in (Hours.TEAM, Hours.OFFICE) for target in targets)
    return Book(
        stamp=stamp,
        matcher=compile_rules(RuleSet(0, rules, 0), known),
        terms={policy.pk: terms_of(policy) for policy in policies},
        offices=calendars() if elsewhere else {},
        teams=dict(Team.objects.values_list("pk", "office_hours")) if elsewhere else {},
    )


def asked(policy: Policy) -> Rule:
    """Which leads it is for, as the engine reads it."""
    return asking(policy.pk, policy.name, policy.conditions.all(), policy.logic)


def terms_of(policy: Policy) -> Terms:
    ladder = list(policy.ladder.all())
    return Terms(
        policy.pk,
        {
            target.kind: Promise(
                target.within,
                tuple(target.reminders),
                tuple(Rung(doing(rung), rung.after) for rung in ladder if rung.kind == target.kind),
            )
            for target in policy.targets.all()
        },
        {target.kind: counts_of(target) for target in policy.targets.all()},
        policy.attempts_count,
    )


def doing(rung: models.Rung) -> str:
    return f"{rung.do}:{rung.queue_id}" if rung.queue_id else rung.do


def counts_of(target: Target) -> str:
    return f"office:{target.office_hours_id}" if target.hours == Hours.OFFICE else target.hours
