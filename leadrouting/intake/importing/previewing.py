"""What becomes of the first rows of a file, before anything does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import transaction

from leadrouting.intake.importing.fates import Fate, Options
from leadrouting.intake.importing.runs import mapping_of, opened, table_of
from leadrouting.intake.importing.works import WORKS
from leadrouting.intake.models import ImportRow, ImportRun
from leadrouting.leads.models import Account, Lead

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """One row: what becomes of it, the lead or account as it would be (or is, if it is here), why not."""

    line: int
    state: str
    label: str
    lead: Lead | None
    account: Account | None
    is_new: bool
    problem: str


def preview(run: ImportRun, now: datetime) -> list[Shown]:
    """Really imported, and rolled back. Raises ImportRefused."""
    mapping = mapping_of(run)
    with opened(run) as file:
        table = table_of(run, file)
        mapping.check_columns(table.columns, run.file_name)
        rows = list(islice(table.rows, SHOWN))
    options = Options(now, mapping.historical, routes=False, by=run.by, dry=True, expected=None)
    with transaction.atomic():
        fates = WORKS[mapping.holds].worked(rows, run.columns, mapping, options)
        leads = Lead.objects.select_related("campaign", "owner__user").in_bulk(
            [fate.lead for fate in fates if fate.lead]
        )
        known = Account.objects.select_related("parent", "owner__user").prefetch_related("domains")
        accounts = known.in_bulk([fate.account for fate in fates if fate.account])
        transaction.set_rollback(True)
    return sorted((shown(fate, leads, accounts) for fate in fates), key=lambda one: one.line)


def shown(fate: Fate, leads: dict[int, Lead], accounts: dict[int, Account]) -> Shown:
    state = ImportRow.State(fate.state)
    return Shown(
        line=fate.row.line,
        state=fate.state,
        label=state.label,
        lead=leads.get(fate.lead) if fate.lead else None,
        account=accounts.get(fate.account) if fate.account else None,
        is_new=state == ImportRow.State.IMPORTED,
        problem=fate.problem,
    )
