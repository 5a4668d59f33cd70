"""What people have switched off does not reach them; what comes in quiet hours is told afterwards, once."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouting.notifications import quiet
from leadrouting.notifications.digests import release_due
from leadrouting.notifications.models import Dispatch, Message, QuietHours
from leadrouting.notifications.preferences import choose, kinds_of, try_out
from leadrouting.notifications.spreading import spread_due
from tests import world

NIGHT = datetime(2026, 11, 18, 22, 0, tzinfo=UTC)  # a Wednesday
MORNING = datetime(2026, 11, 19, 8, 0, tzinfo=UTC)


@pytest.fixture
def ann(db):
    return world.rep("Ann").user


def hours(user=None, begins=time(20), ends=time(8), **values):
    return QuietHours(user=user, begins=begins, ends=ends, **values)


def say(user, kind="news", number=1, at=NIGHT, **values):
    return Message.objects.create(
        kind=kind,
        recipient=user,
        subject=f"Message {number}",
        body="Said",
        dedupe_key=f"{kind}:{number}:{user.pk}",
        created_at=at,
        **values,
    )


def left():
    return list(Dispatch.objects.order_by("id").values_list("message__subject", "channel", "address"))


def test_what_is_switched_off_stays_in_the_app(ann):
    choose(ann, {(kind, "email") for kind in kinds_of(ann)} - {("news", "email")})
    say(ann), say(ann, "breach", 2)
    spread_due(NIGHT)
    assert left() == [("Message 2", "email", ann.email)]
    choose(ann, {(kind, "email") for kind in kinds_of(ann)})
    say(ann, number=3)
    spread_due(NIGHT)
    assert [one[0] for one in left()] == ["Message 2", "Message 3"]


def test_one_persons_choice_is_nobody_elses(ann):
    bob = world.rep("Bob").user
    choose(ann, set())
    say(ann), say(bob, number=2)
    spread_due(NIGHT)
    assert [one[0] for one in left()] == ["Message 2"]


def test_what_comes_in_quiet_hours_is_told_in_one_message_when_they_end(ann):
    hours(ann).save()
    for number in (1, 2, 3):
        say(ann, number=number)
    read = say(ann, number=4)
    spread_due(NIGHT)
    assert left() == []
    Message.objects.filter(pk=read.pk).update(read_at=NIGHT)
    assert release_due(MORNING - timedelta(seconds=1)) == 0
    assert release_due(MORNING) == 4
    assert release_due(MORNING) == 0
    spread_due(MORNING)
    assert left() == [("While it was quiet: 3 messages", "email", ann.email)]
    told = Message.objects.get(kind="digest")
    assert "Message 1" in told.body and "Message 4" not in told.body
    assert told.read_at is not None


def test_a_single_message_is_told_itself(ann):
    hours(ann).save()
    say(ann)
    spread_due(NIGHT)
    release_due(MORNING)
    spread_due(MORNING)
    assert left() == [("Message 1", "email", ann.email)]


def test_who_has_the_lead_no_more_is_not_told_of_it(ann):
    hours(ann).save()
    lead = world.lead(name="Jane Doe")
    say(ann, "assigned", 1, lead=lead), say(ann, "news", 2)
    spread_due(NIGHT)
    release_due(MORNING)
    spread_due(MORNING)
    assert left() == [("Message 2", "email", ann.email)]


def test_nothing_held_or_nothing_wanted_is_no_digest(ann):
    hours(ann).save()
    say(ann, number=1), say(ann, number=2)
    spread_due(NIGHT)
    choose(ann, {("digest", "email")})
    release_due(MORNING)
    spread_due(MORNING)
    assert left() == []


@pytest.mark.parametrize(("passes", "told"), [(True, ["Message 1"]), (False, [])])
def test_deadlines_pass_if_one_says_so(ann, passes, told):
    hours(ann, deadlines_pass=passes).save()
    say(ann, "breach", 1), say(ann, "news", 2)
    spread_due(NIGHT)
    assert [one[0] for one in left()] == told


def test_a_test_reaches_who_has_switched_everything_off(ann):
    hours(ann, deadlines_pass=False).save()
    choose(ann, set())
    assert try_out(ann, NIGHT).pk == try_out(ann, NIGHT).pk
    spread_due(NIGHT)
    assert left() == [("A test from Leadrouting", "email", ann.email)]


def test_the_cost_is_the_same_for_many(ann, django_assert_num_queries):
    hours(ann).save()
    others = [world.rep(f"Rep {number}").user for number in range(5)]
    for number, one in enumerate([ann, *others] * 4):
        say(one, number=number)
    with django_assert_num_queries(12):
        spread_due(NIGHT)
    assert len(left()) == 20


@given(
    begins=st.times(),
    ends=st.times(),
    weekends=st.booleans(),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/Santiago", "Asia/Kolkata", "Australia/Lord_Howe"]),
    now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
)
def test_quiet_hours_end_and_it_is_loud_then(begins, ends, weekends, zone, now):
    begins, ends = begins.replace(second=0, microsecond=0), ends.replace(second=0, microsecond=0)
    if begins == ends:
        return
    asked = hours(begins=begins, ends=ends, weekends=weekends)
    end = quiet.until(asked, zone, now)
    if end is None:
        return
    assert now < end <= now + timedelta(days=4)
    assert quiet.until(asked, zone, end) is None
    assert quiet.until(asked, zone, end - timedelta(seconds=1)) == end


@pytest.mark.parametrize(
    ("begins", "ends", "at", "end"),
    [
        (time(20), time(8), "2026-11-18T20:00", "2026-11-19T08:00"),
        (time(20), time(8), "2026-11-18T19:59", None),
        (time(12), time(14), "2026-11-18T13:00", "2026-11-18T14:00"),
        (time(0), time(7), "2026-11-18T23:59", None),
        (time(0), time(7), "2026-11-18T00:00", "2026-11-18T07:00"),
        (time(22), time(0), "2026-11-18T23:00", "2026-11-19T00:00"),
        (time(20), time(8), "2026-11-20T21:00", "2026-11-23T08:00"),  # Friday evening to Monday
        (time(12), time(13), "2026-11-21T12:00", "2026-11-23T00:00"),  # a Saturday
    ],
)
def test_when_quiet_hours_end(begins, ends, at, end):
    found = quiet.until(
        hours(begins=begins, ends=ends), "UTC", datetime.fromisoformat(at).replace(tzinfo=UTC)
    )
    assert found == (datetime.fromisoformat(end).replace(tzinfo=UTC) if end else None)


def test_the_hour_that_clocks_skip():
    # Berlin, 29 March 2026, a Sunday: 02:00 becomes 03:00.
    night = hours(begins=time(22), ends=time(2, 30), weekends=False)
    end = quiet.until(night, "Europe/Berlin", datetime(2026, 3, 29, 0, 0, tzinfo=UTC))
    assert end == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # 03:30 there
