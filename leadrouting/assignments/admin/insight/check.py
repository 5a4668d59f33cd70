"""What is wrong with a draft, or could be: rules that never fire, overlaps, gaps, and the known mistakes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import capfirst

from leadrouting.assignments.admin.facts import rows_of_facts
from leadrouting.assignments.admin.insight.subjects import frame, rule_set_of
from leadrouting.common.console import OpsAdmin
from leadrouting.engine.analysis import (
    Analysis,
    Certainty,
    Gap,
    NeverFires,
    Overlap,
    Practice,
    Witness,
    World,
    say,
    say_gaps,
    say_lead,
)
from leadrouting.engine.model import Rule
from leadrouting.rules.analysing import GAP, NEVER_FIRES, OVERLAP, met
from leadrouting.rules.documents import draft_of
from leadrouting.rules.findings import Finding
from leadrouting.rules.health.mistakes import MISTAKES, checklist
from leadrouting.rules.models import RuleSet
from leadrouting.rules.problems import problems_of
from leadrouting.rules.signals import checking, gathered

FIRST, SHOWN = 5, 20
"""Findings of a kind that are on the page at once, and on demand; more are counted."""
IN_SHORT = 4
KINDS = {NEVER_FIRES, OVERLAP, GAP} | {mistake.kind for mistake in MISTAKES}
CERTAINTY = {
    Certainty.PROVEN: "certain",
    Certainty.CANNOT_TELL: "cannot tell",
    Certainty.NOT_DECIDED: "not decided",
}


@dataclass(frozen=True, slots=True)
class Card:
    """A finding for the page. `brief` stands for a sentence that is long. `lead` are the facts of the lead that shows it, as rows of group, label and value;
    `facts` the same as JSON, for trying it; `goes_to` the rule that takes it, empty for the catch-all. `leads` of the past show the same."""

    sentence: str
    certainty: str
    is_serious: bool
    rules: tuple[Rule, ...]
    lead: list[tuple[str, str, str]]
    facts: str
    goes_to: str
    at: Any
    brief: str = ""
    leads: int = 0


def check_page(admin: OpsAdmin, request: HttpRequest, key: int) -> HttpResponse:
    rule_set = rule_set_of(key)
    document, now = draft_of(rule_set), timezone.now()
    problems = problems_of(document)
    context = {
        **frame(admin, request, rule_set, "Check"),
        "problems": problems,
        **(analysis_in_cards(*met(document, now=now)) if document["rules"] else {}),
        **({} if problems else health(rule_set, document)),
    }
    return TemplateResponse(request, "admin/assignments/check.html", context)


def check_in_short(admin: OpsAdmin, request: HttpRequest, key: int) -> HttpResponse:
    """The first findings, as a part of other pages: asked for when the page is there."""
    rule_set = rule_set_of(key)
    document = draft_of(rule_set)
    problems = problems_of(document)
    found = [Finding(problem, is_serious=True) for problem in problems] or warnings(rule_set, document)
    serious_first = sorted(found, key=lambda one: not one.is_serious)
    context = {"rule_set": rule_set, "findings": serious_first[:IN_SHORT], "more": len(found) - IN_SHORT}
    return TemplateResponse(request, "admin/assignments/check_in_short.html", context)


def warnings(rule_set: RuleSet, document: dict[str, Any]) -> list[Finding]:
    found: list[Finding] = gathered(checking, rule_set=rule_set, document=document, now=timezone.now())
    return found


def health(rule_set: RuleSet, document: dict[str, Any]) -> dict[str, Any]:
    """Findings that no known mistake names stand for themselves."""
    found = warnings(rule_set, document)
    return {"checklist": checklist(found), "others": [one for one in found if one.kind not in KINDS]}


def analysis_in_cards(found: Analysis, world: World, practice: Practice) -> dict[str, Any]:
    never = [card(one, one.certainty, (one.rule, *one.above), one.witness, world) for one in found.never]
    count = min(len(practice.claimed), FIRST) if practice.leads else FIRST
    overlaps = [
        card(
            *(one, one.certainty, (one.higher, one.lower), one.witness, world),
            leads=practice.claimed[one.higher.id, one.lower.id],
        )
        for one in found.overlaps[:SHOWN]
    ]
    gaps = [card(one, Certainty.PROVEN, (), one.witness, world) for one in found.gaps[:SHOWN]]
    never.sort(key=lambda one: not one.is_serious)
    return {
        "never": never,
        "overlaps": overlaps[:count],
        "other_overlaps": overlaps[count:],
        "other_count": found.overlap_count - count,
        "more_overlaps": found.overlap_count - len(overlaps),
        "overlap_count": found.overlap_count,
        "asked": practice.leads,
        "missed": len(practice.missed),
        "gaps": gaps,
        "about_gaps": say_gaps(found),
        "wrong": [str(error) for error in found.wrong],
        "is_analysed": True,
    }


def card(
    finding: NeverFires | Overlap | Gap,
    certainty: Certainty,
    rules: Iterable[Rule],
    witness: Witness | None,
    world: World,
    *,
    leads: int = 0,
) -> Card:
    facts = dict(witness.facts) if witness else {}
    return Card(
        sentence=say(finding, world),
        certainty=CERTAINTY[certainty],
        leads=leads,
        is_serious=isinstance(finding, NeverFires) and certainty is Certainty.PROVEN,
        rules=tuple(rules),
        lead=rows_of_facts(facts, world.catalogue),
        facts=json.dumps(facts, default=plain) if witness else "",
        goes_to=witness.rule.name if witness and witness.rule else "",
        at=witness.at if witness else None,
        brief=capfirst(say_lead(witness, world)) if witness and isinstance(finding, Gap) else "",
    )


def plain(value: Any) -> Any:
    """What JSON has no word for: moments and exact numbers as text, sets as lists."""
    return sorted(value) if isinstance(value, (set, frozenset)) else str(value)
