"""Rules in sentences: whom they ask for, and where they send."""

from __future__ import annotations

from collections.abc import Iterable

from leadrouting.engine.describe import describe_rule
from leadrouting.engine.model import Rule, Step, StepKind
from leadrouting.engine.sentences import Names
from leadrouting.rules.catalogue import catalogue
from leadrouting.teams.models import Pool, Queue, Rep


def all_names() -> Names:
    """The names of everything that a rule can point at. Three queries."""
    return Names(
        reps={rep.pk: str(rep.user) for rep in Rep.objects.select_related("user")},
        pools=dict(Pool.objects.values_list("id", "name")),
        queues=dict(Queue.objects.values_list("id", "name")),
    )


def rule_in_words(rule: Rule, names: Names) -> str:
    """`When country is India: pool “India AE”, else queue “Triage”.`"""
    return f"{describe_rule(rule, catalogue())}: {ladder_in_words(rule.ladder, names)}."


def ladder_in_words(ladder: Iterable[Step], names: Names) -> str:
    return ", else ".join(step_in_words(step, names) for step in ladder) or "nobody yet, it has no target"


def step_in_words(step: Step, names: Names) -> str:
    if step.kind is StepKind.POOL:
        where = f"pool “{names.pool(step.id)}”"
    else:
        where = names.rep(step.id) if step.kind is StepKind.REP else names.queue(step.id)
    limits = [
        what
        for what, ignored in (("office hours", step.ignore_hours), ("capacity", step.ignore_capacity))
        if ignored
    ]
    return f"{where} (whatever the {' and '.join(limits)})" if limits else where
