"""The rules of a draft as its page lists them. The number of queries does not grow with the rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from leadrouting.rules.admin.moments import span, when
from leadrouting.rules.catalogue import catalogue
from leadrouting.rules.documents import document_of, rule_from
from leadrouting.rules.models import Rule, RuleSet
from leadrouting.rules.signals import RuleFigures, answers, measuring
from leadrouting.rules.wording import all_names, rule_in_words

SPAN = timedelta(days=30)
LINK = "0"  # what `rules_rule_change` is asked for once, to be replaced by each rule's key


@dataclass(frozen=True, slots=True)
class Row:
    """One rule of the list: `badge` says why it does not count now though it is on."""

    rule: Rule
    document: dict[str, Any]
    place: int
    link: str
    words: str
    badge: str
    valid: str
    leads: int
    share: str
    wins: str
    last: str
    noted: str
    disputed: int


def rows_of(rule_set: RuleSet, now: datetime) -> Iterator[Row]:
    rules = rule_set.rules.select_related("changed_by").prefetch_related("conditions", "targets", "skills")
    names, known = all_names(), catalogue()
    figures = measured([rule.pk for rule in rules], now)
    link = reverse("admin:rules_rule_change", args=[LINK])
    for place, rule in enumerate(rules, start=1):
        document = document_of(rule)
        said = replace(rule_from(document), valid_from=None, valid_until=None)
        found = figures.get(rule.pk, RuleFigures())
        yield Row(
            rule=rule,
            document=document,
            place=place,
            link=link.replace(f"/{LINK}/", f"/{rule.pk}/"),
            words=rule_in_words(said, names, known),
            badge=badge(rule, now),
            valid=span(rule.valid_from, rule.valid_until, now),
            leads=found.leads,
            share=f"{found.share:.0%}" if found.leads else "",
            wins=f"{found.won / found.closed:.0%}" if found.closed else "",
            last=when(found.last_hit, now) if found.last_hit else "",
            noted=noted(rule, now),
            disputed=found.disputed,
        )


def measured(rule_ids: list[int], now: datetime) -> dict[int, RuleFigures]:
    """What the rooms above know of these rules in the last 30 days; nothing when nobody listens."""
    found: dict[int, RuleFigures] = {}
    for answer in answers(measuring, rule_ids=rule_ids, since=now - SPAN, now=now):
        found.update(answer)
    return found


def badge(rule: Rule, now: datetime) -> str:
    if rule.valid_until is not None and rule.valid_until <= now:
        return "over"
    return "not yet" if rule.valid_from is not None and rule.valid_from > now else ""


def noted(rule: Rule, now: datetime) -> str:
    """`Changed 14:02 by Olga Ops. Still right on 3 Dec 09:00.`"""
    parts = []
    if rule.changed_at is not None:
        by = f" by {rule.changed_by}" if rule.changed_by else ""
        parts.append(f"Changed {when(rule.changed_at, now)}{by}.")
    if rule.reviewed_at is not None:
        parts.append(f"Still right, said {when(rule.reviewed_at, now)}.")
    return " ".join(parts)
