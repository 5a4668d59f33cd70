"""Whatever is killed, nothing is lost and nothing is done twice. The long form is `bench/chaos.py`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.chaos.arena import Arena, histogram, wait_for
from tests.chaos.killer import KINDS, Killer
from tests.chaos.visitors import Visitors

SEED = 5
TAMPERING = {
    "every lead that was sent is there": "INSERT INTO chaos_expected VALUES ('chaos-1000')",
    "a lead has one open owner or one queue, never both or neither": """
        UPDATE assignments_assignment SET period = tstzrange(lower(period), now()), "end" = 'declined'
        WHERE decision_id = (SELECT min(decision_id) FROM assignments_assignment WHERE upper(period) IS NULL)""",
    "nothing is left to do": "UPDATE sla_clock SET wake_at = now() WHERE id = (SELECT min(id) FROM sla_clock)",
    "no step is taken that was not planned": "UPDATE sla_escalation SET step = 'more' WHERE id = "
    "(SELECT min(id) FROM sla_escalation)",
    "no step is taken before its time": "UPDATE sla_escalation SET acted_at = acted_at - interval '1 hour'",
    "no step is taken after the answer or the end": "UPDATE chaos_act SET at = at + interval '1 hour'",
    "every step that was due is taken": "DELETE FROM sla_escalation; DELETE FROM chaos_event",
    "a missed deadline has all that it implies": "DELETE FROM sla_escalation WHERE step = 'breach'",
    "nothing else moves a lead": "DELETE FROM sla_escalation WHERE step LIKE 'next%'",
    "whoever is to be told is told": "DELETE FROM notifications_message",
}
"""What the judge says, and what makes it say so."""
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux shows them")


@pytest.fixture(scope="module")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    arena = Arena(Path(tmp_path_factory.mktemp("chaos")))
    yield arena
    arena.close()


def storm(arena: Arena, name: str, victims: list[str], enough: Callable[[], bool], **variables: str) -> None:
    """Leads come, some are answered, somebody is killed every second or so; until it is enough."""
    killer = Killer(arena, SEED)
    killer.deck = victims
    with arena.running(name, pulses=2, **variables):
        if variables:
            arena.statement("ALTER TABLE sla_escalation DROP CONSTRAINT escalation_once")
        visitors = Visitors(arena, leads=60, seconds=5)
        for _ in range(len(victims)):
            time.sleep(1.2)
            killer.kill()
        assert wait_for(enough, 90)
        visitors.leave()


def test_nothing_is_lost_or_done_twice_whoever_is_killed(arena: Arena) -> None:
    victims = ["pusher", "busy worker", "postmaster", "keeper", "web"]
    storm(arena, "chaos_killed", victims, arena.is_quiet)
    assert arena.broken() == []
    assert len(arena.lags()) > 300, "Too little happened."
    sys.stdout.write(histogram(arena.lags()))
    for rule, tampering in TAMPERING.items():
        assert rule in arena.verdict_on(tampering), "The judge is blind."


def test_the_judge_sees_what_happens_without_the_claim(arena: Arena) -> None:
    def twice() -> bool:
        return "no step is taken twice" in [rule for rule, *_ in arena.broken()]

    storm(arena, "chaos_unclaimed", [], twice, CHAOS_WITHOUT_CLAIM="1")


def test_every_kind_of_process_is_found(arena: Arena) -> None:
    killer = Killer(arena, SEED)
    found: dict[str, psutil.Process] = {}

    def is_up() -> bool:
        with suppress(psutil.Error, OSError, LookupError):
            found.update({kind: killer.victim(kind, "worker") for kind in KINDS if kind != "busy worker"})
        return bool(found)

    with arena.running("chaos_found"):
        assert wait_for(is_up, 30), "The web is up, and the workers never were."
    assert len(set(found.values())) == len(KINDS) - 1
