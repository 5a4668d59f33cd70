"""Import leads from a CSV file or a workbook, and route them. The same file again imports nothing twice."""

from __future__ import annotations

from argparse import ArgumentParser, BooleanOptionalAction
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.table import Table as Grid

from leadrouting.intake.importing.errors import ImportRefused
from leadrouting.intake.importing.fairness import fairness, tally
from leadrouting.intake.importing.fates import REJECTED, Options, Result
from leadrouting.intake.importing.files import Table, open_table
from leadrouting.intake.importing.guessing import guessed
from leadrouting.intake.importing.mapping import Mapping
from leadrouting.intake.importing.rejects import rejects as rejects_of
from leadrouting.intake.importing.running import run_import, spooled
from leadrouting.intake.importing.spool import Spool
from leadrouting.intake.importing.written import read_mapping
from leadrouting.intake.progress import progress
from leadrouting.leads.models import Lead
from leadrouting.teams.models import User


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--mapping", type=Path, help="a TOML file: which column is which field (default: by the headings)"
        )
        parser.add_argument(
            "--sheet", default="", help="of a workbook (default: the first that is not empty)"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen; write nothing")
        parser.add_argument(
            "--by", help="user name of who enters given owners and outcomes (default: sales ops)"
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
        self, *, file: Path, mapping: Path | None, pack: str | None, rejects: Path | None, **options: Any
    ) -> None:
        if pack:
            call_command("demo", pack=pack, stdout=self.stdout)
        now = timezone.now()
        try:
            with file.open("rb") as stream, Spool() as spool:
                result, table = self.imported(stream, file, mapping, spool, options)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        except ImportRefused as refused:
            raise CommandError(str(refused)) from None
        seconds = (timezone.now() - now).total_seconds()
        self.stdout.write(f"{file.name}: {table.described}.")
        self.report(result, seconds, options["dry_run"])
        if result.problems:
            self.reject(result, table.columns, rejects or default_rejects(file))

    def imported(
        self, stream: BinaryIO, file: Path, path: Path | None, spool: Spool, options: dict[str, Any]
    ) -> tuple[Result, Table]:
        """Raises ImportRefused."""
        mapping = read_mapping(path) if path else Mapping({})
        table = open_table(
            stream, str(file), encoding=mapping.encoding, delimiter=mapping.delimiter, sheet=options["sheet"]
        )
        if path is None:
            mapping = guessed(table, stream, str(file))
            for column, name in mapping.columns.items():
                self.stdout.write(f"  {column}: {name or 'left out'}")
            table = open_table(stream, str(file), sheet=options["sheet"])
        mapping.check_columns(table.columns, str(file))
        historical = mapping.historical if options["historical"] is None else options["historical"]
        work = Options(timezone.now(), historical, options["route"], user_named(options["by"]))
        with progress() as bar:
            task = bar.add_task(f"Reading {file.name}", total=None)
            spooled(table, mapping, work, spool, lambda row: bar.update(task, completed=row))
            bar.update(task, description=f"Importing {file.name}", completed=0, total=len(spool))
            result = run_import(
                spool,
                table.columns,
                mapping,
                work,
                lambda rows: bar.advance(task, rows),
                dry=options["dry_run"],
            )
        return result, table

    def report(self, result: Result, seconds: float, dry: bool) -> None:
        leads, rows, counts = result.leads, result.read, result.counts
        self.stdout.write(
            f"{rows:,} rows: {counts['imported']:,} imported, {counts['joined']:,} joined an open lead, "
            f"{counts['known']:,} were here already, {counts['rejected']:,} rejected. "
            f"{seconds:.1f} s, {rows / max(seconds, 0.001):,.0f} rows a second."
        )
        if dry:
            self.stdout.write("A dry run: nothing was written.")
            return
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
        bad = [fate for fate in result.problems if fate.state == REJECTED]
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(
                rejects_of(columns, ((fate.row.line, fate.problem, fate.row.cells) for fate in bad))
            )
        for fate in result.problems[:10]:
            self.stdout.write(f"  line {fate.row.line}: {fate.problem}")
        self.stdout.write(f"All {len(bad):,} rejected rows, with reasons: {path}")


def user_named(name: str | None) -> User | None:
    """Raises CommandError."""
    if not name:
        return User.objects.filter(role=User.Role.OPS, is_active=True).order_by("pk").first()
    found = User.objects.filter(username=name, is_active=True).first()
    if found is None or not found.is_ops:
        raise CommandError(f"“{name}” is nobody in sales ops.")
    return found


def default_rejects(file: Path) -> Path:
    return Path(settings.BASE_DIR) / "var" / "imports" / f"{file.stem}.rejects.csv"


def shown(bound: float | None) -> str:
    return "none: not all there" if bound is None else f"{bound:.3f}"


def yes_no(held: bool | None) -> str:
    return "-" if held is None else "yes" if held else "NO"
