"""Import accounts from a CSV file or a workbook. Blank cells change nothing, and the same file again nothing at all."""

from __future__ import annotations

from django.utils import timezone

from leadrouting.intake.importing.commanding import ImportCommand
from leadrouting.intake.importing.fates import Result
from leadrouting.intake.importing.mapping import ACCOUNTS
from leadrouting.leads.linking import link


class Command(ImportCommand):
    help = __doc__
    holds = ACCOUNTS

    def summary(self, result: Result) -> str:
        counts = result.counts
        return (
            f"{result.read:,} rows: {counts['imported']:,} new, {counts['updated']:,} updated, "
            f"{counts['known']:,} unchanged, {counts['rejected']:,} rejected."
        )

    def report(self, result: Result) -> None:
        if linked := link(result.accounts, timezone.now()) if result.accounts else 0:
            self.stdout.write(f"{linked:,} open leads without an account now belong to one.")
