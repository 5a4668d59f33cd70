"""How soon does everybody know of a lead? Run: python bench/messages.py [--leads 600 --rate 10] [--quick]

Leads are posted to `leads/` at a steady rate, of a campaign that tells the owner by e-mail, push and chat, the prospect
by an acknowledgement, and another system by a signed webhook. Web and all clusters are started by the real commands on a
PostgreSQL of their own; all of it goes to real servers here; signatures are checked, and push is decrypted. Prints how long it
took from the beginning of the request until each had it, and all of them. Exits with 1 when something never came, came
twice, or was not signed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from standardwebhooks import Webhook

from tests.chaos.arena import Arena, wait_for
from tests.peers import HttpPeer, PushPeer, SmtpPeer

CHANNELS = ["e-mail to the rep", "push to the rep", "chat to the rep", "e-mail to the prospect", "webhook"]
WARM = 20
"""Leads ahead, which are not counted: processes are starting."""
PATIENCE = 60.0
"""Seconds for the last to arrive."""


class Watch:
    """When each lead, by its number, was sent and when who had it."""

    def __init__(self) -> None:
        self.began: dict[int, float] = {}
        self.answered: dict[int, float] = {}
        self.came: dict[str, dict[int, list[float]]] = {name: defaultdict(list) for name in CHANNELS}
        self.secret = ""
        self.wrong = 0

    def mail(self, address: str, mail: EmailMessage) -> None:
        now = time.monotonic()
        if address.endswith("@prospects.example"):
            self.came["e-mail to the prospect"][int(address.removeprefix("lead").partition("@")[0])].append(
                now
            )
        elif "New lead" in str(mail["subject"]):
            self.came["e-mail to the rep"][int(str(mail["subject"]).rpartition(" ")[2])].append(now)

    def webhook(self, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        now = time.monotonic()
        try:
            told = Webhook(self.secret).verify(body, headers)
        except Exception:
            self.wrong += 1
            return 400, {}
        if told["type"] == "lead.assigned":
            self.came["webhook"][int(told["data"]["lead"]["external_id"].partition("-")[2])].append(now)
        return 200, {}

    def push(self, peer: PushPeer, body: bytes) -> tuple[int, dict[str, str]]:
        now, told = time.monotonic(), peer.read(body)
        if told["title"].startswith("New lead"):
            self.came["push to the rep"][int(told["title"].rpartition(" ")[2])].append(now)
        return 201, {}

    def chat(self, body: bytes) -> tuple[int, dict[str, str]]:
        now, title = time.monotonic(), json.loads(body)["title"]
        if title.startswith("New lead"):
            self.came["chat to the rep"][int(title.rpartition(" ")[2])].append(now)
        return 200, {}

    def missing(self, numbers: range) -> list[str]:
        return [name for name, came in self.came.items() if any(number not in came for number in numbers)]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--leads", type=int, default=600)
    parser.add_argument("--rate", type=float, default=10, help="leads a second")
    parser.add_argument("--quick", action="store_true", help="100 leads")
    options = parser.parse_args()
    leads = 100 if options.quick else options.leads
    watch = Watch()
    smtp, http, maker, room = SmtpPeer(watch.mail), HttpPeer(), PushPeer(), HttpPeer()
    http.answer = watch.webhook
    maker.answer = lambda headers, body: watch.push(maker, body)
    room.answer = lambda headers, body: watch.chat(body)
    more = {
        "push": maker.subscription() | {"label": "Browser"},
        "chat": room.address.replace("http:", "json:"),
    }
    with tempfile.TemporaryDirectory() as home:
        own = {
            "OUTSIDE_HOSTS": ",".join(f"127.0.0.1:{one.server.server_port}" for one in (http, maker, room)),
            "CHAT_SERVICES": "json",
            "EMAIL_URL": smtp.url,
        }
        arena = Arena(Path(home), "messages", http.address, json.dumps(more), **own)
        try:
            watch.secret = arena.tokens["secret"]
            with arena.running("bench_messages"):
                return run(arena, watch, leads, options.rate)
        finally:
            arena.close()
            for one in (smtp, http, maker, room):
                one.close()


def run(arena: Arena, watch: Watch, leads: int, rate: float) -> int:
    warm, counted = range(WARM), range(WARM, WARM + leads)
    with ThreadPoolExecutor(16) as threads:
        for numbers in (warm, counted):
            start = time.monotonic()
            for place, number in enumerate(numbers):
                time.sleep(max(start + place / rate - time.monotonic(), 0))
                threads.submit(post, arena, watch, number)
            wait_for(lambda all_=numbers: not watch.missing(all_), PATIENCE)
    print(f"{leads} leads at {rate:g} a second; seconds from the beginning of the request")
    answers = [watch.answered[number] - watch.began[number] for number in counted if number in watch.answered]
    line("the API has answered", answers, leads)
    firsts = {
        name: {number: came[number][0] - watch.began[number] for number in counted if number in came}
        for name, came in watch.came.items()
    }
    for name, found in firsts.items():
        line(name, list(found.values()), leads)
    everywhere = [
        max(found[number] for found in firsts.values())
        for number in counted
        if all(number in found for found in firsts.values())
    ]
    line("all of them", everywhere, leads)
    twice = sum(len(times) > 1 for came in watch.came.values() for times in came.values())
    if twice or watch.wrong:
        print(f"  came twice: {twice}; wrongly signed: {watch.wrong}")
    return 0 if len(everywhere) == leads and not twice and not watch.wrong else 1


def post(arena: Arena, watch: Watch, number: int) -> None:
    content: dict[str, Any] = {
        "name": f"Lead {number}",
        "email": f"lead{number}@prospects.example",
        "external_id": f"bench-{number}",
        "campaign": "spring",
    }
    headers = {"Authorization": f"Token {arena.tokens['service']}", "Content-Type": "application/json"}
    watch.began[number] = time.monotonic()
    request = Request(f"{arena.address}/api/v1/leads/", json.dumps(content).encode(), headers)
    urlopen(request, timeout=30).close()
    watch.answered[number] = time.monotonic()


def line(name: str, seconds: list[float], expected: int) -> None:
    seconds.sort()
    if not seconds:
        print(f"{name:>24}: nothing came")
        return
    p50, p99 = seconds[len(seconds) // 2], seconds[min(len(seconds) * 99 // 100, len(seconds) - 1)]
    lost = f"  missing {expected - len(seconds)}" if len(seconds) < expected else ""
    print(f"{name:>24}: p50 {p50:.2f}  p99 {p99:.2f}  max {seconds[-1]:.2f}{lost}")


if __name__ == "__main__":
    sys.exit(main())
