"""The import itself: rows in order of their dates, saved and routed in batches, each in one transaction."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DataError, IntegrityError, transaction

from leadrouting.intake.complaints import said
from leadrouting.intake.importing.errors import BadRow
from leadrouting.intake.importing.fates import IMPORTED, JOINED, KNOWN, REJECTED, Fate, Options
from leadrouting.intake.importing.files import Row, Table
from leadrouting.intake.importing.mapping import Entry, Mapping
from leadrouting.intake.importing.outcomes import ended, outcomes_of, route_each
from leadrouting.intake.importing.spool import Spool
from leadrouting.intake.models import ImportJoined
from leadrouting.leads.bulk import receive_many
from leadrouting.leads.models import Lead
from leadrouting.leads.services import Received

Pair = tuple[Row, Entry]


def spooled(
    table: Table, mapping: Mapping, options: Options, spool: Spool, on_rows: Callable[[int], None]
) -> None:
    """All rows of a file, those that cannot be read first, then by date; an id that comes twice counts once."""
    lines: dict[str, int] = {}
    for number, row in enumerate(table.rows, 1):
        key = -math.inf
        if not row.problem:
            try:
                entry = mapping.entry(table.values(row), options.now)
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
                if entry.given is not None and entry.given.owner:
                    options.rep(entry.given.owner)
                good.append((row, entry))
            except BadRow as bad:
                fates.append(Fate(row, REJECTED, problem=str(bad)))
    ids = {entry.enquiry.values["external_id"] for _, entry in good}
    known = {lead.external_id: lead for lead in Lead.objects.filter(external_id__in=ids) if lead.external_id}
    if mapping.outcomes:
        return fates + outcomes_of(
            [(row, entry.given, known.get(id_of((row, entry)))) for row, entry in good], options
        )
    here = {key: lead.pk for key, lead in known.items()} | dict(
        ImportJoined.objects.filter(key__in=ids).values_list("key", "lead")
    )
    new = [pair for pair in good if id_of(pair) not in here]
    fates += [Fate(pair[0], KNOWN, here[id_of(pair)]) for pair in good if id_of(pair) in here]
    return fates + saved(new, options)


def id_of(pair: Pair) -> str:
    return str(pair[1].enquiry.values["external_id"])


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
        route_each([(lead, entry.given) for (_, entry), lead in created], options)
    problems = ended([(lead, entry.given) for (_, entry), lead in created if entry.given], options)
    return fates + [Fate(row, IMPORTED, lead.pk, problems.get(lead.pk, "")) for (row, _), lead in created]


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
