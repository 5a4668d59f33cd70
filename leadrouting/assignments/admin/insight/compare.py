"""Two versions side by side: which leads would go elsewhere, as a table, a flow picture and a file."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from leadrouting.assignments.admin.insight.choosing import Pair, pair_asked
from leadrouting.assignments.admin.insight.flows import flow_picture
from leadrouting.assignments.admin.insight.subjects import Subject, frame, leads_asked, rule_set_of
from leadrouting.assignments.insight.comparing import Difference, Moved, difference
from leadrouting.assignments.insight.past import Past
from leadrouting.assignments.insight.sending import Sent, send
from leadrouting.assignments.insight.turns import owners, turns
from leadrouting.common.console import OpsAdmin
from leadrouting.engine.sentences import Names
from leadrouting.rules.live import Live
from leadrouting.rules.wording import all_names
from leadrouting.teams.snapshot import people_now

SHOWN = 50
HEADER = ["Lead", "Name", "Received (UTC)", "Source", "From", "To", "Rule before", "Rule after"]
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet calculate a cell instead of showing it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A lead that goes elsewhere, in words."""

    lead: Past
    source: str
    before: str
    after: str
    rule_before: str
    rule_after: str


def compare_page(admin: OpsAdmin, request: HttpRequest, key: int) -> HttpResponse:
    rule_set = rule_set_of(key)
    pair = pair_asked(request, rule_set)
    leads, span = leads_asked(request)
    found = compared(pair, leads)
    context = {
        **frame(admin, request, rule_set, "Compare versions of"),
        **span,
        "pair": pair,
        "kept": pair.query,
        "diff": found,
        **(in_words(found) if found else {}),
    }
    return TemplateResponse(request, "admin/assignments/compare.html", context)


def in_words(found: Difference) -> dict[str, Any]:
    names = all_names()
    return {"lines": list(lines(found.moved[:SHOWN], names)), **flow_picture(found.flows, names)}


def compare_file(admin: OpsAdmin, request: HttpRequest, key: int) -> HttpResponse:
    """All leads that would go elsewhere, as CSV."""
    rule_set = rule_set_of(key)
    leads, _ = leads_asked(request)
    found = compared(pair_asked(request, rule_set), leads)
    file = HttpResponse(content_type="text/csv; charset=utf-8")
    file["Content-Disposition"] = f'attachment; filename="leads-that-would-move-{rule_set.pk}.csv"'
    writer = csv.writer(file)
    writer.writerow(HEADER)
    for line in lines(found.moved, all_names()) if found else ():
        received = line.lead.created_at.astimezone(UTC).isoformat(timespec="seconds")
        texts = (line.source, line.before, line.after, line.rule_before, line.rule_after)
        writer.writerow([line.lead.lead, safe(line.lead.name), received, *map(safe, texts)])
    return file


def compare_owners(admin: OpsAdmin, request: HttpRequest, key: int) -> HttpResponse:
    """A part of the page, asked for when the page is there: it takes longer."""
    pair = pair_asked(request, rule_set_of(key))
    leads, _ = leads_asked(request)
    found = None
    if pair.before and pair.after and not pair.problem and leads:
        before, after = sent_by(pair.before, leads), sent_by(pair.after, leads)
        had = owners(live_of(pair.before), leads, before, people_now())
        gets = owners(live_of(pair.after), leads, after, people_now())
        found = turns(before, after, had, gets)
    return TemplateResponse(request, "admin/assignments/turns.html", {"turns": found})


def compared(pair: Pair, leads: tuple[Past, ...]) -> Difference | None:
    """None when there is nothing to compare."""
    if pair.before is None or pair.after is None or pair.problem or not leads:
        return None
    return difference(leads, sent_by(pair.before, leads), sent_by(pair.after, leads))


def sent_by(subject: Subject, leads: tuple[Past, ...]) -> list[Sent]:
    return send(live_of(subject), leads, people_now().atlas, timezone.now())


def live_of(subject: Subject) -> Live:
    assert subject.live is not None  # noqa: S101  for the type checker: one without has a problem
    return subject.live


def lines(moved: Iterable[Moved], names: Names) -> Iterator[Line]:
    for one in moved:
        yield Line(
            lead=one.lead,
            source=one.lead.facts.get("source", ""),
            before=one.before.place.named(names),
            after=one.after.place.named(names),
            rule_before=one.before.rule.name if one.before.rule else "",
            rule_after=one.after.rule.name if one.after.rule else "",
        )


def safe(text: str) -> str:
    """As a spreadsheet shows it and never calculates it."""
    return f"'{text}" if text.startswith(FORMULAS) else text
