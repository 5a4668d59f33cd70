"""Decide stored decisions again from what they stored, and report any difference. Exits with 1 when there is one."""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from leadrouting.assignments import replays
from leadrouting.assignments.models import Decision

SHOWN = 20


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", default="", help="2026-11-01, or 7d for the last 7 days; default: all")
        parser.add_argument("--limit", type=int, help="at most so many decisions, the oldest first")

    def handle(self, *, since: str, limit: int | None, **options: Any) -> None:
        if limit is not None and limit < 1:
            raise CommandError("--limit is a whole number from 1.")
        started_at = timezone.now()
        begin = since_of(since, started_at) or first_decision() or started_at
        number = replays.decided(begin, started_at).count()
        with bar() as progress:
            task = progress.add_task("Replaying", total=min(number, limit or number))
            run = replays.recompute(
                begin, until=started_at, limit=limit, seen=lambda done: progress.advance(task, done)
            )
        finished_at = timezone.now()
        if limit is None or run.different:  # a sample that found nothing proves nothing about the others
            replays.keep(run, started_at=started_at, finished_at=finished_at)
        took = (finished_at - started_at).total_seconds()
        self.stdout.write(
            f"{run.checked:,} decisions recomputed in {took:.1f} seconds, {run.different:,} differ."
        )
        for line in replays.told(run, SHOWN):
            self.stdout.write(line)
        if run.different > SHOWN:
            self.stdout.write(f"and {run.different - SHOWN:,} more.")
        if run.different:
            sys.exit(1)


def since_of(text: str, now: datetime) -> datetime | None:
    """An instant: so many days ago, or midnight (of the server's zone, UTC) of a day, or a moment with its zone."""
    if not text:
        return None
    if days := re.fullmatch(r"(\d{1,5})d", text):
        return now - timedelta(days=int(days[1]))
    try:
        moment, day = parse_datetime(text), parse_date(text)
    except ValueError:
        moment = day = None
    if day is not None:
        moment = datetime(day.year, day.month, day.day)  # noqa: DTZ001  made aware below
    if moment is None:
        raise CommandError(
            f"“{text}” is no day. Write --since 2026-11-01, or --since 7d for the last 7 days."
        )
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


def first_decision() -> datetime | None:
    return Decision.objects.order_by("decided_at").values_list("decided_at", flat=True).first()


def bar() -> Progress:
    """On stderr, so that what is printed can be piped; none where nobody watches."""
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    return Progress(*columns, console=console, disable=not console.is_terminal, transient=True)
