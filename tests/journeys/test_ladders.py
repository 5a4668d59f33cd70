"""What ladders do and when they stop, by an injected clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from leadrouting.assignments import ownership, replays, taking
from leadrouting.assignments.explaining import sentences
from leadrouting.assignments.models import Decision, Load, Rotation
from leadrouting.assignments.services import route, route_due
from leadrouting.leads.models import Activity, Lead
from leadrouting.sla import pausing
from leadrouting.sla.making import make
from leadrouting.sla.models import Clock, Escalation, Rung, Target
from leadrouting.sla.services import act_on_due_clocks, moves_of
from leadrouting.teams.models import OfficeHours, Rep
from tests import world

pytestmark = pytest.mark.django_db
NOON = world.NOON
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


@pytest.fixture(autouse=True)
def replayed():
    yield
    run = replays.recompute(NOON - timedelta(days=9), until=NOON + timedelta(days=30))
    assert (run.different, run.kept) == (0, [])


def arrives(at: datetime = NOON) -> Lead:
    made = world.lead(created_at=at)
    route(made.pk, now=at)
    return fresh(made)


def fresh(lead: Lead) -> Lead:
    return Lead.objects.select_related("owner__user", "queue").get(pk=lead.pk)


def steps(lead: Lead) -> list[str]:
    return list(Escalation.objects.filter(clock__lead=lead).order_by("pk").values_list("step", flat=True))


def answers(lead: Lead, at: datetime) -> None:
    ownership.respond(lead_id=lead.pk, by=fresh(lead).owner.user, now=at)


def test_in_the_hours_of_an_office_with_reminders_at_shares_of_them() -> None:
    """Four hours from Friday at three; the office closes at five, and on Monday for a holiday."""
    office = OfficeHours.objects.create(name="Days", time_zone="UTC")
    for weekday in range(5):
        office.windows.create(weekday=weekday, opens="09:00", closes="17:00")
    office.holidays.create(day=datetime(2026, 3, 9).date(), name="Closed")
    world.live(world.rep())
    make("Four hours", {"respond": 4 * HOUR}, hours="always", reminders=[25, 50, 75], ladder=["notify"])
    Target.objects.update(hours="office", office_hours=office)
    lead = arrives(datetime(2026, 3, 6, 15, tzinfo=UTC))
    for number, at in enumerate(((6, 16), (6, 17), (10, 10), (10, 11)), 1):
        moment = datetime(2026, 3, *at, tzinfo=UTC)
        act_on_due_clocks(moment - SECOND)
        assert len(steps(lead)) == number - 1
        act_on_due_clocks(moment)
    assert steps(lead) == ["reminder 25", "reminder 50", "reminder 75", "breach", "notify 1"]


def test_a_step_moves_it_to_a_queue_and_nothing_follows() -> None:
    late = world.queue("Late")
    world.live(world.pool(*world.reps(2)))
    policy = make("An hour", {"respond": HOUR}, hours="always", ladder=["notify"])
    Rung.objects.create(policy=policy, kind="respond", position=2, do="queue", queue=late, after=HOUR)
    Rung.objects.create(policy=policy, kind="respond", position=3, do="raise", after=2 * HOUR)
    lead = arrives()
    act_on_due_clocks(NOON + HOUR)
    assert fresh(lead).owner is not None
    for hour in (2, 2, 3, 9):
        act_on_due_clocks(NOON + hour * HOUR)
        route_due(NOON + hour * HOUR)
    assert (fresh(lead).owner, fresh(lead).queue) == (None, late)
    assert steps(lead) == ["breach", "notify 1", f"queue:{late.pk} 2"]
    moved = Decision.objects.latest("pk")
    assert "did not answer in time" in sentences([moved])[moved.pk]
    assert "“Late”" in sentences([moved])[moved.pk]


@pytest.mark.parametrize("stopped", ["answered", "closed", "reassigned"])
def test_whatever_settles_it_silences_the_steps_that_were_to_come(stopped: str) -> None:
    one, two = world.reps(2)
    world.live(one)
    make("An hour", {"respond": HOUR}, hours="always", ladder=["notify", ("raise", HOUR), ("next", 2 * HOUR)])
    lead, ops = arrives(), world.user(role="ops")
    act_on_due_clocks(NOON + HOUR)
    missed = Clock.objects.get()
    at = NOON + HOUR + MINUTE
    if stopped == "answered":
        answers(lead, at)
    elif stopped == "closed":
        ownership.close(lead_id=lead.pk, by=one.user, outcome="lost", now=at)
    else:
        to = Rep.objects.select_related("user", "team").get(pk=two.pk)
        ownership.reassign(lead_id=lead.pk, to=to, by=ops, reason="Knows them", now=at)
        answers(lead, at)
    act_on_due_clocks(NOON + 9 * HOUR)
    missed.refresh_from_db()
    assert (missed.outcome, missed.wake_at) == ("missed", None)
    assert steps(lead) == ["breach", "notify 1"]


def test_the_next_after_a_backup_who_had_it_already() -> None:
    """Two whose backups are each other: it goes on to the third."""
    one, two, three = world.reps(3)
    Rep.objects.filter(pk=one.pk).update(backup=two)
    Rep.objects.filter(pk=two.pk).update(backup=one)
    make("Ten minutes", {"respond": 10 * MINUTE}, hours="always", ladder=["backup"], max_reassignments=9)
    catch_all = world.queue("Nobody")
    world.live(one, world.pool(two, three), catch_all=catch_all)
    lead = arrives()
    owners = []
    while (owner := fresh(lead).owner_id) is not None:
        owners.append(owner)
        act_on_due_clocks(Clock.objects.get(ended_at=None).due_at)
    assert owners == [one.pk, two.pk, three.pk]
    assert fresh(lead).queue == catch_all
    assert not Clock.objects.filter(wake_at__isnull=False).exists()


def test_declined_in_turns_with_turns_given_back_unless_asked() -> None:
    one, two = world.reps(2)
    pool = world.pool(one, two, gives_back="declined")
    world.live(pool)
    make("Ten minutes", {"respond": 10 * MINUTE}, hours="always")
    lead, ops = arrives(), world.user(role="ops")
    for minute in (1, 2):
        by = fresh(lead).owner.user
        ownership.decline(lead_id=lead.pk, by=by, reason="No time", now=NOON + minute * MINUTE)
    for minute in range(3, 60, 5):
        route_due(NOON + minute * MINUTE)
    assert fresh(lead).owner is None, "Both have passed it on, so neither gets it by itself."
    books = Rotation.objects.get(pool=pool)
    assert books.rest + sum(books.credits) == 0, "Whoever declined has the turn back."
    assert (books.turns, min(books.credits) >= 0) == (2, True), "Nobody has paid for it."
    assert set(Load.objects.values_list("open", flat=True)) == {0}
    to = Rep.objects.select_related("user", "team").get(pk=one.pk)
    ownership.reassign(lead_id=lead.pk, to=to, by=ops, reason="Asked", now=NOON + HOUR)
    assert fresh(lead).owner_id == one.pk
    assert sorted(Clock.objects.values_list("outcome", flat=True)) == ["", "cancelled", "cancelled"]


def test_a_missed_follow_up_does_not_begin_again_because_of_a_pause() -> None:
    world.live(world.rep())
    make("Both", {"respond": HOUR, "follow_up": 4 * HOUR}, hours="always", ladder=["notify"])
    lead = arrives()
    by = lead.owner.user
    answers(lead, NOON)
    act_on_due_clocks(NOON + 4 * HOUR)
    pausing.pause(lead_id=lead.pk, by=by, reason="On holiday", now=NOON + 5 * HOUR)
    pausing.resume(lead_id=lead.pk, by=by, now=NOON + 6 * HOUR)
    act_on_due_clocks(NOON + 20 * HOUR)
    assert steps(lead) == ["breach", "notify 1"]
    answers(lead, NOON + 21 * HOUR)
    assert Clock.objects.get(ended_at=None).due_at == NOON + 25 * HOUR


@pytest.mark.parametrize("anew", ["", "declined", "reassigned", "taken", "asked again"])
def test_moves_are_counted_anew_when_somebody_begins_anew(anew: str) -> None:
    """Two are allowed. Two have been made when a person, or the prospect, begins anew."""
    reps = world.reps(8)
    last = world.queue("Last")
    last.teams.set([reps[7].team])
    world.live(world.pool(*reps[:6]))
    make("An hour", {"respond": HOUR}, hours="always", max_reassignments=2, ends_in=last)
    lead, ops, now = arrives(), world.user(role="ops"), NOON
    for _ in range(2):
        now += HOUR
        act_on_due_clocks(now)
    assert moves_of(lead.pk) == 2
    owner = fresh(lead).owner
    now += MINUTE
    if anew == "declined":
        ownership.decline(lead_id=lead.pk, by=owner.user, reason="No time", now=now)
    elif anew == "reassigned":
        to = Rep.objects.select_related("user", "team").get(pk=reps[6].pk)
        ownership.reassign(lead_id=lead.pk, to=to, by=ops, reason="Knows them", now=now)
    elif anew == "taken":
        act_on_due_clocks(now := now + HOUR)
        assert fresh(lead).queue == last
        taking.take_next(queue_id=last.pk, by=reps[7].user, now=now)
    elif anew == "asked again":
        Activity.objects.create(lead=lead, kind="enquiry", at=now)
    begins = anew in ("reassigned", "taken", "asked again")
    assert moves_of(lead.pk) == (0 if begins else 2)
    act_on_due_clocks(now + 2 * HOUR)
    assert (fresh(lead).owner is not None) is begins
    assert (fresh(lead).queue == last) is not begins
