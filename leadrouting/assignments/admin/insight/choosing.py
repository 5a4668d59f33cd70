"""Which two rule sets are compared, and over how many leads: as the address says."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest

from leadrouting.assignments.admin.insight.subjects import DRAFT, Subject, draft, version
from leadrouting.rules.models import RuleSet, Version

SHOWN = 100
"""Versions to choose from, newest first."""


@dataclass(frozen=True, slots=True)
class Pair:
    """`before` or `after` is None when there is nothing to choose."""

    options: list[tuple[str, str]]
    before: Subject | None
    after: Subject | None

    @property
    def query(self) -> str:
        """For links that keep the choice."""
        ends = {name: one.key for name, one in (("before", self.before), ("after", self.after)) if one}
        return f"&{urlencode(ends)}" if ends else ""

    @property
    def problem(self) -> str:
        return next((one.problem for one in (self.before, self.after) if one and one.problem), "")


def pair_asked(request: HttpRequest, rule_set: RuleSet) -> Pair:
    """From `?before=` and `?after=`; without them from what is live to the draft."""
    mine = Q(rule_set=rule_set) | Q(is_live=True)
    versions = list(Version.objects.filter(mine).select_related("rule_set").defer("document")[:SHOWN])
    by_key = {str(one.pk): one for one in versions}
    live = next((one for one in versions if one.is_live), None)

    def chosen(name: str, usual: str) -> Subject | None:
        key = request.GET.get(name, usual)
        if key == DRAFT:
            return draft(rule_set)
        found = by_key.get(key) or by_key.get(usual)
        return version(found) if found else None

    options = [
        (DRAFT, "Draft"),
        *((key, f"{one} (live)" if one.is_live else str(one)) for key, one in by_key.items()),
    ]
    first = live or next(iter(versions), None)
    return Pair(options, chosen("before", str(first.pk) if first else ""), chosen("after", DRAFT))
