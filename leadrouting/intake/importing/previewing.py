"""What becomes of the first rows of a file, before anything does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import transaction

from leadrouting.intake.importing.fates import Fate, Options
from leadrouting.intake.importing.history import Owners
from leadrouting.intake.importing.running import worked
from leadrouting.intake.importing.runs import mapping_of, opened, table_of
from leadrouting.intake.models import ImportRow, ImportRun
from leadrouting.leads.models import Lead

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """One row: what becomes of it, the lead as it would be (or is, if it joins one), when it came, why not."""

    line: int
    state: str
    label: str
    lead: Lead | None
    is_new: bool
    problem: str


def preview(run: ImportRun, now: datetime) -> list[Shown]:
    """Really imported, and rolled back. Raises ImportRefused."""
    mapping = mapping_of(run)
    with opened(run) as file:
        table = table_of(run, file)
        mapping.check_columns(table.columns, run.file_name)
        rows = list(islice(table.rows, SHOWN))
    options = Options(now, mapping.historical, routes=False, by=run.by, owners=Owners())
    with transaction.atomic():
        fates = worked(rows, run.columns, mapping, options)
        leads = Lead.objects.select_related("campaign", "owner__user").in_bulk(
            [fate.lead for fate in fates if fate.lead]
        )
        transaction.set_rollback(True)
    return sorted((shown(fate, leads) for fate in fates), key=lambda one: one.line)


def shown(fate: Fate, leads: dict[int, Lead]) -> Shown:
    state = ImportRow.State(fate.state)
    lead = leads.get(fate.lead) if fate.lead else None
    return Shown(
        fate.row.line, fate.state, state.label, lead, state == ImportRow.State.IMPORTED, fate.problem
    )
