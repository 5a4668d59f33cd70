"""Rules in sentences: whom they ask for, and where they send."""

from __future__ import annotations

from collections.abc import Iterable

from leadrouting.engine.describe import describe_rule
from leadrouting.engine.facts import Catalogue
from leadrouting.engine.model import Rule, Step, StepKind
from leadrouting.engine.sentences import OWNER_NAMES, Names, join
from leadrouting.teams.models import Pool, Queue, Rep, Skill


def all_names() -> Names:
    """The names of everything that a rule can point at. Four queries."""
    return Names(
        reps={rep.pk: str(rep.user) for rep in Rep.objects.select_related("user")},
        pools=dict(Pool.objects.values_list("id", "name")),
        queues=dict(Queue.objects.values_list("id", "name")),
        skills=dict(Skill.objects.values_list("id", "name")),
    )


def rule_in_words(rule: Rule, names: Names, known: Catalogue) -> str:
    """`When country is India, give to India AE; else Triage.`"""
    asked = describe_rule(rule, known)
    needs = [f"{names.skill(skill)} at level {level} or above" for skill, level in rule.skills]
    who = f" (whoever has {join(needs)})" if needs else ""
    return f"{asked}, give to {ladder_in_words(rule.ladder, names)}{who}{validity_in_words(rule)}."


def ladder_in_words(ladder: Iterable[Step], names: Names) -> str:
    return "; else ".join(step_in_words(step, names) for step in ladder) or "nobody yet, it has no target"


def step_in_words(step: Step, names: Names) -> str:
    limits = [
        what
        for what, ignored in (
            ("office hours", step.ignore_hours),
            ("capacity", step.ignore_capacity),
            ("skills", step.drop_skills),
        )
        if ignored
    ]
    more = [
        *(["only if present"] if step.only_present else []),
        *([f"whatever the {join(limits)}"] if limits else []),
        *([f"waiting {step.wait} minute{'s' * (step.wait != 1)}"] if step.wait else []),
    ]
    return f"{place_in_words(step, names)} ({', '.join(more)})" if more else place_in_words(step, names)


def place_in_words(step: Step, names: Names) -> str:
    match step.kind:
        case StepKind.POOL:
            return names.pool(step.id)
        case StepKind.REP:
            return names.rep(step.id)
        case StepKind.QUEUE:
            return names.queues.get(step.id, f"queue {step.id}")
        case owner:
            return f"the {OWNER_NAMES[owner]}"


def validity_in_words(rule: Rule) -> str:
    """Instants as dates in UTC: a page that knows its reader's zone shows them itself."""
    parts = [
        f"{word} {at:%Y-%m-%d %H:%M} UTC"
        for word, at in (("from", rule.valid_from), ("until", rule.valid_until))
        if at is not None
    ]
    return f", {' '.join(parts)}" if parts else ""
