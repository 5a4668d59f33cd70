"""Shares on the page of data quality."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import template

from leadrouting.leads.quality import Row

register = template.Library()
WORSE = 0.05


@dataclass(frozen=True, slots=True)
class Cell:
    number: int
    share: str
    before: str
    is_worse: bool


@register.filter
def cell(row: Row, kind: str) -> Cell:
    share, before = row.share(kind), row.share_before(kind)
    is_worse = share is not None and before is not None and share - before >= WORSE
    return Cell(row.counts[kind], percent(share), percent(before), is_worse)


def percent(share: float | None) -> str:
    """Nothing to divide by is a dash; what is not nothing is not shown as nothing."""
    if share is None:
        return "–"
    return f"{share:.0%}" if share >= 0.01 or share == 0 else "< 1%"


@register.filter
def of(values: Mapping[Any, Any], key: Any) -> Any:
    return values.get(key, "")
