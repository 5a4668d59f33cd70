"""Which rules ask about a custom attribute: those of all drafts, and those of the version that is live."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import reverse

from leadrouting.engine.facts import CUSTOM_PREFIX
from leadrouting.engine.values import fold
from leadrouting.leads.attributes import Use
from leadrouting.rules.documents import operand_of
from leadrouting.rules.models import Condition, ScoreCondition, Version


def told_uses(keys: Sequence[str], **_: Any) -> dict[str, list[Use]]:
    """One entry for each rule; a live one is named only where its draft no longer asks. Three queries."""
    found: dict[tuple[str, int], Use] = {}
    for key, rule, use in (*in_drafts(keys), *in_live_version(keys), *in_scores(keys)):
        known = found.setdefault((key, rule), use)
        found[key, rule] = Use(known.rule, known.where, known.link, known.values | use.values)
    answer: dict[str, list[Use]] = {}
    for (key, _rule), use in found.items():
        answer.setdefault(key, []).append(use)
    return answer


def in_drafts(keys: Sequence[str]) -> Iterator[tuple[str, int, Use]]:
    asking = Condition.objects.filter(fact__in=[f"{CUSTOM_PREFIX}{key}" for key in keys])
    for one in asking.select_related("rule__rule_set").order_by("rule__rule_set__name", "rule__precedence"):
        rule = one.rule
        link = reverse("admin:rules_rule_change", args=[rule.pk])
        where = f"of “{rule.rule_set}”{'' if rule.is_active else ' (switched off)'}"
        named = operand_of(one.operator, one.value)
        yield one.fact.removeprefix(CUSTOM_PREFIX), rule.pk, Use(rule.name, where, link, folded(named))


def in_live_version(keys: Sequence[str]) -> Iterator[tuple[str, int, Use]]:
    for version in Version.objects.filter(is_live=True).select_related("rule_set"):
        link = reverse("admin:rules_version_change", args=[version.pk])
        where = f"of the live version {version.number} of “{version.rule_set}”"
        for rule in version.document["rules"]:
            for one in rule["conditions"]:
                key = one["fact"].removeprefix(CUSTOM_PREFIX)
                if one["fact"].startswith(CUSTOM_PREFIX) and key in keys:
                    yield key, rule["id"], Use(rule["name"], where, link, folded(one["operand"]))


def in_scores(keys: Sequence[str]) -> Iterator[tuple[str, int, Use]]:
    """Their numbers are told apart from those of rules by the sign."""
    asking = ScoreCondition.objects.filter(fact__in=[f"{CUSTOM_PREFIX}{key}" for key in keys])
    for one in asking.select_related("score_rule").order_by("score_rule__name"):
        rule = one.score_rule
        link = reverse("admin:rules_scorerule_change", args=[rule.pk])
        where = f"of the lead score{'' if rule.is_active else ' (switched off)'}"
        named = operand_of(one.operator, one.value)
        yield one.fact.removeprefix(CUSTOM_PREFIX), -rule.pk, Use(rule.name, where, link, folded(named))


def folded(operand: Any) -> frozenset[str]:
    parts = operand if isinstance(operand, list) else [operand]
    return frozenset(fold(str(part)) for part in parts if part is not None)
