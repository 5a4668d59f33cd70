"""Quotas and win rates are counted from leads, in a fixed number of statements, and written only when they change."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from leadrouting.assignments import ownership
from leadrouting.assignments.attaining import count_attainment, count_win_rates
from leadrouting.common.models import Stamp
from leadrouting.teams.models import Attainment, Quota, Rep, User, WinRate
from leadrouting.teams.snapshot import read_people
from tests import world

NOW = datetime(2026, 3, 31, 20, 0, tzinfo=UTC)


def stamp() -> int:
    return Stamp.objects.get().version


def won(owner: Rep, at: datetime, revenue: int = 100, outcome: str = "won") -> None:
    ops, lead = User.objects.filter(role=User.Role.OPS).first(), world.lead()
    ownership.reassign(lead_id=lead.pk, to=owner, by=ops, reason="Asked", now=at - timedelta(hours=1))
    money = Decimal(revenue) if outcome == "won" else None
    ownership.close(lead_id=lead.pk, by=ops, outcome=outcome, revenue=money, now=at)


@pytest.mark.django_db
def test_money_or_number_since_the_month_or_quarter_began_where_the_rep_is():
    indian, german, seller = (
        world.rep(time_zone="Asia/Kolkata"),
        world.rep(time_zone="Europe/Berlin"),
        world.rep(),
    )
    world.live(world.queue())
    Quota.objects.create(rep=indian, target=1000)
    Quota.objects.create(rep=german, target=4, measure="number", period="quarter")
    for rep in (indian, german, seller):
        won(rep, datetime(2026, 3, 31, 18, 29, tzinfo=UTC), 70)
        won(rep, datetime(2026, 3, 31, 18, 30, tzinfo=UTC), 30)  # 1 April, 00:00 in Kolkata
        won(rep, datetime(2025, 12, 31, 22, 59, tzinfo=UTC), 7)
        won(rep, datetime(2025, 12, 31, 23, 0, tzinfo=UTC), 7)  # 1 January, 00:00 in Berlin
        won(rep, NOW, outcome="lost")
    assert count_attainment(NOW) == 2
    rows = {row.pk: (row.first_day, row.achieved) for row in Attainment.objects.all()}
    assert rows == {indian.pk: (date(2026, 4, 1), Decimal(30)), german.pk: (date(2026, 1, 1), Decimal(3))}
    assert read_people(0).reps[german.pk].attained.percent == 75


@pytest.mark.django_db
def test_counting_again_changes_nothing_and_bumps_no_stamp(django_assert_num_queries):
    rep = world.rep()
    world.live(world.queue())
    Quota.objects.create(rep=rep, target=100)
    count_attainment(NOW)
    before = stamp()
    with django_assert_num_queries(5):
        assert count_attainment(NOW) == 0
    assert stamp() == before
    won(rep, NOW)
    assert count_attainment(NOW) == 1
    assert stamp() != before
    assert count_attainment(NOW + timedelta(days=1)) == 1  # April has begun
    assert Attainment.objects.get().achieved == 0


@pytest.mark.django_db
def test_without_quotas_a_minute_costs_one_query(django_assert_num_queries):
    world.rep()
    with django_assert_num_queries(3):
        assert count_attainment(NOW) == 0


@pytest.mark.django_db(transaction=True)
def test_win_rates_are_of_the_leads_that_the_pool_gave_and_within_its_days():
    ops = world.user(role=User.Role.OPS)
    ann, ben = world.reps(2)
    pool = world.pool(ann, ben, win_days=30)
    world.live(pool)
    leads = [world.lead() for _ in range(8)]
    for number, lead in enumerate(leads):
        lead.refresh_from_db()
        outcome = ["won", "won", "lost", "lost", "won", "lost", "junk", "won"][number]
        old = number == 7
        ownership.close(
            lead_id=lead.pk,
            by=ops,
            outcome=outcome,
            revenue=Decimal(5) if outcome == "won" else None,
            now=NOW - timedelta(days=31 if old else 1),
        )
    by_hand = world.lead()
    by_hand.refresh_from_db()
    ownership.reassign(
        lead_id=by_hand.pk, to=ann if by_hand.owner_id != ann.pk else ben, by=ops, reason="Asked", now=NOW
    )
    ownership.close(lead_id=by_hand.pk, by=ops, outcome="won", revenue=Decimal(5), now=NOW)
    assert count_win_rates(NOW) == 2
    rows = {row.rep_id: (row.won, row.closed) for row in WinRate.objects.all()}
    firsts = [lead.owner_id for lead in leads]
    for rep in (ann, ben):
        mine = [number for number in range(6) if firsts[number] == rep.pk]
        assert rows[rep.pk] == (sum(number in (0, 1, 4) for number in mine), len(mine))
    before = stamp()
    assert count_win_rates(NOW) == 0
    assert stamp() == before
    assert count_win_rates(NOW + timedelta(days=60)) == 2
    assert not WinRate.objects.exists()
