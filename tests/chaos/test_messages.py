"""Workers that send are killed in the moment of sending, before and after the other side has it, and the other side counts:
a prospect hears once, everybody else at least once and can tell by the key that they had it already."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.request import Request, urlopen

import psutil
import pytest
from standardwebhooks import Webhook

from tests.chaos.arena import Arena, wait_for
from tests.peers import HttpPeer, SmtpPeer

LEADS = 24
KILLED = {
    "prospect": (3,),
    "prospect announced": (6,),
    "rep": (4,),
    "rep announced": (8,),
    "webhook": (3, 11),
}
"""At which arrival of a kind its sender is killed."""
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux shows them")


class Deadly:
    """Servers that kill whoever sends to them, at chosen arrivals: when a mail is announced, so that it has not been handed
    over yet; or when it, or a webhook, is there, so that whoever sent it does not live to write that down."""

    def __init__(self) -> None:
        self.smtp, self.http = SmtpPeer(self.mailed, self.announced), HttpPeer()
        self.http.answer = self.told
        self.arena: Arena | None = None
        self.kills: list[str] = []
        self.seen: Counter[str] = Counter()
        self.mails: list[tuple[str, str]] = []
        self.hooks: list[tuple[str, str]] = []
        self.lock = Lock()
        self.secret = ""

    def announced(self, address: str) -> None:
        self.arrived(f"{whose(address)} announced")

    def mailed(self, address: str, mail: Any) -> None:
        self.arrived(whose(address))
        with self.lock:
            self.mails.append((address, str(mail["Message-ID"])))

    def told(self, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        said = Webhook(self.secret).verify(body, headers)
        with self.lock:
            self.hooks.append((said["data"]["lead"]["external_id"], headers["webhook-id"]))
        self.arrived("webhook")
        return 200, {}

    def arrived(self, kind: str) -> None:
        """Whoever sent it is dead before it hears that it has arrived."""
        self.seen[kind] += 1
        if self.seen[kind] in KILLED[kind] and self.arena is not None:
            self.kills.append(kind)
            kill_senders(self.arena)

    def close(self) -> None:
        self.smtp.close()
        self.http.close()


def whose(address: str) -> str:
    return "prospect" if address.endswith("@prospects.example") else "rep"


def kill_senders(arena: Arena) -> None:
    keeper = psutil.Process(arena.service("outbox").process.pid)  # type: ignore[union-attr]
    for one in keeper.children(recursive=True):
        with suppress(psutil.Error):
            one.kill()


@pytest.fixture(scope="module")
def deadly() -> Iterator[Deadly]:
    made = Deadly()
    yield made
    made.close()


@pytest.fixture(scope="module")
def arena(tmp_path_factory: pytest.TempPathFactory, deadly: Deadly) -> Iterator[Arena]:
    hosts = f"127.0.0.1:{deadly.http.server.server_port}"
    variables = {"OUTSIDE_HOSTS": hosts, "EMAIL_URL": deadly.smtp.url, "CHAOS_HURRIED": "1"}
    made = Arena(Path(tmp_path_factory.mktemp("outbox")), "messages", deadly.http.address, **variables)
    deadly.secret = made.tokens["secret"]
    yield made
    made.close()


def post(arena: Arena, number: int) -> None:
    content = {
        "name": f"Lead {number}",
        "email": f"lead{number}@prospects.example",
        "external_id": f"chaos-{number}",
        "campaign": "spring",
    }
    headers = {"Authorization": f"Token {arena.tokens['service']}", "Content-Type": "application/json"}
    urlopen(
        Request(f"{arena.address}/api/v1/leads/", json.dumps(content).encode(), headers), timeout=30
    ).close()


def is_quiet(arena: Arena) -> bool:
    return arena.ask(
        "SELECT NOT EXISTS (SELECT FROM notifications_dispatch WHERE state = 'waiting')"
        " AND NOT EXISTS (SELECT FROM notifications_hook WHERE state = 'waiting')"
        " AND NOT EXISTS (SELECT FROM notifications_event WHERE spread_at IS NULL)"
        " AND NOT EXISTS (SELECT FROM notifications_message WHERE spread_at IS NULL)"
        " AND (SELECT count(*) FROM notifications_hook) = %s",
        2 * LEADS,
    ) == [(True,)]


def test_killed_while_sending(arena: Arena, deadly: Deadly) -> None:
    with arena.running("chaos_messages"):
        deadly.arena = arena
        for number in range(LEADS):
            post(arena, number)
        assert wait_for(lambda: is_quiet(arena), 120), "It does not come to rest."
        deadly.arena = None
        states: dict[str, str] = dict(
            arena.ask(
                "SELECT address, dispatch.state FROM notifications_dispatch dispatch"
                " JOIN notifications_message message ON message.id = message_id WHERE kind = 'ack'"
            )
        )
        reps = arena.ask(
            "SELECT dispatch.id, dispatch.state FROM notifications_dispatch dispatch"
            " JOIN notifications_message message ON message.id = message_id WHERE kind = 'assigned'"
        )
        hooks = arena.ask("SELECT key, state FROM notifications_hook ORDER BY event_id")
    assert set(deadly.kills) == set(KILLED)

    got = Counter(address for address, _ in deadly.mails if address.endswith("@prospects.example"))
    assert len(states) == LEADS
    for address, state in states.items():
        assert state in ("sent", "unsure") and got[address] <= 1, (address, state, got[address])
        assert state == "unsure" or got[address] == 1, "It is said to be sent, and nobody has it."
    maybe = [got[address] for address, state in states.items() if state == "unsure"]
    assert 0 in maybe, "Nobody was killed between writing down that it begins and handing it over."
    assert 1 in maybe, "Nobody was killed between handing it over and writing that down."

    named = Counter(name for address, name in deadly.mails if not address.endswith("@prospects.example"))
    assert {state for _, state in reps} == {"sent"} and len(reps) == LEADS
    assert {name.partition("@")[0] for name in named} == {f"<leadrouting-{key}" for key, _ in reps}
    assert max(named.values()) > 1, "Nobody was killed between sending and writing it down."

    told = Counter(key for _, key in deadly.hooks)
    assert {state for _, state in hooks} == {"delivered"} and set(told) == {key for key, _ in hooks}
    assert max(told.values()) > 1
    for number in range(LEADS):
        firsts = list(dict.fromkeys(key for lead, key in deadly.hooks if lead == f"chaos-{number}"))
        assert firsts == sorted(firsts, key=lambda key: int(key.removeprefix("evt_"))) and len(firsts) == 2
