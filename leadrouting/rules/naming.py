"""Which rules name a rep: those of all drafts, and those of the live version where the draft no longer does."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from leadrouting.engine.model import StepKind
from leadrouting.rules.models import Rule, Version
from leadrouting.teams.signals import Place


def told_places(rep: int, **_: Any) -> list[Place]:
    """One for each rule, in the order of their names. Two queries."""
    drafts = Rule.objects.filter(targets__rep=rep).select_related("rule_set").distinct()
    found: dict[int, Place] = {}
    for rule in drafts:
        off = "" if rule.is_active else ", switched off"
        link = reverse("admin:rules_rule_change", args=[rule.pk])
        found[rule.pk] = Place(rule.name, f"“{rule.rule_set}”{off}", link)
    for version in Version.objects.filter(is_live=True).select_related("rule_set"):
        link = reverse("admin:rules_version_change", args=[version.pk])
        where = f"the live version {version.number} of “{version.rule_set}”"
        for rule in version.document["rules"]:
            if any(names(step, rep) for step in rule["ladder"]):
                found.setdefault(rule["id"], Place(rule["name"], where, link))
    return sorted(found.values(), key=lambda place: (place.name, place.where))


def names(step: dict[str, Any], rep: int) -> bool:
    return bool(step["kind"] == StepKind.REP and step["id"] == rep)
