"""What can be seen in the rules themselves, and in who there is to take leads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from leadrouting.engine.model import Rule, StepKind
from leadrouting.engine.sentences import join
from leadrouting.rules import models
from leadrouting.rules.documents import rule_from
from leadrouting.rules.findings import Finding
from leadrouting.rules.health.mistakes import NO_FALLBACK, ONE_RULE, ONLY_SOURCE, SKILLS, UNREVIEWED
from leadrouting.rules.health.night import unplanned_nights
from leadrouting.rules.health.saying import about
from leadrouting.rules.links import rule_page
from leadrouting.teams.models import Queue, Skill
from leadrouting.teams.snapshot import People, people_now

REVIEWED = timedelta(days=90)
ORIGIN = frozenset(
    "source channel campaign medium utm_source utm_medium utm_campaign utm_term utm_content".split()
)
"""Facts that say only where a lead comes from."""


def findings(rule_set: models.RuleSet, document: Mapping[str, Any], now: datetime) -> list[Finding]:
    """Four queries. `now` is UTC."""
    rules = [rule_from(rule) for rule in document["rules"]]
    who = people_now()
    queues = {queue.pk: queue for queue in Queue.objects.all()}
    found = [
        *missing_skills(rules, who),
        *one_rule(rules),
        *only_source(rules, rule_set.pk),
        *unplanned_nights(rules, queues, document["catch_all"], who, now),
        *no_fallback(rules, rule_set.pk),
        *unreviewed(rules, rule_set.pk, now),
    ]
    return sorted(found, key=lambda one: not one.is_serious)


def one_rule(rules: Sequence[Rule]) -> list[Finding]:
    if len(rules) != 1:
        return []
    said = f"“{rules[0].name}” is the only rule. Add rules for the leads that deserve better."
    return [Finding(said, ONE_RULE, url=rule_page(rules[0].id))]


def only_source(rules: Sequence[Rule], rule_set: int) -> list[Finding]:
    asking = [rule for rule in rules if rule.conditions]
    if any(condition.fact not in ORIGIN for rule in asking for condition in rule.conditions):
        return []
    several = "{rules} ask only where leads come from, as all rules here do. Ask also for the country, the product or the tier."
    one = "{rules} asks only where leads come from, and no other rule asks for more. Ask also for the country, the product or the tier."
    return about(asking, one, several, kind=ONLY_SOURCE, rule_set=rule_set)


def no_fallback(rules: Sequence[Rule], rule_set: int) -> list[Finding]:
    alone = [rule for rule in rules if len(rule.ladder) == 1 and rule.ladder[0].kind is not StepKind.QUEUE]
    after = "When nobody there can take a lead, it falls into the catch-all queue."
    one = f"{{rules}} has a single step. {after} Add another pool or a queue of its own."
    several = f"{{rules}} have a single step each. {after} Add another pool or a queue of their own."
    return about(alone, one, several, kind=NO_FALLBACK, rule_set=rule_set)


def missing_skills(rules: Iterable[Rule], who: People) -> list[Finding]:
    """Serious: such a rule gives its leads to nobody but through a step that drops the skills."""
    active = [person for person in who.reps.values() if person.is_active]
    asked = {rule.skills for rule in rules if rule.skills}
    unknown = {skills for skills in asked if not any(person.has(skills) for person in active)}
    if not unknown:
        return []
    names = dict(Skill.objects.values_list("pk", "name"))
    found: list[Finding] = []
    for rule in rules:
        if rule.skills in unknown:
            needs = join(
                [f"{names.get(skill, f'skill {skill}')} at level {level}" for skill, level in rule.skills]
            )
            said = (
                f"“{rule.name}” asks for {needs}, which nobody active has. Give it to a rep, or ask for less."
            )
            found.append(Finding(said, SKILLS, True, rule_page(rule.id)))
    return found


def unreviewed(rules: Sequence[Rule], rule_set: int, now: datetime) -> list[Finding]:
    """By the later of the last change and the last review; a rule of which neither is known is left out."""
    looked_at = models.Rule.objects.filter(rule_set=rule_set).values_list("pk", "changed_at", "reviewed_at")
    last = {key: max((at for at in moments if at is not None), default=None) for key, *moments in looked_at}
    stale = [rule for rule in rules if (at := last.get(rule.id)) is not None and at < now - REVIEWED]
    one = "{rules} was neither changed nor reviewed for 90 days. Look whether it is still right, and say so."
    several = "{rules} were neither changed nor reviewed for 90 days. Look whether they are still right, and say so."
    return about(stale, one, several, kind=UNREVIEWED, rule_set=rule_set)
