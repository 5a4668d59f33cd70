"""Who uses the product while it is killed: forms that send leads, reps that answer. All over HTTP, all stubborn."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import deque
from threading import Event, Thread
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.chaos.arena import BASE, Arena
from tests.chaos.world import RESPOND, values

FORMS = 4
ANSWERED = """
    SELECT assignment.lead_id, assignment.rep_id, substring(lead.external_id FROM 7)::int AS number,
        extract(epoch FROM clock_timestamp() - lower(period))::float, accepted_at IS NOT NULL
    FROM assignments_assignment assignment JOIN leads_lead lead ON lead.id = assignment.lead_id
    WHERE upper(period) IS NULL AND responded_at IS NULL AND substring(lead.external_id FROM 7)::int % 4 = 0
"""


class Visitors:
    """Half of the leads come by the web, half by a program; a quarter of all is answered."""

    def __init__(self, arena: Arena, leads: int, seconds: float) -> None:
        self.arena, self.leads, self.apart = arena, leads, seconds / leads
        self.gone = Event()
        self.born = time.monotonic()
        arena.statement(
            "INSERT INTO chaos_expected SELECT 'chaos-' || n FROM generate_series(0, %s - 1) n", leads
        )
        half = leads // 2
        self.threads = [Thread(target=self.fill_in, args=(form, half), daemon=True) for form in range(FORMS)]
        self.threads.append(Thread(target=self.answer, daemon=True))
        for thread in self.threads:
            thread.start()
        feed = ["-m", "tests.chaos.world", "feed", str(half), str(leads), str(self.apart * 2)]
        variables = arena.variables | {"DATABASE_URL": arena.url}
        with (arena.home / "feeder").open("a") as log:
            self.feeder = subprocess.Popen([sys.executable, *feed], cwd=BASE, env=variables, stderr=log)

    def fill_in(self, form: int, leads: int) -> None:
        """A lead that does not get through is sent again after the others that are due: its key may be in the
        hands of a request that was killed, which the API lets wait for half a minute."""
        waiting = deque(range(form, leads, FORMS))
        while waiting and not self.gone.is_set():
            number = waiting.popleft()
            time.sleep(max(self.born + number * self.apart * 2 - time.monotonic(), 0))
            if not self.post("leads/", "service", values(number), f"lead {number}"):
                waiting.insert(FORMS, number)
                time.sleep(0.1)

    def answer(self) -> None:
        """At once, after accepting, or at the last moment."""
        while not self.gone.wait(0.2):
            for lead, rep, number, age, accepted in self.arena.ask(ANSWERED):
                patience = RESPOND.total_seconds() * {0: 0.1, 4: 0.8, 8: 0.97}[number % 12]
                if number % 12 == 4 and not accepted and age > 0.5:
                    self.post(f"leads/{lead}/accept/", str(rep), {})
                elif age > patience:
                    self.post(f"leads/{lead}/respond/", str(rep), {})

    def post(self, path: str, who: str, content: dict[str, str], key: str = "") -> bool:
        headers = {
            "Authorization": f"Token {self.arena.tokens[who]}",
            "Content-Type": "application/json",
            **({"Idempotency-Key": key} if key else {}),
        }
        address = f"{self.arena.address}/api/v1/{path}"
        try:
            urlopen(Request(address, json.dumps(content).encode(), headers), timeout=5).close()
        except HTTPError as refusal:
            refusal.close()
            return False
        except OSError:
            return False
        return True

    def leave(self) -> None:
        self.gone.set()
        self.feeder.kill()
        self.feeder.wait()
        for thread in self.threads:
            thread.join(10)
