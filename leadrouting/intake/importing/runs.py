"""Imports that are kept in the database: begun by people, carried on by workers batch by batch.

Who goes on after a crash finds `cursor` where the last batch was committed; nothing is done twice.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from time import monotonic
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import Q
from django_q.tasks import async_task

from leadrouting.assignments.routing import CHUNK
from leadrouting.intake.importing.errors import ImportRefused
from leadrouting.intake.importing.fates import IMPORTED, REJECTED, UPDATED, Fate, Options
from leadrouting.intake.importing.files import Table, open_table
from leadrouting.intake.importing.history import Owners
from leadrouting.intake.importing.mapping import ACCOUNTS, Mapping
from leadrouting.intake.importing.spool import Spool
from leadrouting.intake.importing.works import WORKS
from leadrouting.intake.models import ImportPart, ImportRow, ImportRun
from leadrouting.leads.linking import link
from leadrouting.teams.models import User

State = ImportRun.State
LARGEST = 50 * 1024 * 1024
PART = 1 << 20
STRETCH, TIMEOUT = 240, 580
"""Seconds that one task works on a file before the next one goes on, for each has to read the file first; and after
which it is given up, below the cluster's retry."""
SILENCE = timedelta(minutes=3)
"""After it whoever was at work is dead."""
KEPT = timedelta(days=30)
"""How long files stay after their import, or after the upload of one that was never begun."""
GONE = "The file was deleted, 30 days after it was uploaded. Upload it again to import it."
AT_WORK = (State.RUNNING, State.CHECKING)


@transaction.atomic
def keep(file: Iterable[bytes], name: str, size: int, *, by: User, now: datetime) -> ImportRun:
    """Store an upload, whatever it is. Raises ImportRefused when it is too large, or holds no table."""
    if size > LARGEST:
        raise ImportRefused(
            f"The file has {size / 2**20:,.0f} MB; at most 50 MB can be imported at once. Divide it, "
            "or ask for it to be imported by command (manage.py import_leads)."
        )
    run = ImportRun.objects.create(by=by, made_at=now, file_name=name[:200], size=size)
    digest = hashlib.sha256()
    with TemporaryFile() as copy:
        for piece in file:
            digest.update(piece)
            copy.write(piece)
        look(run, copy)
        copy.seek(0)
        for number, body in enumerate(iter(lambda: copy.read(PART), b"")):
            ImportPart.objects.create(run=run, number=number, body=body)
    run.digest = digest.hexdigest()
    run.save()
    return run


def look(run: ImportRun, file: BinaryIO, sheet: str = "") -> None:
    """Its headings, and whether there is any row. Raises ImportRefused."""
    table = open_table(file, run.file_name, sheet=sheet)
    if next(table.rows, None) is None:
        raise ImportRefused(f"{run.file_name} has headings, and no row below them.")
    run.columns, run.described = table.columns, table.described[:200]
    run.sheet, run.sheets = table.sheet, table.sheets


@contextmanager
def opened(run: ImportRun) -> Iterator[BinaryIO]:
    with TemporaryFile() as file:
        for body in run.parts.order_by("number").values_list("body", flat=True).iterator(chunk_size=4):
            file.write(body)
        file.seek(0)
        yield file


def table_of(run: ImportRun, file: BinaryIO) -> Table:
    return open_table(file, run.file_name, sheet=run.sheet)


def mapping_of(run: ImportRun) -> Mapping:
    return Mapping.from_json(run.mapping)


@transaction.atomic
def start(run: ImportRun, now: datetime, *, dry: bool = False) -> None:
    """Once: a second click changes nothing."""
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.state != State.DRAFT:
        return
    run.state = State.CHECKING if dry else State.RUNNING
    run.started_at, run.touched_at, run.cursor, run.total, run.counts = now, now, 0, 0, {}
    run.save()
    ring(run.pk)


@transaction.atomic
def cancel(run: ImportRun, now: datetime) -> None:
    """After the batch that is being worked on; what was imported stays."""
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.state == State.CHECKING:
        run.state = State.DRAFT
    elif run.state == State.RUNNING:
        run.state, run.ended_at = State.CANCELLED, now
    run.save(update_fields=["state", "ended_at"])


def ring(pk: int) -> None:
    task = "leadrouting.intake.tasks.import_run"
    transaction.on_commit(lambda: async_task(task, pk, timeout=TIMEOUT), robust=True)


def unfinished(now: datetime) -> list[int]:
    left = ImportRun.objects.filter(state__in=AT_WORK, touched_at__lt=now - SILENCE)
    return list(left.order_by("pk").values_list("pk", flat=True))


def carry_on(pk: int, clock: Callable[[], datetime], stretch: float = STRETCH) -> None:
    """Batch after batch, for a while; rings for who goes on. May run twice, or together."""
    run = ImportRun.objects.select_related("by").get(pk=pk)
    if run.state not in AT_WORK or run.started_at is None:
        return
    end = monotonic() + stretch
    try:
        with opened(run) as file, Spool() as spool:
            mapping = mapping_of(run)
            table = table_of(run, file)
            mapping.check_columns(table.columns, run.file_name)
            is_dry, work = run.state == State.CHECKING, WORKS[mapping.holds]
            options = Options(run.started_at, mapping.historical, by=run.by, owners=Owners(), dry=is_dry)
            work.spooled(table, mapping, options, spool, lambda _: None)
            for rows in spool.batches(run.cursor, CHUNK):
                fates = []
                with transaction.atomic():
                    if not claimed(run):
                        return
                    with transaction.atomic():
                        fates = work.worked(rows, table.columns, mapping, options)
                        transaction.set_rollback(is_dry)
                    record(run, fates, len(spool), clock())
                if monotonic() > end:
                    with transaction.atomic():
                        ring(pk)
                    return
    except ImportRefused as refused:
        fail(run, str(refused), clock())
        return
    finish(run, clock())


def claimed(run: ImportRun) -> bool:
    """Whether this is still the one who works on it, with the row locked."""
    found = ImportRun.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        pk=run.pk, cursor=run.cursor, state=run.state, started_at=run.started_at
    )
    return found.exists()


def record(run: ImportRun, fates: Sequence[Fate], total: int, now: datetime) -> None:
    if run.state == State.RUNNING:
        ImportRow.objects.bulk_create(
            [
                ImportRow(
                    run=run,
                    line=fate.row.line,
                    state=fate.state,
                    lead_id=fate.lead,
                    account_id=fate.account,
                    problem=fate.problem,
                    cells=fate.row.cells if fate.state == REJECTED else [],
                )
                for fate in fates
            ],
            batch_size=500,
        )
    run.counts = dict(Counter(run.counts) + Counter(fate.state for fate in fates))
    if run.state == State.CHECKING:
        problems = [[fate.row.line, fate.problem] for fate in fates if fate.problem]
        run.checked = {"problems": (run.checked.get("problems", []) if run.cursor else []) + problems}
        run.checked["problems"] = run.checked["problems"][:100]
    run.total, run.cursor, run.touched_at = total, run.cursor + len(fates), now
    run.save(update_fields=["counts", "checked", "total", "cursor", "touched_at"])


@transaction.atomic
def finish(run: ImportRun, now: datetime) -> None:
    if not claimed(run):
        return
    if run.state == State.CHECKING:
        run.checked = {**run.checked, "counts": run.counts, "rows": run.cursor}
        run.state = State.DRAFT
    else:
        run.state, run.ended_at = State.DONE, now
        if run.holds == ACCOUNTS:
            link = "leadrouting.intake.tasks.link_imported"
            transaction.on_commit(lambda: async_task(link, run.pk, timeout=TIMEOUT), robust=True)
    run.save(update_fields=["checked", "state", "ended_at"])


def fail(run: ImportRun, problem: str, now: datetime) -> None:
    ImportRun.objects.filter(pk=run.pk).update(state=State.FAILED, problem=problem, ended_at=now)


def rejected(run: ImportRun) -> Iterator[tuple[int, str, list[Any]]]:
    rows = run.rows.filter(state=REJECTED).order_by("line", "id").values_list("line", "problem", "cells")
    yield from rows.iterator(chunk_size=500)


def link_imported(pk: int, now: datetime) -> int:
    """Open leads that were here before the accounts of this import. Returns how many."""
    rows = ImportRow.objects.filter(run=pk, state__in=(IMPORTED, UPDATED), account__isnull=False)
    return link(sorted(set(rows.values_list("account", flat=True))), now)


@transaction.atomic
def forget_files(now: datetime) -> int:
    """Files hold people's data, and go after a while; what became of their rows stays. Returns how many went."""
    old = ImportRun.objects.filter(Q(ended_at__lt=now - KEPT) | Q(state=State.DRAFT, made_at__lt=now - KEPT))
    runs = set(ImportPart.objects.filter(run__in=old).values_list("run", flat=True))
    ImportPart.objects.filter(run__in=runs).delete()
    drafts = ImportRun.objects.filter(pk__in=runs, state=State.DRAFT)
    drafts.update(state=State.FAILED, problem=GONE, ended_at=now)
    return len(runs)
