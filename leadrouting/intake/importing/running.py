"""The import itself: rows in order of their dates, saved and routed in batches, each in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction

from leadrouting.assignments.orders import Cause
from leadrouting.assignments.routing import CHUNK
from leadrouting.assignments.services import route_all
from leadrouting.intake.importing.errors import BadRow
from leadrouting.intake.importing.files import Row, Table
from leadrouting.intake.importing.mapping import Mapping
from leadrouting.leads.bulk import Enquiry, receive_many
from leadrouting.leads.models import Lead

OnRows = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Options:
    """`historical`: routed as of the day when each came, without clocks and messages."""

    now: datetime
    historical: bool = False
    routes: bool = True


@dataclass(slots=True)
class Result:
    leads: list[int] = field(default_factory=list)
    joined: int = 0
    known: int = 0
    rejected: list[tuple[Row, str]] = field(default_factory=list)


def run_import(table: Table, mapping: Mapping, options: Options, on_rows: OnRows) -> Result:
    """1. Read every row. 2. In batches: leave out what is here already, save, route. A batch is there as a whole,
    with its owners, or not at all; so an import that was cut short is simply started again."""
    result = Result()
    good = readable(table, mapping, options.now, result)
    on_rows(len(table.rows) - len(good))
    for start in range(0, len(good), CHUNK):
        batch = good[start : start + CHUNK]
        with transaction.atomic():
            save_and_route(batch, options, result)
        on_rows(len(batch))
    result.rejected.sort(key=lambda pair: pair[0].line)
    return result


def readable(table: Table, mapping: Mapping, now: datetime, result: Result) -> list[tuple[Row, Enquiry]]:
    """The rows that say something, oldest first; an id that comes twice counts once."""
    lines: dict[str, int] = {}
    good: list[tuple[Row, Enquiry]] = []
    for row in table.rows:
        try:
            if row.problem:
                raise BadRow(row.problem)
            enquiry = mapping.enquiry(row.values, now)
            first = lines.setdefault(enquiry.values["external_id"], row.line)
            if first != row.line:
                raise BadRow(f"The same lead is in line {first} already.")
        except BadRow as bad:
            result.rejected.append((row, str(bad)))
        else:
            good.append((row, enquiry))
    return sorted(good, key=lambda pair: pair[1].at)


def save_and_route(batch: list[tuple[Row, Enquiry]], options: Options, result: Result) -> None:
    ids = [enquiry.values["external_id"] for _, enquiry in batch]
    known = set(Lead.objects.filter(external_id__in=ids).values_list("external_id", flat=True))
    new = [pair for pair in batch if pair[1].values["external_id"] not in known]
    result.known += len(batch) - len(new)
    saved: list[Lead] = []
    for (row, _), answer in zip(new, receive_many([enquiry for _, enquiry in new]), strict=True):
        if isinstance(answer, ValidationError):
            result.rejected.append((row, said(answer)))
        elif answer.created:
            saved.append(answer.lead)
        else:
            result.joined += 1
    result.leads += [lead.pk for lead in saved]
    if options.routes:
        route_saved(saved, options)


def route_saved(leads: list[Lead], options: Options) -> None:
    moments = groupby(leads, key=lambda lead: lead.created_at if options.historical else options.now)
    for moment, same in moments:
        route_all([lead.pk for lead in same], now=moment, cause=Cause.ARRIVAL, quiet=options.historical)


def said(error: ValidationError) -> str:
    return " ".join(
        " ".join(texts) if name == NON_FIELD_ERRORS else f"{name}: {' '.join(texts)}"
        for name, texts in error.message_dict.items()
    )
