"""The import itself: rows in order of their dates, saved and routed in batches, each in one transaction."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DataError, IntegrityError, transaction

from leadrouting.assignments import ownership
from leadrouting.assignments.careful import routed
from leadrouting.assignments.errors import Refused
from leadrouting.assignments.orders import Cause, Order
from leadrouting.assignments.routing import CHUNK
from leadrouting.intake.complaints import said
from leadrouting.intake.importing.errors import BadRow
from leadrouting.intake.importing.files import Row, Table
from leadrouting.intake.importing.history import Given, Owners
from leadrouting.intake.importing.mapping import Entry, Mapping
from leadrouting.intake.importing.spool import Spool
from leadrouting.intake.models import ImportJoined
from leadrouting.leads.bulk import receive_many
from leadrouting.leads.models import Lead
from leadrouting.leads.services import Received
from leadrouting.teams.models import User

IMPORTED, JOINED, KNOWN, REJECTED = "imported", "joined", "known", "rejected"
GIVEN = "Owner as in the imported file"


@dataclass(slots=True)
class Options:
    """`historical`: routed as of the day when each came, without clocks and messages. `by`: who enters owners and
    outcomes."""

    now: datetime
    historical: bool = False
    routes: bool = True
    by: User | None = None
    owners: Owners | None = None


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a row: every row has exactly one."""

    row: Row
    state: str
    lead: int | None = None
    problem: str = ""


Pair = tuple[Row, Entry]


def spooled(
    table: Table, mapping: Mapping, now: datetime, spool: Spool, on_rows: Callable[[int], None]
) -> None:
    """All rows of a file, those that cannot be read first, then by date; an id that comes twice counts once."""
    lines: dict[str, int] = {}
    for number, row in enumerate(table.rows, 1):
        key = -math.inf
        if not row.problem:
            try:
                entry = mapping.entry(table.values(row), now)
                first = lines.setdefault(entry.enquiry.values["external_id"], row.line)
                if first != row.line:
                    raise BadRow(f"The same lead is in line {first} already.")
                key = entry.enquiry.at.timestamp()
            except BadRow as bad:
                row = Row(row.line, row.cells, str(bad))
        spool.keep(row, key)
        if number % 1000 == 0:
            on_rows(number)
    spool.sort()


def worked(rows: Sequence[Row], columns: Sequence[str], mapping: Mapping, options: Options) -> list[Fate]:
    """What becomes of a batch. To be called in a transaction, with at most `CHUNK` rows."""
    fates = [Fate(row, REJECTED, problem=row.problem) for row in rows if row.problem]
    good: list[Pair] = []
    for row in rows:
        if not row.problem:
            try:
                entry = mapping.entry(dict(zip(columns, row.cells, strict=False)), options.now)
                check_given(entry.given, options)
                good.append((row, entry))
            except BadRow as bad:
                fates.append(Fate(row, REJECTED, problem=str(bad)))
    ids = {entry.enquiry.values["external_id"] for _, entry in good}
    known = {lead.external_id: lead for lead in Lead.objects.filter(external_id__in=ids) if lead.external_id}
    if mapping.outcomes:
        return fates + [
            outcome_of(row, entry, known.get(entry.enquiry.values["external_id"]), options)
            for row, entry in good
        ]
    here = {key: lead.pk for key, lead in known.items()} | dict(
        ImportJoined.objects.filter(key__in=ids).values_list("key", "lead")
    )
    new = [pair for pair in good if id_of(pair) not in here]
    fates += [Fate(pair[0], KNOWN, here[id_of(pair)]) for pair in good if id_of(pair) in here]
    return fates + saved(new, options)


def id_of(pair: Pair) -> str:
    return str(pair[1].enquiry.values["external_id"])


def check_given(given: Given | None, options: Options) -> None:
    """Before anything is saved. Raises BadRow."""
    if given is not None and given.owner:
        options.owners = options.owners or Owners()
        options.owners.named(given.owner)


def saved(new: Sequence[Pair], options: Options) -> list[Fate]:
    created: list[tuple[Pair, Lead]] = []
    fates: list[Fate] = []
    joined: list[ImportJoined] = []
    for pair, answer in zip(new, received(new, options), strict=True):
        row = pair[0]
        if isinstance(answer, ValidationError):
            fates.append(Fate(row, REJECTED, problem=said(answer)))
        elif answer.created:
            created.append((pair, answer.lead))
        else:
            joined.append(ImportJoined(key=id_of(pair), lead_id=answer.lead.pk))
            fates.append(Fate(row, JOINED, answer.lead.pk))
    ImportJoined.objects.bulk_create(joined, ignore_conflicts=True)
    if options.routes:
        route_saved(created, options)
    for (row, entry), lead in created:
        problem = ended(lead.pk, entry.given, lead.created_at, options) if entry.given else ""
        fates.append(Fate(row, IMPORTED, lead.pk, problem))
    return fates


def received(new: Sequence[Pair], options: Options) -> list[Received | ValidationError]:
    """All at once; one by one when the database takes them not, so that only the one at fault is rejected."""
    try:
        with transaction.atomic():
            return receive_many([entry.enquiry for _, entry in new], quiet=options.historical)
    except (DataError, IntegrityError, ValueError, TypeError, ArithmeticError):
        return [one_by_one(pair, options) for pair in new]


def one_by_one(pair: Pair, options: Options) -> Received | ValidationError:
    try:
        with transaction.atomic():
            return receive_many([pair[1].enquiry], quiet=options.historical)[0]
    except (DataError, IntegrityError, ValueError, TypeError, ArithmeticError):
        return ValidationError(
            {NON_FIELD_ERRORS: ["A value in this row cannot be kept; look for odd characters."]}
        )


def route_saved(created: Sequence[tuple[Pair, Lead]], options: Options) -> None:
    """Those with a given owner go there, whatever the hour and the load; the others where the rules say."""
    moments = groupby(created, key=lambda one: one[1].created_at if options.historical else options.now)
    for moment, same in moments:
        routed([order_of(lead.pk, entry.given, options) for (_, entry), lead in same], moment)


def order_of(lead: int, given: Given | None, options: Options) -> Order:
    if given is None or not given.owner or options.owners is None:
        return Order(lead, Cause.ARRIVAL, quiet=options.historical)
    return Order(
        lead,
        Cause.REASSIGN,
        actor=options.by.pk if options.by else None,
        reason=GIVEN,
        to=options.owners.named(given.owner),
        quiet=options.historical,
    )


def outcome_of(row: Row, entry: Entry, lead: Lead | None, options: Options) -> Fate:
    """A row that says what became of a lead that is here."""
    given = entry.given
    if lead is None:
        return Fate(row, REJECTED, problem="There is no lead with this id. Import the leads first.")
    if given is None or not (given.outcome or given.owner):
        return Fate(row, REJECTED, lead.pk, "It says neither an owner nor an outcome.")
    if not lead.is_open:
        if lead.status == given.outcome:
            return Fate(row, KNOWN, lead.pk)
        return Fate(
            row, REJECTED, lead.pk, f"The lead is closed already ({lead.get_status_display().lower()})."
        )
    order = order_of(lead.pk, given, options)
    if order.to is not None and order.to != lead.owner_id:
        routed([order], lead.created_at if options.historical else options.now)
    elif not given.outcome:
        return Fate(row, KNOWN, lead.pk)
    problem = ended(lead.pk, given, lead.created_at, options)
    return Fate(row, REJECTED, lead.pk, problem) if problem else Fate(row, IMPORTED, lead.pk)


def ended(lead: int, given: Given, since: datetime, options: Options) -> str:
    """Close it as the file says, not before it began. Returns why it could not be."""
    if not given.outcome:
        return ""
    if options.by is None:
        return "Its outcome was left out: nobody in sales ops is there to enter it."
    try:
        ownership.close(
            lead_id=lead,
            by=options.by,
            outcome=given.outcome,
            now=max(given.closed_at or options.now, since),
            revenue=given.revenue,
            reason=given.reason,
        )
    except Refused as refusal:
        return f"Its outcome could not be entered: {refusal}"
    return ""


@dataclass(slots=True)
class Result:
    """Of a whole import: the numbers of its rows by their fate, and the leads that are new."""

    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys((IMPORTED, JOINED, KNOWN, REJECTED), 0)
    )
    leads: list[int] = field(default_factory=list)
    problems: list[Fate] = field(default_factory=list)

    def add(self, fates: Sequence[Fate]) -> None:
        for fate in fates:
            self.counts[fate.state] += 1
            if fate.state == IMPORTED and fate.lead is not None:
                self.leads.append(fate.lead)
            if fate.problem:
                self.problems.append(fate)

    @property
    def read(self) -> int:
        return sum(self.counts.values())


def run_import(
    spool: Spool, columns: Sequence[str], mapping: Mapping, options: Options, on_rows: Any, dry: bool = False
) -> Result:
    """A batch is there as a whole, with its owners, or not at all; so an import that was cut short is simply started
    again. `dry`: everything is done and undone."""
    result = Result()
    for rows in spool.batches(0, CHUNK):
        with transaction.atomic():
            result.add(worked(rows, columns, mapping, options))
            transaction.set_rollback(dry)
        on_rows(len(rows))
    result.problems.sort(key=lambda fate: fate.row.line)
    return result
