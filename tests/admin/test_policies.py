"""SLA policies in the admin."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leadrouting.assignments.services import route
from leadrouting.common.spans import read, written
from leadrouting.sla.making import make
from leadrouting.sla.models import Clock, Policy, Target
from leadrouting.teams.models import OfficeHours, OpeningWindow, User
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
    assert "Channel is Chat" in page and "First response within 1 h 30 min" in page
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


ROWS = {
    **EMPTY,
    **VALUES,
    "targets-TOTAL_FORMS": 1,
    "targets-0-kind": "respond",
    "targets-0-within": "1 h",
    "targets-0-hours": "owner",
    "ladder-TOTAL_FORMS": 1,
    "ladder-0-kind": "respond",
    "ladder-0-do": "notify",
    "ladder-0-position": 0,
}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ladder-0-kind": "accept"}, "There is no deadline for “accept” above"),
        ({"ladder-0-do": "queue"}, "Choose the queue."),
        ({"targets-0-reminders": "50, 120"}, "120 is no share of the time"),
        ({"targets-0-within": "0 min"}, "A deadline needs some time"),
        ({"targets-0-hours": "office"}, "Choose whose office hours count."),
        ({"targets-0-within": "20000 d"}, "“20000 d” is too long"),
        ({"targets-0-within": "99999999999999 d"}, "is too long"),
        ({"ladder-0-after": "999999999 d"}, "is too long"),
    ],
)
def test_what_cannot_be_meant_is_told_at_its_field(ops, wrong, said) -> None:
    page = ops.post("/admin/sla/policy/add/", {**ROWS, **wrong}).content.decode()
    assert said in page and not Policy.objects.exists()
    assert ops.post("/admin/sla/policy/add/", ROWS).status_code == 302


def test_a_policy_that_never_applies_is_marked(ops) -> None:
    make("Chat", {"respond": timedelta(minutes=1)}, when=[("channel", "is", "chat")], precedence=1)
    make("All", {"respond": timedelta(hours=1)}, precedence=2)
    late = make("Phone", {"respond": timedelta(minutes=5)}, when=[("channel", "is", "phone")], precedence=3)
    make("Odd", {"respond": timedelta(1)}, when=[("score", ">", "5"), ("score", "<", "3")], precedence=0)
    page = ops.get("/admin/sla/policy/").content.decode()
    assert "“Phone” never applies: everything that it asks for is taken before by “All”" in page
    assert "“Odd” never applies: no lead satisfies" in page
    assert "“Chat” never" not in page and "“All” never" not in page
    assert "never applies" in ops.get(f"/admin/sla/policy/{late.pk}/change/").content.decode()
    Policy.objects.filter(name="All").update(precedence=9)
    assert "“Phone” never" not in ops.get("/admin/sla/policy/").content.decode()


def test_the_count_of_leads_as_one_types(ops) -> None:
    world.live(world.rep())
    for channel in ("chat", "chat", "phone"):
        route(world.lead(channel=channel).pk, now=world.NOON)
    make("Chat", {"respond": timedelta(minutes=1)}, when=[("channel", "is", "chat")], precedence=1)
    asked = {
        "conditions": [{"fact": "channel", "operator": "is_any_of", "value": "chat, phone"}],
        "logic": "",
    }

    def told(**more):
        return ops.post("/admin/sla/policy/matches/", {**asked, **more}, content_type="application/json")

    found = told(rule=None).json()
    assert (found["matched"], found["of"], found["first"]) == (3, 3, 1)
    assert found["sentence"] == "When channel is any of Chat or Phone."
    assert told(rule=Policy.objects.get().pk).json()["first"] == 3
    assert told(logic="1 AND").json()["error"]
    assert ops.post("/admin/sla/policy/matches/", "[]", content_type="application/json").status_code == 400
    assert ops.get("/admin/sla/policy/matches/").status_code == 405


def test_saving_hours_offers_to_recompute(ops) -> None:
    hours = OfficeHours.objects.create(name="Nine to five", time_zone="UTC")
    for weekday in range(7):
        OpeningWindow.objects.create(office_hours=hours, weekday=weekday, opens="09:00", closes="17:00")
    path = "/admin/teams/holiday/add/"
    said = {"name": "Party", "day": "2026-12-24", "office_hours": hours.pk}
    assert "Preview what would change" not in ops.post(path, said, follow=True).content.decode()
    make("An hour", {"respond": timedelta(hours=1)}, hours="owner")
    world.live(world.rep(office_hours=hours))
    route(world.lead().pk, now=world.NOON)
    page = ops.post(path, {**said, "day": "2026-12-25"}, follow=True).content.decode()
    assert "1 clock that runs keeps its deadline" in page and "/admin/sla/policy/recompute" in page
    holiday = hours.holidays.get(day="2026-12-25")
    gone = ops.post(f"/admin/teams/holiday/{holiday.pk}/delete/", {"post": "yes"}, follow=True)
    assert "1 clock that runs keeps its deadline" in gone.content.decode()
