"""What commands that import a file share."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from leadrouting.intake.importing.errors import ImportRefused
from leadrouting.intake.importing.fates import REJECTED, Options, Result
from leadrouting.intake.importing.files import Table, open_table
from leadrouting.intake.importing.guessing import guessed
from leadrouting.intake.importing.mapping import LEADS, Mapping
from leadrouting.intake.importing.rejects import rejects as rejects_of
from leadrouting.intake.importing.spool import Spool
from leadrouting.intake.importing.works import WORKS, run_import
from leadrouting.intake.importing.written import read_mapping
from leadrouting.intake.progress import progress
from leadrouting.teams.models import User


class ImportCommand(BaseCommand):
    holds = LEADS

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--mapping", type=Path, help="a TOML file: which column is which field (default: by the headings)"
        )
        parser.add_argument(
            "--sheet", default="", help="of a workbook (default: the first that is not empty)"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen; write nothing")
        parser.add_argument("--rejects", type=Path, help="where bad rows go (default: under var/imports)")

    def handle(self, **options: Any) -> None:
        file: Path = options["file"]
        now = timezone.now()
        try:
            with file.open("rb") as stream, Spool() as spool:
                result, table = self.imported(stream, file, spool, options)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        except ImportRefused as refused:
            raise CommandError(str(refused)) from None
        seconds = (timezone.now() - now).total_seconds()
        self.stdout.write(f"{file.name}: {table.described}.")
        self.stdout.write(
            f"{self.summary(result)} {seconds:.1f} s, {result.read / max(seconds, 0.001):,.0f} rows a second."
        )
        if options["dry_run"]:
            self.stdout.write("A dry run: nothing was written.")
        else:
            self.report(result)
        if result.problems:
            self.reject(result, table.columns, options["rejects"] or default_rejects(file))

    def options(self, mapping: Mapping, options: dict[str, Any]) -> Options:
        return Options(timezone.now(), dry=options["dry_run"])

    def summary(self, result: Result) -> str:
        raise NotImplementedError

    def report(self, result: Result) -> None:
        """What else there is to say of what was written."""

    def imported(
        self, stream: BinaryIO, file: Path, spool: Spool, options: dict[str, Any]
    ) -> tuple[Result, Table]:
        """Raises ImportRefused."""
        path: Path | None = options["mapping"]
        mapping = read_mapping(path, self.holds) if path else Mapping({})
        table = open_table(
            stream, str(file), encoding=mapping.encoding, delimiter=mapping.delimiter, sheet=options["sheet"]
        )
        if path is None:
            mapping = guessed(table, str(file), self.holds)
            for column, name in mapping.columns.items():
                self.stdout.write(f"  {column}: {name or 'left out'}")
            table = open_table(stream, str(file), sheet=options["sheet"])
        mapping.check_columns(table.columns, str(file))
        work = self.options(mapping, options)
        with progress() as bar:
            task = bar.add_task(f"Reading {file.name}", total=None)
            WORKS[mapping.holds].spooled(
                table, mapping, work, spool, lambda row: bar.update(task, completed=row)
            )
            bar.update(task, description=f"Importing {file.name}", completed=0, total=len(spool))
            return run_import(
                spool, table.columns, mapping, work, lambda rows: bar.advance(task, rows)
            ), table

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
