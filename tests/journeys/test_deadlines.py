"""Deadlines from the first reminder to the end of the ladder, by an injected clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from leadrouting.assignments import ownership, replays
from leadrouting.assignments.explaining import explanation, sentences
from leadrouting.assignments.models import Decision
from leadrouting.assignments.services import route
from leadrouting.assignments.stories import story
from leadrouting.leads.models import Activity, Lead
from leadrouting.notifications.models import Message
from leadrouting.sla.making import make
from leadrouting.sla.models import Clock, Escalation, Target
from leadrouting.sla.services import act_on_due_clocks
from leadrouting.teams.models import OfficeHours, OpeningWindow, Rep
from tests import world

pytestmark = pytest.mark.django_db
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
NOON = world.NOON


@pytest.fixture(autouse=True)
def replayed():
    """Whatever happened follows from what was stored, and can be told."""
    yield
    run = replays.recompute(NOON - timedelta(days=30), until=NOON + timedelta(days=60))
    assert (run.different, run.kept) == (0, [])
    decisions = list(Decision.objects.select_related("actor"))
    assert len(sentences(decisions)) == len(decisions) > 0
    for decision in decisions:
        assert explanation(decision) and story(decision).sentence


def office(**values) -> OfficeHours:
    hours = OfficeHours.objects.create(name="Nine to five", time_zone="UTC", **values)
    for weekday in range(5):
        OpeningWindow.objects.create(office_hours=hours, weekday=weekday, opens="09:00", closes="17:00")
    return hours


def arrives(at: datetime = NOON, **values) -> Lead:
    lead = world.lead(created_at=at, **values)
    route(lead.pk, now=at)
    return fresh(lead)


def fresh(lead: Lead) -> Lead:
    return Lead.objects.select_related("owner__user", "queue").get(pk=lead.pk)


def clock(lead: Lead, kind: str = "respond") -> Clock:
    return Clock.objects.filter(lead=lead, kind=kind).latest("started_at", "pk")


def steps(lead: Lead) -> list[str]:
    return list(Escalation.objects.filter(clock__lead=lead).order_by("pk").values_list("step", flat=True))


@pytest.mark.parametrize(
    ("hours", "due"),
    [
        ("owner", datetime(2026, 3, 10, 10, tzinfo=UTC)),
        ("team", datetime(2026, 3, 10, 10, tzinfo=UTC)),
        ("always", datetime(2026, 3, 6, 18, tzinfo=UTC)),
    ],
)
def test_a_weekend_and_a_holiday(hours: str, due: datetime) -> None:
    """Two hours, from Friday at four; Monday is a holiday."""
    nine_to_five = office()
    nine_to_five.holidays.create(day=date(2026, 3, 9), name="Closed")
    team = world.team(office_hours=nine_to_five)
    world.live(world.rep(team=team, office_hours=nine_to_five))
    make("Two hours", {"respond": 2 * HOUR}, hours=hours, reminders=[50])
    lead = arrives(datetime(2026, 3, 6, 16, tzinfo=UTC))
    assert clock(lead).due_at == due
    act_on_due_clocks(due - SECOND)
    assert steps(lead) == ["reminder 50"]
    act_on_due_clocks(due)
    assert steps(lead) == ["reminder 50", "breach", "notify 1", "next 2"]


def test_the_backup_then_the_next_then_the_end() -> None:
    end = world.queue("Too late")
    one, two, three, four = world.reps(4)
    Rep.objects.filter(pk=one.pk).update(backup=four)
    make("Ten minutes", {"respond": 10 * MINUTE}, hours="always", ladder=["backup"], ends_in=end)
    world.live(one, world.pool(two, three))
    lead = arrives()
    assert lead.owner == one
    owners = [one.pk]
    for _ in range(4):
        due = clock(lead).due_at
        act_on_due_clocks(due)
        act_on_due_clocks(due)
        lead = fresh(lead)
        owners.append(lead.owner_id)
    assert owners[:2] == [one.pk, four.pk]
    assert owners[2] in (two.pk, three.pk)
    assert owners[3:] == [None, None]
    assert lead.queue == end
    last, _, backup, _ = Decision.objects.filter(lead=lead).order_by("-pk")
    assert "the most that “Ten minutes” allows. It waits in queue “Too late”." in sentences([last])[last.pk]
    assert "who is the backup" in sentences([backup])[backup.pk]


def test_a_backup_who_is_away_or_full_is_passed_over() -> None:
    one, two, three = world.reps(3)
    Rep.objects.filter(pk=one.pk).update(backup=three)
    make("Ten minutes", {"respond": 10 * MINUTE}, hours="always", ladder=["backup"])
    world.live(one, world.pool(two))
    first, second = arrives(), arrives()
    Rep.objects.filter(pk=three.pk).update(presence="away")
    act_on_due_clocks(NOON + 10 * MINUTE, limit=1)
    assert fresh(first).owner == two
    Rep.objects.filter(pk=three.pk).update(presence="available", max_open=0)
    act_on_due_clocks(NOON + 10 * MINUTE)
    assert fresh(second).owner == two


def test_raised_after_a_while_unless_somebody_answers() -> None:
    rep = world.rep(office_hours=office())
    world.live(rep)
    make("Slow", {"respond": HOUR}, ladder=["notify", ("raise", HOUR)])
    late, answered = (
        arrives(datetime(2026, 3, 6, 15, 30, tzinfo=UTC)),
        arrives(datetime(2026, 3, 6, 15, 30, tzinfo=UTC)),
    )
    friday = datetime(2026, 3, 6, 16, 30, tzinfo=UTC)
    act_on_due_clocks(friday)
    assert clock(late).wake_at == datetime(2026, 3, 9, 9, 30, tzinfo=UTC)
    ownership.respond(lead_id=answered.pk, by=rep.user, now=friday + MINUTE)
    act_on_due_clocks(datetime(2026, 3, 9, 9, 30, tzinfo=UTC))
    assert (steps(late), steps(answered)) == (["breach", "notify 1", "raise 2"], ["breach", "notify 1"])
    raised = Message.objects.get(subject__startswith="Needs you")
    assert raised.recipient_id == rep.team.manager_id
    assert fresh(late).owner == rep


def test_a_late_sweep_takes_all_that_is_due_once() -> None:
    world.live(world.rep())
    make("Slow", {"respond": HOUR}, hours="always", reminders=[50, 80], ladder=["notify", ("raise", HOUR)])
    lead = arrives()
    act_on_due_clocks(NOON + 9 * HOUR)
    act_on_due_clocks(NOON + 9 * HOUR)
    assert steps(lead) == ["breach", "notify 1", "raise 2"]


@pytest.mark.parametrize(("early", "outcome"), [(SECOND, "met"), (0 * SECOND, "met"), (-SECOND, "missed")])
def test_an_answer_around_the_deadline(early: timedelta, outcome: str) -> None:
    world.live(world.rep())
    make("Ten minutes", {"respond": 10 * MINUTE}, hours="always")
    lead = arrives()
    ownership.respond(lead_id=lead.pk, by=lead.owner.user, now=NOON + 10 * MINUTE - early)
    act_on_due_clocks(NOON + HOUR)
    assert clock(lead).outcome == outcome
    assert steps(lead) == ([] if outcome == "met" else ["breach", "notify 1"])


def test_decline_ping_pong_ends() -> None:
    world.live(world.pool(*world.reps(2)))
    make("Ten minutes", {"respond": 10 * MINUTE}, hours="always")
    lead, seen = arrives(), []
    while lead.owner is not None:
        seen.append(lead.owner_id)
        ownership.decline(
            lead_id=lead.pk, by=lead.owner.user, reason="No time", now=NOON + len(seen) * MINUTE
        )
        lead = fresh(lead)
    assert len(seen) == len(set(seen)) == 2
    assert lead.queue is not None
    assert set(Clock.objects.values_list("outcome", flat=True)) == {"cancelled"}


def test_accept_answer_and_follow_up() -> None:
    world.live(world.pool(*world.reps(2)))
    make(
        "All",
        {"accept": 5 * MINUTE, "respond": HOUR, "follow_up": 8 * HOUR},
        hours="always",
        ladders={"accept": ["next"], "follow_up": ["notify"]},
    )
    lead = arrives()
    first = lead.owner
    act_on_due_clocks(NOON + 5 * MINUTE)
    lead = fresh(lead)
    assert lead.owner not in (None, first)
    assert {one.kind: one.outcome for one in Clock.objects.filter(rep=first)} == {
        "accept": "missed",
        "respond": "cancelled",
    }
    by = lead.owner.user
    ownership.accept(lead_id=lead.pk, by=by, now=NOON + 6 * MINUTE)
    assert (clock(lead, "accept").outcome, clock(lead).outcome) == ("met", "")
    for hour in (1, 4):
        ownership.respond(lead_id=lead.pk, by=by, now=NOON + hour * HOUR)
    assert clock(lead, "follow_up").due_at == NOON + 12 * HOUR
    act_on_due_clocks(NOON + 12 * HOUR)
    assert fresh(lead).owner_id == by.pk, "It was only told."
    ownership.respond(lead_id=lead.pk, by=by, now=NOON + 13 * HOUR)
    ownership.close(lead_id=lead.pk, by=by, outcome="lost", now=NOON + 14 * HOUR)
    assert act_on_due_clocks(NOON + 99 * HOUR) == 0


def test_moves_within_one_instant() -> None:
    """Into a queue and out again, and by a process whose clock is behind: no two spans overlap."""
    one, two = world.reps(2)
    world.live(world.pool(one, two))
    make("Ten minutes", {"respond": 10 * MINUTE}, hours="always", max_reassignments=0)
    lead = arrives()
    act_on_due_clocks(NOON + 10 * MINUTE)
    ops = world.user(role="ops")
    for to, now in ((one, NOON + 10 * MINUTE), (two, NOON + 9 * MINUTE)):
        to = Rep.objects.select_related("user", "team").get(pk=to.pk)
        ownership.reassign(lead_id=lead.pk, to=to, by=ops, reason="Knows them", now=now)
    spans = list(lead.assignments.order_by("pk").values_list("started_at", "ended_at"))
    assert len(spans) == 3
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))


@pytest.mark.parametrize("count", [True, False])
def test_attempts(count: bool) -> None:
    world.live(world.rep())
    make("Ten minutes", {"respond": 10 * MINUTE}, hours="always", attempts_count=count)
    lead = arrives()
    by = lead.owner.user
    ownership.note(lead, Activity.Kind.NOTE, by, NOON, "They are on holiday")
    assert clock(lead).ended_at is None
    ownership.respond(lead_id=lead.pk, by=by, now=NOON + MINUTE, kind=Activity.Kind.ATTEMPT)
    assert clock(lead).outcome == ("met" if count else "")
    assert fresh(lead).status == ("contacted" if count else "assigned")


def test_a_policy_shortened_while_clocks_run() -> None:
    world.live(world.rep())
    policy = make("An hour", {"respond": HOUR}, hours="always")
    before = arrives()
    Target.objects.filter(policy=policy).update(within=10 * MINUTE)
    after = arrives()
    assert clock(before).due_at == NOON + HOUR
    assert clock(after).due_at == NOON + 10 * MINUTE
