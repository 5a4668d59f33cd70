"""Import leads from a CSV file by a mapping, and route them. The same file again imports nothing twice."""

from __future__ import annotations

import csv
from argparse import ArgumentParser, BooleanOptionalAction
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.table import Table as Grid

from leadrouting.intake.importing.errors import ImportRefused
from leadrouting.intake.importing.fairness import fairness, tally
from leadrouting.intake.importing.files import read_table
from leadrouting.intake.importing.mapping import read_mapping
from leadrouting.intake.importing.running import Options, Result, run_import
from leadrouting.intake.progress import progress
from leadrouting.leads.models import Lead


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--mapping", type=Path, required=True, help="a TOML file: which column is which field"
        )
        parser.add_argument("--pack", help="load this pack first, and make its rules live")
        parser.add_argument("--rejects", type=Path, help="where bad rows go (default: under var/imports)")
        parser.add_argument(
            "--route",
            action=BooleanOptionalAction,
            default=True,
            help="no: left to the pulse, or to manage.py route",
        )
        parser.add_argument(
            "--historical",
            action=BooleanOptionalAction,
            help="route as of each lead's own date, without clocks and messages (default: as the mapping says)",
        )

    def handle(
        self, *, file: Path, mapping: Path, pack: str | None, rejects: Path | None, **options: Any
    ) -> None:
        if pack:
            call_command("demo", pack=pack, stdout=self.stdout)
        now = timezone.now()
        try:
            mapped = read_mapping(mapping)
            table = read_table(file, mapped.encoding, mapped.delimiter)
            mapped.check_columns(table.columns, file)
        except ImportRefused as refused:
            raise CommandError(str(refused)) from None
        historical = mapped.historical if options["historical"] is None else options["historical"]
        with progress() as bar:
            task = bar.add_task(f"Importing {file.name}", total=len(table.rows))
            result = run_import(
                table,
                mapped,
                Options(now, historical, options["route"]),
                lambda rows: bar.advance(task, rows),
            )
        seconds = (timezone.now() - now).total_seconds()
        self.stdout.write(f"{file.name}: {table.encoding}, divided by {table.delimiter!r}.")
        self.report(result, len(table.rows), seconds)
        if result.rejected:
            self.reject(result, table.columns, rejects or default_rejects(file))

    def report(self, result: Result, rows: int, seconds: float) -> None:
        leads = result.leads
        self.stdout.write(
            f"{rows:,} rows: {len(leads):,} imported, {result.joined:,} joined an open lead, "
            f"{result.known:,} were here already, {len(result.rejected):,} rejected. "
            f"{seconds:.1f} s, {rows / max(seconds, 0.001):,.0f} rows a second."
        )
        if not leads:
            return
        owned = Lead.objects.filter(pk__in=leads, owner__isnull=False).count()
        queued = Lead.objects.filter(pk__in=leads, queue__isnull=False).count()
        self.stdout.write(
            f"{owned + queued:,} of {len(leads):,} owned or queued: {owned:,} owned, {queued:,} queued.\n"
        )
        places, rules = tally(leads)
        self.grid(["Owner", "Leads"], places)
        self.grid(["Rule", "Leads"], rules)
        self.grid(
            ["Pool", "Leads", "Members", "Furthest from a share", "Bound", "Held"],
            [
                (one.pool, one.leads, one.members, f"{one.furthest:.3f}", shown(one.bound), yes_no(one.holds))
                for one in fairness(leads)
            ],
        )

    def grid(self, columns: list[str], rows: list[tuple[Any, ...]]) -> None:
        grid = Grid(*columns)
        for row in rows:
            grid.add_row(*[f"{cell:,}" if isinstance(cell, int) else cell for cell in row])
        console = Console(width=110)
        with console.capture() as captured:
            console.print(grid)
        self.stdout.write(captured.get())

    def reject(self, result: Result, columns: list[str], path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["line", "reason", *columns])
            for row, reason in result.rejected:
                writer.writerow([row.line, reason, *(row.values.get(name, "") for name in columns)])
        for row, reason in result.rejected[:10]:
            self.stdout.write(f"  line {row.line}: {reason}")
        self.stdout.write(f"All {len(result.rejected):,} rejected rows, with reasons: {path}")


def default_rejects(file: Path) -> Path:
    return Path(settings.BASE_DIR) / "var" / "imports" / f"{file.stem}.rejects.csv"


def shown(bound: float | None) -> str:
    return "none: not all there" if bound is None else f"{bound:.3f}"


def yes_no(held: bool | None) -> str:
    return "-" if held is None else "yes" if held else "NO"
