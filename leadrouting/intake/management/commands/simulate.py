"""Made-up traffic: weeks of history at once, leads in real time, or a past week again with other weights."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from leadrouting.analytics.models import RebalanceReport
from leadrouting.assignments.errors import Refused
from leadrouting.intake import demo
from leadrouting.intake.packs import PackError, read_pack
from leadrouting.intake.progress import progress
from leadrouting.intake.simulation.history import make_history
from leadrouting.intake.simulation.live import Rate, Traffic
from leadrouting.intake.simulation.replay import described
from leadrouting.intake.simulation.replay import replay as replayed
from leadrouting.rules.models import Version

POLL = 0.5  # seconds between two looks of --live at who has got a lead


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--pack", default=demo.PACK, help="whose market and manners")
        parser.add_argument("--seed", type=int, default=demo.SEED)
        parser.add_argument("--days", type=int, default=demo.DAYS, help="history: over how many days")
        parser.add_argument("--leads", type=int, default=3000, help="history: how many leads")
        parser.add_argument("--until", help="history: when it ends, e.g. 2026-03-01T12:00Z (default: now)")
        parser.add_argument("--live", action="store_true", help="in real time, until Ctrl-C")
        parser.add_argument("--rate", default="20/min", help="live: how many leads, e.g. 20/min")
        parser.add_argument("--replay", metavar="REPORT", help="a weekly report's number, or “latest”")

    def handle(self, *, live: bool, replay: str | None, **options: Any) -> None:
        try:
            if replay is not None:
                self.replay(replay, options["seed"])
            elif live:
                self.live(options)
            else:
                self.history(options)
        except (PackError, Refused, ValueError) as error:
            raise CommandError(str(error)) from None

    def history(self, options: dict[str, Any]) -> None:
        until = moment(options["until"]) if options["until"] else timezone.now()
        self.check_rules()
        numbers = {name: options[name] for name in ("leads", "days", "seed")}
        self.stdout.write(f"Living through {options['days']} days up to {until:%Y-%m-%d %H:%M} UTC ...")
        with progress() as bar:
            task = bar.add_task("Living through it", total=options["days"] + 1)
            made = make_history(
                read_pack(options["pack"]), **numbers, until=until, on_day=lambda day: bar.advance(task)
            )
        self.stdout.write(f"{made:,} leads over {options['days']} days, until {until:%Y-%m-%d %H:%M} UTC.")

    def live(self, options: dict[str, Any]) -> None:
        self.check_rules()
        now = timezone.now()
        traffic = Traffic(
            read_pack(options["pack"]),
            seed=f"{options['seed']}:{now.timestamp():.0f}",
            rate=Rate.parse(options["rate"]),
            say=self.stdout.write,
        )
        traffic.start(now)
        try:
            while True:
                traffic.step(timezone.now())
                time.sleep(POLL)
        except KeyboardInterrupt:
            self.stdout.write(f"\n{traffic.arrived} leads came in.")

    def replay(self, which: str, seed: int) -> None:
        reports = RebalanceReport.objects.select_related("team").order_by("-week", "id")
        report = next((one for one in reports if is_meant(one, which)), None)
        if report is None:
            raise CommandError(f"There is no such report that suggests anything: {which}.")
        self.stdout.write(f"Report {report.pk}: {report}. The same leads, decided again one by one:")
        results = replayed(report, seed=seed, now=timezone.now())
        for one in results:
            told = described(one)
            self.stdout.write(f"{one.pool}\n  weights  {told['weights']}")
            self.stdout.write(f"  before   {told['before']}\n  after    {told['after']}")
        if not results:
            self.stdout.write("It suggests no new weights.")

    def check_rules(self) -> None:
        if not Version.objects.filter(is_live=True).exists():
            raise CommandError("No rule set is live: run manage.py demo first.")


def is_meant(report: RebalanceReport, which: str) -> bool:
    if which == "latest":
        return any(pool["changed"] for pool in report.content["pools"])
    return str(report.pk) == which


def moment(text: str) -> datetime:
    found = parse_datetime(text)
    if found is None:
        raise CommandError(f"“{text}” is no moment. Write, for example, 2026-03-01T12:00Z.")
    return found if found.tzinfo else found.replace(tzinfo=UTC)
