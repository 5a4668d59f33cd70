"""What files may hold, and who does the work: two functions each, `spooled` and `worked`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from django.db import transaction

from leadrouting.assignments.routing import CHUNK
from leadrouting.intake.importing import running
from leadrouting.intake.importing.accounts import saving
from leadrouting.intake.importing.fates import Fate, Options, Result
from leadrouting.intake.importing.files import Row, Table
from leadrouting.intake.importing.mapping import ACCOUNTS, LEADS
from leadrouting.intake.importing.mapping import Mapping as Columns
from leadrouting.intake.importing.spool import Spool


class Work(Protocol):
    def spooled(
        self, table: Table, mapping: Columns, options: Options, spool: Spool, on_rows: Callable[[int], None]
    ) -> None: ...

    def worked(
        self, rows: Sequence[Row], columns: Sequence[str], mapping: Columns, options: Options
    ) -> list[Fate]: ...


WORKS: Mapping[str, Work] = {LEADS: running, ACCOUNTS: saving}


def run_import(
    spool: Spool, columns: Sequence[str], mapping: Columns, options: Options, on_rows: Any
) -> Result:
    """A batch is there as a whole, with its owners, or not at all; so an import that was cut short is simply started
    again. Of a dry run everything is done and undone."""
    result, work = Result(), WORKS[mapping.holds]
    for rows in spool.batches(0, CHUNK):
        with transaction.atomic():
            result.add(work.worked(rows, columns, mapping, options))
            transaction.set_rollback(options.dry)
        on_rows(len(rows))
    result.problems.sort(key=lambda fate: fate.row.line)
    return result
