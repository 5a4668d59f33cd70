"""Everything on one machine: database, demo data, web and workers. Ctrl-C stops all of it."""

from __future__ import annotations

import signal
import sys
from io import StringIO
from threading import Event, Thread
from typing import Any

import environ
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from honcho.environ import parse_procfile

from config import database, running
from config.services import Service, Speaker, keep


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options: Any) -> None:
        """
        1. Hold the embedded PostgreSQL, unless DATABASE_URL names another one, and choose a port.
        2. Migrate, and make the demo data where they are missing.
        3. Run the processes of the Procfile, each again when it dies; say where they are when they answer.
        4. Stop them, then the database.
        """
        env = environ.Env()
        server = None if env("DATABASE_URL", default="") else database.embedded(settings.BASE_DIR)
        port = self.port(env.int("PORT", default=8000))
        variables = running.environment(settings.BASE_DIR, database.url(settings.BASE_DIR, env), port)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.default_int_handler)
        try:
            log_ins = self.prepare()
            code = self.run(variables, port, log_ins, server)
        except KeyboardInterrupt:
            code = 0
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # the database is stopped on exit, whatever comes now
        sys.exit(code)

    def port(self, wanted: int) -> int:
        port = running.free_port(wanted)
        if port != wanted:
            self.say(f"Port {wanted} is taken, so this is port {port}.")
        return port

    def prepare(self) -> str:
        """Returns what the demo says about its log-ins."""
        self.say("Preparing the database and, the first time, the demo: that takes a minute ...")
        (settings.BASE_DIR / "var" / "static").mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0)
        said = StringIO()
        try:
            call_command("demo", stdout=said)
        except CommandError as refusal:  # other people's data: they log in as they always do
            said.write(str(refusal))
        connections.close_all()
        return said.getvalue().strip()

    def run(self, variables: dict[str, str], port: int, log_ins: str, server: Any) -> int:
        """Returns the exit code: zero after a stop that was asked for."""
        commands = parse_procfile((settings.BASE_DIR / "Procfile").read_text()).processes
        say = Speaker(sys.stdout, list(commands)).say
        services = [Service(name, command, say) for name, command in commands.items()]
        stopped = Event()
        Thread(target=self.announce, args=(port, log_ins, stopped), daemon=True).start()
        if server is not None:
            Thread(target=running.keep_database, args=(server, stopped), daemon=True).start()
        return keep(services, stopped, variables, settings.BASE_DIR)

    def announce(self, port: int, log_ins: str, stopped: Event) -> None:
        while not running.answers(f"{running.address(port)}/healthz"):
            if stopped.wait(running.LOOK):
                return
        self.say(f"\nLeadrouting runs at {running.address(port)}/\n{log_ins}\nCtrl-C stops everything.\n")

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
