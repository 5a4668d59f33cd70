"""Import leads from a CSV file or a workbook, and route them. The same file again imports nothing twice."""

from __future__ import annotations

from argparse import ArgumentParser, BooleanOptionalAction
from dataclasses import replace
from typing import Any

from django.core.management import call_command
from rich.console import Console
from rich.table import Table as Grid

from leadrouting.intake.importing.commanding import ImportCommand, user_named
from leadrouting.intake.importing.fairness import fairness, tally
from leadrouting.intake.importing.fates import Options, Result
from leadrouting.intake.importing.mapping import Mapping
from leadrouting.leads.models import Lead


class Command(ImportCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--by", help="user name of who enters given owners and outcomes (default: sales ops)"
        )
        parser.add_argument("--pack", help="load this pack first, and make its rules live")
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

    def handle(self, **options: Any) -> None:
        if pack := options.pop("pack"):
            call_command("demo", pack=pack, stdout=self.stdout)
        super().handle(**options)

    def options(self, mapping: Mapping, options: dict[str, Any]) -> Options:
        historical = mapping.historical if options["historical"] is None else options["historical"]
        by = user_named(options["by"])
        return replace(
            super().options(mapping, options), historical=historical, routes=options["route"], by=by
        )

    def summary(self, result: Result) -> str:
        counts = result.counts
        return (
            f"{result.read:,} rows: {counts['imported']:,} imported, {counts['joined']:,} joined an open lead, "
            f"{counts['known']:,} were here already, {counts['rejected']:,} rejected."
        )

    def report(self, result: Result) -> None:
        leads = result.leads
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


def shown(bound: float | None) -> str:
    return "none: not all there" if bound is None else f"{bound:.3f}"


def yes_no(held: bool | None) -> str:
    return "-" if held is None else "yes" if held else "NO"
