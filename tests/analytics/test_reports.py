"""Monday's report: what it says, and that it is made and mailed once."""

import threading
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, connections
from django.utils import timezone
from django.utils.translation import override
from django_q.models import Schedule

from config.schedules import synchronise
from leadrouting.analytics import tasks
from leadrouting.analytics.models import RebalanceReport
from leadrouting.analytics.reports import make_report, make_reports, monday
from leadrouting.analytics.wording import told
from leadrouting.notifications.models import Message
from leadrouting.teams.models import Absence
from tests import world
from tests.analytics import past
from tests.analytics.past import MONDAY, NEXT, at

WEEK = MONDAY.date()
SIX = NEXT + timedelta(hours=6)


@pytest.fixture
def team(db):
    """Ann answers one of two leads and wins it, Bob misses one, Cem gets nothing, Dan is on holiday."""
    team = world.team("North")
    ann, bob, cem, dan = (world.rep(name, team=team) for name in ("Ann", "Bob", "Cem", "Dan"))
    won = past.lead(at(0))
    past.clock(past.owned(won, ann, at(0), replied_at=at(0, 12, 5)), "met", at(0, 12, 5))
    past.closed(won, "won", at(4), 900)
    past.owned(past.lead(at(1)), ann, at(1))
    past.clock(past.owned(past.lead(at(2)), bob, at(2)), "missed", at(2, 12, 15))
    past.owned(past.lead(at(-3)), bob, at(-3), replied_at=at(-3, 13))
    Absence.objects.create(rep=dan, first_day=WEEK, last_day=WEEK + timedelta(days=4))
    world.pool(ann, bob, cem, name="Everybody")
    return team


def test_the_content_by_hand(team):
    content = make_report(team=team, week=WEEK, now=SIX).content

    rows = {row["name"]: row for row in content["reps"]}
    assert list(rows) == ["Ann", "Bob", "Cem", "Dan"]
    ann, bob = rows["Ann"], rows["Bob"]
    # Ann got two, one of them was won, so one is open; of her two leads of the last four weeks she won one
    assert (ann["received"], ann["closed"], ann["won"], ann["open"], ann["missed"]) == (2, 1, 1, 1, 0)
    assert ann["conversion"]["parts"] == "1 ÷ 2"
    # Bob got one in the week and has one from before
    assert (bob["received"], bob["closed"], bob["open"], bob["missed"]) == (1, 0, 2, 1)
    figures = {figure["key"]: figure for figure in content["figures"]}
    # Open: 1, 2, 0, 0. Mean 3/4; squares (1 + 25 + 9 + 9) / 16 / 4 = 44/64; 0.8292 / 0.75
    assert figures["workload_balance"]["shown"] == "1.11"
    assert figures["sla_compliance"]["parts"] == "1 ÷ 2"
    assert content["inactive"] == [
        {"rep": rows["Bob"]["rep"], "name": "Bob", "why": "accepted and answered no lead"},
        {"rep": rows["Cem"]["rep"], "name": "Cem", "why": "received no lead, accepted and answered none"},
    ]
    assert content["summary"][:3] == [
        "3 open conversations, from 0 (Dan) to 2 (Bob). The workload balance index is 1.11 (0 is even).",
        "1 of 2 deadlines were met (50.0 %). Missed by Bob (1).",
        "Inactive: Bob accepted and answered no lead; Cem received no lead, accepted and answered none.",
    ]
    assert content["pools"][0]["name"] == "Everybody"


def test_the_manager_gets_a_mail_that_reads_well(team):
    make_report(team=team, week=WEEK, now=SIX)
    mail = Message.objects.get(kind=Message.Kind.REPORT)

    assert (mail.recipient, mail.lead, mail.created_at) == (team.manager, None, SIX)
    assert mail.subject == "Week of 02 March 2026: how North did, and what to change"
    lines = mail.body.splitlines()
    assert lines[0] == "North, 02 March to 08 March 2026 (UTC)"
    assert "- 1 of 2 deadlines were met (50.0 %). Missed by Bob (1)." in lines
    assert "  SLA compliance                       50.0 %   (1 ÷ 2)" in lines
    assert " " * 28 + "received   open  closed   won  missed  conversion" in lines
    assert "  Ann                              2      1       1     1       0      50.0 %" in lines


def test_a_long_name_stays_in_its_column(team):
    rep = team.reps.first()
    rep.user.name = "Maximiliane Charlotte von Hohenstein-Waldburg"
    rep.user.save()
    make_report(team=team, week=WEEK, now=SIX)
    assert "  Maximiliane Charlotte v…         2 " in Message.objects.get().body


def test_a_second_run_changes_nothing_and_mails_nothing(team):
    first = make_report(team=team, week=WEEK, now=SIX)
    past.owned(past.lead(at(3)), team.reps.first(), at(3))
    again = make_report(team=team, week=WEEK, now=SIX + timedelta(hours=1))

    assert (again.pk, again.content, again.created_at) == (first.pk, first.content, SIX)
    assert Message.objects.count() == 1


def test_a_report_that_is_made_again_is_not_mailed_again(team):
    make_report(team=team, week=WEEK, now=SIX).delete()
    make_report(team=team, week=WEEK, now=SIX + timedelta(hours=1))
    assert Message.objects.count() == 1


def test_a_week_is_over_and_begins_on_a_monday(team):
    with pytest.raises(ValueError, match="not over"):
        make_report(team=team, week=WEEK, now=NEXT - timedelta(seconds=1))
    with pytest.raises(ValueError, match="not a Monday"):
        make_report(team=team, week=WEEK + timedelta(days=1), now=SIX)
    assert RebalanceReport.objects.count() == Message.objects.count() == 0


@pytest.mark.django_db
def test_an_empty_week_says_so():
    team = world.team("Empty")
    content = make_report(team=team, week=WEEK, now=SIX).content
    assert content["summary"] == [
        "No active rep had an open conversation at the end of the week.",
        "No deadline for a first response ended in this week.",
        "No rep was inactive.",
    ]
    assert "The team has no rep." in Message.objects.get().body


def test_a_report_is_kept_in_english_and_told_from_what_is_kept(team):
    with override("de"):
        content = make_report(team=team, week=WEEK, now=SIX).content
    assert [one["label"] for one in content["figures"]][:2] == ["Assignment time", "First response time"]
    assert told(content) == content


def test_the_number_of_queries_does_not_grow(team, django_assert_max_num_queries):
    for number in range(5):
        member = world.rep(team=team)
        world.pool(*team.reps.all(), name=f"Pool {number}")
        past.owned(past.lead(at(3)), member, at(3))
    with django_assert_max_num_queries(22):
        make_report(team=team, week=WEEK, now=SIX)


@pytest.mark.django_db
def test_the_slot_says_which_week():
    for name in ("North", "South"):
        world.team(name)
    assert make_reports(slot=SIX, now=SIX + timedelta(days=2)) == 2
    assert set(RebalanceReport.objects.values_list("week", flat=True)) == {WEEK}
    # A worker that slept for two weeks is given the old slot, and catches up.
    assert make_reports(slot=SIX + timedelta(days=7), now=SIX + timedelta(days=15)) == 4
    assert RebalanceReport.objects.count() == Message.objects.count() == 6
    # A slot that lies ahead reports on the last week that is over.
    assert make_reports(slot=SIX + timedelta(days=28), now=SIX) == 2
    assert RebalanceReport.objects.count() == 6


def test_monday_is_that_of_utc():
    assert monday(datetime.fromisoformat("2026-03-09T01:00:00+02:00")) == date(2026, 3, 2)
    assert monday(datetime.fromisoformat("2026-03-09T06:00:00+00:00")) == date(2026, 3, 9)


@pytest.mark.django_db
def test_one_team_that_fails_does_not_hold_up_the_others():
    bad, good = world.team("Bad"), world.team("Good")
    with connection.cursor() as cursor:
        cursor.execute(
            f"ALTER TABLE analytics_rebalancereport ADD CONSTRAINT not_this_team CHECK (team_id <> {bad.pk})"
        )
    with pytest.raises(IntegrityError, match="not_this_team"):
        make_reports(slot=SIX, now=SIX)
    assert [report.team for report in RebalanceReport.objects.all()] == [good]


@pytest.mark.django_db
def test_the_doorbell_takes_the_slot_as_text():
    world.team()
    now = timezone.now()
    assert tasks.weekly_reports(slot=now.isoformat()) == 1
    assert RebalanceReport.objects.get().week == monday(now) - timedelta(days=7)
    # A schedule that was asleep for years does not flood anybody.
    assert tasks.weekly_reports(slot="2020-03-09T06:00:00+00:00") == 4
    assert Message.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_report():
    team = world.team("North")
    together = threading.Barrier(2)
    made, errors = [], []

    def work():
        try:
            together.wait(5)
            made.append(make_report(team=team, week=WEEK, now=SIX).pk)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    for _ in range(5):
        RebalanceReport.objects.all().delete()
        Message.objects.all().delete()
        made.clear()
        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not errors
        assert len(made) == 2 and len(set(made)) == 1
        assert RebalanceReport.objects.count() == Message.objects.count() == 1
    assert connection.is_usable()


@pytest.mark.django_db
def test_the_schedule_rings_the_doorbell_with_a_slot():
    synchronise(SIX)
    schedule = Schedule.objects.get(func="leadrouting.analytics.tasks.weekly_reports")
    assert (schedule.schedule_type, schedule.intended_date_kwarg) == (Schedule.WEEKLY, "slot")
    assert schedule.next_run.strftime("%A %H:%M") == "Monday 06:00"
