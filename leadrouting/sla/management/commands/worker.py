"""Runs background tasks until SIGTERM or SIGINT."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django_q.conf import Conf

from leadrouting.assignments.warming import warm
from leadrouting.sla.cluster import Keeper


class Command(BaseCommand):
    help = "Runs background tasks: those of the default cluster, or those of the pulse."

    def add_arguments(self, parser: CommandParser) -> None:
        names = [settings.Q_CLUSTER["name"], *settings.Q_CLUSTER["ALT_CLUSTERS"]]
        parser.add_argument(
            "--cluster", choices=names, default=Conf.CLUSTER_NAME, help="Also Q_CLUSTER_NAME."
        )

    def handle(self, *, cluster: str, **options: Any) -> None:
        if cluster != Conf.CLUSTER_NAME:
            self.start_over(cluster)
        self.stdout.write(f"Working on the queue “{cluster}”.")
        self.stdout.flush()
        warm(timezone.now())
        Keeper().run()

    def start_over(self, cluster: str) -> None:
        """django-q2 reads the name of its cluster when it is imported, which was long ago."""
        os.environ["Q_CLUSTER_NAME"] = cluster
        os.execv(sys.executable, sys.orig_argv)  # noqa: S606 it is this very program
