"""Addresses of the pages on which findings are mended."""

from __future__ import annotations

from django.urls import reverse


def rule_page(rule: int) -> str:
    return reverse("admin:rules_rule_change", args=[rule])


def rule_set_page(rule_set: int) -> str:
    return reverse("admin:rules_ruleset_change", args=[rule_set])


def queue_page(queue: int) -> str:
    return reverse("admin:teams_queue_change", args=[queue])
