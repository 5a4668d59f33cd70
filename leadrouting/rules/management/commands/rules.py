"""Rule sets as YAML files: export a draft, or import a file into one. An import writes all of it or nothing."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from leadrouting.rules.files import Imported, Outdated, WrongFile, exported_yaml, import_yaml
from leadrouting.rules.files.reading import decoded
from leadrouting.rules.models import RuleSet
from leadrouting.rules.services import (
    LONG_ENOUGH,
    AlreadyLive,
    CannotPublish,
    FailedTests,
    one_at_a_time,
    publish,
)

SIGNS = {"new": "+", "gone": "-", "changed": "~", "moved": ">"}


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        out = acts.add_parser("export", help="write a rule set's draft to a file")
        out.add_argument("file", nargs="?", default="-", help="where to; - is the screen (default)")
        out.add_argument("--rule-set", help="its name; not needed where there is only one")
        into = acts.add_parser("import", help="make a rule set's draft say what a file says")
        into.add_argument("file", help="a file as export writes it; - is what is piped in")
        into.add_argument("--dry-run", action="store_true", help="show what would change, write nothing")
        into.add_argument(
            "--force", action="store_true", help="also undo what others changed since the export"
        )
        into.add_argument("--publish", metavar="WHY", help="make it live as well, with this summary")
        into.add_argument("--override", metavar="REASON", default="", help="publish though test leads fail")

    def handle(self, *, act: str, file: str, **options: Any) -> None:
        if act == "export":
            self.export(file, options["rule_set"])
        else:
            self.take(file, options)

    def export(self, file: str, name: str | None) -> None:
        text = exported_yaml(chosen(name))
        if file == "-":
            self.stdout.write(text, ending="")
            return
        try:
            Path(file).write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from None

    def take(self, file: str, options: dict[str, Any]) -> None:
        try:
            self.carry_out(content_of(file), options)
        except WrongFile as wrong:
            for problem in wrong.problems:
                spot = problem.spot
                place = ":".join(str(part) for part in (file, spot.line, spot.column) if part is not None)
                self.stderr.write(f"{place}: {problem.reason}")
            number = len(wrong.problems)
            raise CommandError(f"{number} problem{'s' * (number != 1)}. Nothing was written.") from None
        except Outdated as outdated:
            raise CommandError(f"{outdated} Export again and merge, or say --force.") from None
        except FailedTests as failed:
            said = "\n".join(f"  {problem}" for problem in failed.problems)
            raise CommandError(
                f"Test leads would not go where they should. Nothing was written.\n{said}\n"
                f'Mend the rules, or say why it does not matter with --override "…", in {LONG_ENOUGH} letters or more.'
            ) from None
        except CannotPublish as cannot:
            said = "\n".join(f"  {problem}" for problem in cannot.problems)
            raise CommandError(f"It cannot be published. Nothing was written.\n{said}") from None

    @transaction.atomic
    def carry_out(self, text: str, options: dict[str, Any]) -> None:
        """Import and, if wanted, publish: both or neither."""
        now, why = timezone.now(), options["publish"]
        if why is not None:
            one_at_a_time()
        done = import_yaml(text, by=None, now=now, force=options["force"], dry_run=options["dry_run"])
        self.report(done, options["dry_run"])
        if why is not None and done.rule_set is not None and not options["dry_run"]:
            try:
                version = publish(
                    rule_set=done.rule_set, by=None, now=now, summary=why[:200], override=options["override"]
                )
            except AlreadyLive as same:  # a file that is sent again is no fault
                self.stdout.write(str(same))
                return
            self.stdout.write(f"{version} is live.")

    def report(self, done: Imported, dry_run: bool) -> None:
        plan = done.plan
        for change in plan.changes:
            self.stdout.write(
                f"{SIGNS[change.what]} {change.name}: {change.after or change.before}".rstrip(": ")
            )
        if plan.is_empty:
            self.stdout.write(f"The draft of “{plan.wanted.name}” says all that already. Nothing to do.")
            return
        said = "would say" if dry_run else "says"
        new = " It is new." if plan.is_new else ""
        self.stdout.write(
            f"The draft of “{plan.wanted.name}” {said} what the file says: {plan.summary}.{new}"
        )
        if dry_run and plan.outdated:
            self.stdout.write(f"{plan.outdated} Importing would undo that, and needs --force.")


def chosen(name: str | None) -> RuleSet:
    known = list(RuleSet.objects.order_by("name"))
    names = ", ".join(f"“{one}”" for one in known) or "none yet"
    if name is None:
        if len(known) == 1:
            return known[0]
        raise CommandError(f"Say which rule set with --rule-set. There are: {names}.")
    for one in known:
        if one.name == name:
            return one
    raise CommandError(f"There is no rule set “{name}”. There are: {names}.")


def content_of(file: str) -> str:
    try:
        return decoded(sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes())
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
