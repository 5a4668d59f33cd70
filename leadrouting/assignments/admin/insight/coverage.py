"""The page that says how many leads a draft places, beside the version that is live."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import capfirst

from leadrouting.assignments.admin.insight.subjects import (
    Subject,
    draft,
    frame,
    leads_asked,
    live_version,
    rule_set_of,
    version,
)
from leadrouting.assignments.insight.coverage import TARGET, Coverage, Share, coverage
from leadrouting.assignments.insight.past import Past
from leadrouting.assignments.insight.sending import send
from leadrouting.common.console import OpsAdmin
from leadrouting.engine.describe import describe_value
from leadrouting.engine.facts import Catalogue
from leadrouting.teams.snapshot import people_now

GROUPS = ("source", "channel")
COMBINATIONS = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One value with its share under the draft and, where there is one, under the live version."""

    name: str
    draft: Share
    live: Share | None


@dataclass(frozen=True, slots=True)
class RuleRow:
    id: int
    name: str
    is_draft: bool
    draft: int
    live: int


def coverage_page(admin: OpsAdmin, request: HttpRequest, key: int) -> HttpResponse:
    rule_set = rule_set_of(key)
    leads, span = leads_asked(request)
    mine, now_live = draft(rule_set), live_version()
    theirs = version(now_live) if now_live else None
    found = {one.key: covered(one, leads) for one in (mine, theirs) if one and one.live}
    context = {
        **frame(admin, request, rule_set, "Coverage of"),
        **span,
        "target": TARGET,
        "draft": mine,
        "live": theirs,
        **(shown(mine, theirs, found) if mine.live and leads else {}),
    }
    return TemplateResponse(request, "admin/assignments/coverage.html", context)


def covered(subject: Subject, leads: tuple[Past, ...]) -> Coverage:
    assert subject.live is not None  # noqa: S101  for the type checker: whoever calls has asked
    sent = send(subject.live, leads, people_now().atlas, timezone.now())
    return coverage(subject.live, leads, sent, GROUPS)


def shown(mine: Subject, theirs: Subject | None, found: Mapping[str, Coverage]) -> dict[str, Any]:
    assert mine.live is not None  # noqa: S101
    known = mine.live.catalogue
    here, there = found[mine.key], found.get(theirs.key) if theirs else None
    groups = [
        (capfirst(known[key].label), group_rows(key, here, there, known))
        for key in GROUPS
        if here.groups[key]
    ]
    missed = [(combination(one.facts, known), one.leads, one.samples) for one in here.missed]
    return {
        "all": Row("All leads", here.all, there.all if there else None),
        "groups": groups,
        "missed": missed[:COMBINATIONS],
        "more_missed": sum(leads for _, leads, _ in missed[COMBINATIONS:]),
        "dead_ends": here.dead_ends,
        **rule_rows(mine, theirs, here, there),
    }


def group_rows(key: str, here: Coverage, there: Coverage | None, known: Catalogue) -> list[Row]:
    """Largest first."""
    shares = sorted(here.groups[key].items(), key=lambda item: (-item[1].leads, item[0]))
    return [
        Row(
            describe_value(value, known[key]) if value else f"No {known[key].label}",
            share,
            there.groups[key][value] if there else None,
        )
        for value, share in shares
    ]


def combination(facts: Mapping[str, Any], known: Catalogue) -> str:
    """`source google, tier VIP, country blank`."""
    return ", ".join(f"{known[key].label} {describe_value(raw, known[key])}" for key, raw in facts.items())


def rule_rows(
    mine: Subject, theirs: Subject | None, here: Coverage, there: Coverage | None
) -> dict[str, Any]:
    """The rules that take leads, in order; then how many take none."""
    names = names_of([mine])
    live_names = names_of([theirs] if theirs else [])
    rows = [
        RuleRow(
            id=rule,
            name=name,
            is_draft=rule in names,
            draft=here.by_rule.get(rule, 0),
            live=there.by_rule.get(rule, 0) if there else 0,
        )
        for rule, name in {
            **names,
            **{key: name for key, name in live_names.items() if key not in names},
        }.items()
    ]
    taking = [row for row in rows if row.draft or row.live]
    return {"rules": taking, "idle": [row for row in rows if row.is_draft and not row.draft and not row.live]}


def names_of(subjects: Iterable[Subject]) -> dict[int, str]:
    return {rule.id: rule.name for one in subjects if one.live for rule in one.live.rule_set.rules}
