"""Set up a demo company with log-ins and weeks of history; a second time changes nothing."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from leadrouting.intake import demo
from leadrouting.intake.furnishing import furnish
from leadrouting.intake.opinions import have_opinions
from leadrouting.intake.packs import PackError, go_live, load_pack, pack_names, read_pack
from leadrouting.intake.packs.newcomers import settle
from leadrouting.intake.progress import progress
from leadrouting.intake.simulation.history import make_history
from leadrouting.rules.services import CannotPublish


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--logins", action="store_true", help="only print the log-ins")
        parser.add_argument(
            "--pack",
            help=f"load this pack and make its rules live, without log-ins and history: {', '.join(pack_names())}",
        )
        parser.add_argument("--leads", type=int, default=demo.LEADS, help="how many leads (0: no history)")
        parser.add_argument("--days", type=int, default=demo.DAYS, help="over how many days")
        parser.add_argument("--seed", type=int, default=demo.SEED, help="another seed, another history")
        parser.add_argument("--force", action="store_true", help="also among people who are not the demo's")

    def handle(self, *, logins: bool, pack: str | None, force: bool, **options: Any) -> None:
        try:
            if pack is not None:
                self.load(pack)
            elif not force and (objection := demo.objection()):
                self.stdout.write(objection)  # no error: `make run` on a database of one's own goes on
            else:
                if not logins:
                    self.set_up(options)
                self.stdout.write(demo.log_ins())
        except (PackError, CannotPublish) as error:
            raise CommandError(str(error)) from None

    def load(self, name: str) -> None:
        now = timezone.now()
        loaded = load_pack(name, now=now)
        is_switched = loaded.is_new or go_live(loaded.rule_set, now)
        news = "are live now" if is_switched else "were live already"
        self.stdout.write(f"The rules “{loaded.rule_set}” {news}. Every new lead goes by them.")

    def set_up(self, options: dict[str, Any]) -> None:
        """1. The company. 2. Its log-ins. 3. Its history, who is new, and what came in just now, if there is no
        lead yet."""
        now = timezone.now()
        pack = read_pack(demo.PACK)
        load_pack(demo.PACK, now=now, since=demo.began(now))
        demo.open_accounts()
        if options["leads"] and demo.needs_history():
            with progress() as bar:
                task = bar.add_task("Living through three months", total=options["days"] + 1)
                made = make_history(
                    pack,
                    leads=options["leads"],
                    days=options["days"],
                    seed=options["seed"],
                    until=now,
                    on_day=lambda day: bar.advance(task),
                )
            settle(pack, timezone.now())
            demo.name_sources()
            furnish()
            have_opinions(timezone.now())
            new = demo.enquire(pack, seed=options["seed"], clock=timezone.now)
            self.stdout.write(f"{made:,} leads over {options['days']} days, and {new} of this moment.")
