"""Route leads that wait: those given by number, or with --all every one that has no owner."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from leadrouting.assignments.explaining import sentences
from leadrouting.assignments.models import Decision
from leadrouting.assignments.orders import Cause
from leadrouting.assignments.routing import CHUNK
from leadrouting.assignments.services import route_all
from leadrouting.intake.progress import progress
from leadrouting.leads.models import Lead


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("leads", nargs="*", type=int, metavar="LEAD_ID")
        parser.add_argument("--all", action="store_true", help="every lead that waits in a queue")

    def handle(self, *, leads: list[int], all: bool, **options: Any) -> None:
        if bool(leads) == all:
            raise CommandError("Name leads by their numbers, or say --all.")
        if unknown := set(leads) - set(Lead.objects.filter(pk__in=leads).values_list("pk", flat=True)):
            raise CommandError(f"There is no lead {', '.join(map(str, sorted(unknown)))}.")
        waiting = Lead.objects.waiting()
        chosen = waiting if all else waiting.filter(pk__in=leads)
        ids = list(chosen.order_by("created_at", "id").values_list("id", flat=True))
        if not ids:
            self.stdout.write(
                "Nothing to route: no lead waits." if all else "Nothing to route: they do not wait."
            )
            return
        with progress() as bar:
            for start in bar.track(range(0, len(ids), CHUNK), description="Routing"):
                route_all(ids[start : start + CHUNK], now=timezone.now(), cause=Cause.SWEEP)
        owned = Lead.objects.filter(pk__in=ids, owner__isnull=False).count()
        self.stdout.write(
            f"{len(ids):,} routed: {owned:,} have an owner, {len(ids) - owned:,} wait in a queue."
        )
        if leads:
            self.explain(ids)

    def explain(self, ids: list[int]) -> None:
        decisions = list(Decision.objects.filter(lead__in=ids).order_by("lead_id", "-id").distinct("lead_id"))
        for decision in decisions:
            self.stdout.write(f"{decision.lead_id}: {sentences(decisions)[decision.pk]}")
