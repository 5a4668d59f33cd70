"""What the pages of a rule set look at: its draft, or a published version, made ready to match."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone

from leadrouting.assignments.insight.past import Past, past_leads
from leadrouting.common.console import OpsAdmin
from leadrouting.engine.prepared import RuleError
from leadrouting.rules import live as rules
from leadrouting.rules.documents import draft_of
from leadrouting.rules.live import Live
from leadrouting.rules.models import RuleSet, Version

SIZES = (100, 1_000, 10_000)
USUAL_SIZE = 1_000
DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Subject:
    """`key` is as in addresses: `draft`, or a version's number in the database. `problem` says why it cannot
    be matched; then there is no `live`."""

    key: str
    title: str
    live: Live | None = None
    problem: str = ""


def draft(rule_set: RuleSet) -> Subject:
    """Five queries."""
    title = f"Draft of {rule_set}"
    try:
        live = rules.ready(draft_of(rule_set))
        live.at(timezone.now())
    except RuleError as error:
        return Subject(DRAFT, title, problem=str(error))
    return Subject(DRAFT, title, live)


def version(one: Version) -> Subject:
    """`one` may come without its document."""
    title = f"{one} (live)" if one.is_live else str(one)
    return Subject(str(one.pk), title, rules.load(one.pk))


def live_version() -> Version | None:
    return Version.objects.filter(is_live=True).select_related("rule_set").defer("document").first()


def rule_set_of(key: int) -> RuleSet:
    rule_set = RuleSet.objects.filter(pk=key).first()
    if rule_set is None:
        raise Http404(f"There is no rule set {key}.")
    return rule_set


def size_asked(request: HttpRequest) -> int:
    """How many leads, as `?last=` says; anything but one of SIZES counts as the usual."""
    asked = request.GET.get("last", "")
    return int(asked) if asked in map(str, SIZES) else USUAL_SIZE


def frame(admin: OpsAdmin, request: HttpRequest, rule_set: RuleSet, title: str) -> dict[str, Any]:
    """What each of these pages shows around its own."""
    return {
        **admin.admin_site.each_context(request),
        "title": f"{title} “{rule_set}”",
        "rule_set": rule_set,
        "sizes": SIZES,
    }


def leads_asked(request: HttpRequest) -> tuple[tuple[Past, ...], dict[str, Any]]:
    size = size_asked(request)
    leads = past_leads(size)
    span = {"first": leads[-1].created_at, "last": leads[0].created_at} if leads else {}
    return leads, {"size": size, "leads": len(leads), **span}
