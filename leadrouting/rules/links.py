"""Addresses of the pages on which findings are mended."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse


def rule_page(rule: int) -> str:
    return reverse("admin:rules_rule_change", args=[rule])


def rule_set_page(rule_set: int) -> str:
    return reverse("admin:rules_ruleset_change", args=[rule_set])


def queue_page(queue: int) -> str:
    return reverse("admin:teams_queue_change", args=[queue])


def check_page(rule_set: int) -> str:
    """A page of a room above, as the tabs of a rule set name it too; empty where there is none."""
    try:
        return reverse("admin:assignments_check", args=[rule_set])
    except NoReverseMatch:
        return ""
