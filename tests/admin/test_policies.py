"""SLA policies in the admin."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leadrouting.sla.making import make
from leadrouting.sla.models import Clock, Policy, Target
from leadrouting.sla.spans import read, written
from leadrouting.teams.models import User
from tests import world

pytestmark = pytest.mark.django_db

EMPTY = {
    f"{part}-{name}": number
    for part in ("conditions", "targets", "ladder")
    for name, number in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0))
}
VALUES = {"name": "Chat", "is_active": "on", "logic": "", "max_reassignments": 2, "ends_in": ""}


@pytest.fixture
def ops(client):
    client.force_login(world.user(role=User.Role.OPS, is_staff=True))
    return client


def test_a_policy_is_written_in_words(ops) -> None:
    said = {
        **EMPTY,
        **VALUES,
        "conditions-TOTAL_FORMS": 1,
        "conditions-0-fact": "channel",
        "conditions-0-operator": "is",
        "conditions-0-value": "chat",
        "conditions-0-position": 0,
        "targets-TOTAL_FORMS": 1,
        "targets-0-kind": "respond",
        "targets-0-within": "1 h 30 min",
        "targets-0-hours": "owner",
        "targets-0-reminders": "50, 80",
        "ladder-TOTAL_FORMS": 1,
        "ladder-0-kind": "respond",
        "ladder-0-do": "next",
        "ladder-0-after": "5 min",
        "ladder-0-position": 0,
    }
    answer = ops.post("/admin/sla/policy/add/", said)
    assert answer.status_code == 302, answer.context["errors"]
    policy = Policy.objects.get()
    assert policy.targets.get().within == timedelta(minutes=90)
    assert policy.targets.get().reminders == [50, 80]
    assert policy.ladder.get().after == timedelta(minutes=5)
    page = ops.get("/admin/sla/policy/").content.decode()
    assert "channel is chat" in page and "First response within 1 h 30 min" in page
    wrong = {
        **said,
        "name": "Other",
        "logic": "1 AND 2",
        "targets-0-within": "soon",
        "conditions-0-fact": "chanel",
    }
    page = ops.post("/admin/sla/policy/add/", wrong).content.decode()
    assert "“soon” is no length of time" in page
    assert Policy.objects.count() == 1


def test_doubts_are_said(ops) -> None:
    page = ops.post("/admin/sla/policy/add/", {**EMPTY, **VALUES}, follow=True).content.decode()
    assert "promises nothing" in page


def test_open_clocks_are_previewed_and_follow(ops, django_capture_on_commit_callbacks) -> None:
    policy = make("An hour", {"respond": timedelta(hours=1)}, hours="always")
    world.live(world.rep())
    with django_capture_on_commit_callbacks(execute=True):
        world.lead()
    address = "/admin/sla/policy/recompute/"
    assert "There is nothing to do" in ops.get(address).content.decode()
    Target.objects.filter(policy=policy).update(within=timedelta(hours=3))
    shown = ops.get(address)
    assert "would change now" in shown.content.decode()
    ops.post(address, {"seen": "something else"})
    assert Clock.objects.get().due_at - Clock.objects.get().started_at == timedelta(hours=1)
    page = ops.post(address, {"seen": shown.context["seen"]}, follow=True).content.decode()
    assert "1 clock follows what is valid now" in page
    assert Clock.objects.get().due_at - Clock.objects.get().started_at == timedelta(hours=3)


@pytest.mark.parametrize(
    ("text", "minutes"), [("15 min", 15), ("1h30m", 90), ("2 days", 2880), ("0.5 h", 30)]
)
def test_spans(text: str, minutes: int) -> None:
    assert read(text) == timedelta(minutes=minutes)
    assert read(written(timedelta(minutes=minutes))) == timedelta(minutes=minutes)
    assert read("soon") is None and read("5 moons") is None
