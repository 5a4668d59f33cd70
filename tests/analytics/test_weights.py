"""Suggested weights: what they are computed from, applied, undone, and whether they keep their word."""

from datetime import timedelta

import pytest

from leadrouting.analytics.models import AppliedSuggestion
from leadrouting.analytics.reports import apply_suggestion, make_report, suggestion_for, undo_suggestion
from leadrouting.analytics.suggestions import pool_weeks
from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.models import Load
from leadrouting.assignments.orders import Order
from leadrouting.assignments.routing import route_many
from leadrouting.engine.balance import Arrival, balance_index, replay_index
from leadrouting.leads.models import Lead
from leadrouting.teams.models import Attainment, Membership, Pool, Quota, Rep, User
from tests import world
from tests.analytics import past
from tests.analytics.past import MONDAY, NEXT, at

SIX = NEXT + timedelta(hours=6)


def turn(pool: Pool, rep: Rep, day: int, **reasons: list[int]) -> None:
    tried = [
        {"step": 0, "kind": "rep", "id": rep.pk, "reasons": {"away": [rep.pk]}},
        {"step": 1, "kind": "pool", "id": pool.pk, "roster": 1, "picked": rep.pk, "reasons": reasons},
    ]
    past.owned(past.lead(at(day, 0)), rep, at(day, 0), tried=tried)


@pytest.mark.django_db
def test_the_stream_is_what_the_pool_handed_out_and_what_members_got_besides():
    ann, bob, left = world.reps(3)
    pool = world.pool(ann, bob)
    turn(pool, ann, 0, not_their_turn=[bob.pk])
    turn(pool, bob, 1, absent=[ann.pk])
    turn(pool, left, 2, at_open_cap=[bob.pk], not_their_turn=[ann.pk])  # who has left since
    turn(world.pool(bob, name="Other"), bob, 3)
    past.owned(past.lead(at(4)), left, at(4))  # of no concern
    past.owned(past.lead(at(-1)), ann, at(-1))  # of the week before

    (week,) = pool_weeks([pool], MONDAY, NEXT, SIX)
    assert week.stream == [
        Arrival(pool.pk, 1.0),
        Arrival(pool.pk, 6 / 7, frozenset({bob.pk})),
        Arrival(pool.pk, 5 / 7, frozenset({ann.pk})),
        Arrival(None, 4 / 7, rep=bob.pk),
    ]
    assert (week.held[ann.pk].open, week.held[ann.pk].received) == (2, 1)


@pytest.mark.django_db
def test_pools_come_together_in_three_queries(django_assert_num_queries):
    pools = [world.pool(*world.reps(3)) for _ in range(4)]
    with django_assert_num_queries(3):
        pool_weeks(pools, MONDAY, NEXT, SIX)


@pytest.mark.django_db
def test_a_resting_member_keeps_their_share():
    ann, bob = world.reps(2)
    pool = world.pool(ann, bob, world.rep(is_active=False), weights=[1, 2, 3])
    (week,) = pool_weeks([pool], MONDAY, NEXT, SIX)
    assert week.weights == {ann.pk: 1, bob.pk: 2}
    assert list(week.all_weights({ann.pk: 5, bob.pk: 4}).values()) == [5, 4, 9]
    assert list(week.all_weights({ann.pk: 30, bob.pk: 30}).values()) == [30, 30, 36]


@pytest.fixture
def uneven(db):
    """A team whose Ann starts with 20 more than Bob, and a pool that gave each ten."""
    team = world.team("North")
    ann, bob = world.rep("Ann", team=team), world.rep("Bob", team=team)
    pool = world.pool(ann, bob, name="Pair")
    for _ in range(20):
        past.owned(past.lead(at(-1)), ann, at(-1))
    for day in range(5):
        for rep, other in ((ann, bob), (bob, ann)) * 2:
            turn(pool, rep, day, not_their_turn=[other.pk])
    return make_report(team=team, week=MONDAY.date(), now=SIX), pool


def weights(pool: Pool) -> list[int]:
    return list(Membership.objects.filter(pool=pool).order_by("id").values_list("weight", flat=True))


def test_what_is_applied_is_undone(uneven):
    report, pool = uneven
    ops = world.user(role=User.Role.OPS)
    found = report.content["pools"][0]
    wanted = [row["suggested"] for row in found["weights"]]
    assert found["changed"] and wanted[0] < wanted[1]
    assert "Pool Pair: suggested weights are Bob 1 → 4; the others stay." in report.content["summary"][-1]

    applied = apply_suggestion(report=report, pool=pool, by=ops, now=SIX)
    assert weights(pool) == wanted
    assert apply_suggestion(report=report, pool=pool, by=ops, now=SIX).pk == applied.pk  # a second click

    undone = undo_suggestion(applied=applied, by=ops, now=SIX)
    assert weights(pool) == [1, 1]
    assert (undone.undone_by, undone.undone_at) == (ops, SIX)
    again = undo_suggestion(applied=undone, by=world.user(role=User.Role.OPS), now=NEXT + timedelta(days=1))
    assert (again.undone_by, again.undone_at) == (ops, SIX)


def test_nothing_is_overwritten_that_somebody_changed_since(uneven):
    report, pool = uneven
    ops = world.user(role=User.Role.OPS)
    Membership.objects.filter(pool=pool).update(weight=7)
    with pytest.raises(Refused, match="changed since this report"):
        apply_suggestion(report=report, pool=pool, by=ops, now=SIX)
    Membership.objects.filter(pool=pool).update(weight=1)
    applied = apply_suggestion(report=report, pool=pool, by=ops, now=SIX)
    Membership.objects.filter(pool=pool).update(weight=7)
    with pytest.raises(Refused, match="since the suggestion was applied"):
        undo_suggestion(applied=applied, by=ops, now=SIX)
    assert weights(pool) == [7, 7]


def test_only_ops_and_the_manager_of_all_members_may(uneven):
    report, pool = uneven
    with pytest.raises(NotYours):
        apply_suggestion(report=report, pool=pool, by=world.user(role=User.Role.MANAGER), now=SIX)
    apply_suggestion(report=report, pool=pool, by=report.team.manager, now=SIX)
    assert AppliedSuggestion.objects.get().applied_by == report.team.manager


def test_a_pool_that_the_report_does_not_speak_of_is_refused(uneven):
    report, _ = uneven
    other = world.pool(*world.reps(2), name="Other")
    with pytest.raises(Refused, match="no new weights for Other"):
        apply_suggestion(report=report, pool=other, by=world.user(role=User.Role.OPS), now=SIX)


@pytest.mark.django_db
def test_pools_without_a_choice_say_why():
    team = world.team()
    ann, bob = world.rep(team=team), world.rep(team=team)
    world.pool(ann, name="A")
    world.pool(ann, bob, name="B", strategy="least_loaded")
    world.pool(world.rep(team=team, is_active=False), name="C")
    world.pool(ann, bob, name="D")
    assert make_report(team=team, week=MONDAY.date(), now=SIX).content["summary"][-4:] == [
        "Pool A has one active member. No weights are suggested.",
        "Pool B gives each lead to who has the fewest open: weights hardly count. No weights are suggested.",
        "Pool C has no active member. No weights are suggested.",
        "Pool D: the weights are fine as they are.",
    ]


@pytest.mark.django_db(transaction=True)
def test_the_week_comes_again_and_the_index_moves_as_predicted():
    """Leads routed by the real router, the suggestion applied, the same leads routed again."""
    team = world.team()
    members = [world.rep(team=team) for _ in range(4)]
    pool = world.pool(*members, weights=[1, 2, 2, 3])
    world.live(pool)

    def arrive(leads: int, start, to: Rep | None = None) -> None:
        Lead.objects.bulk_create(Lead(name="L", created_at=start, route_at=None) for _ in range(leads))
        for number, lead in enumerate(Lead.objects.filter(owner=None).order_by("id")):
            order = Order(lead.pk, "reassign" if to else "arrival", to=to.pk if to else None)
            route_many([order], start + timedelta(days=7) * (number + 0.5) / leads)

    arrive(30, at(-7), to=members[0])
    arrive(10, at(-7), to=members[3])
    arrive(120, MONDAY)
    found = suggestion_for(pool, MONDAY, NEXT, SIX)
    assert found.changed
    assert set(found.keep.values()) == {1.0}  # nobody closed anything, so the prediction is of whole leads

    (week,) = pool_weeks([pool], MONDAY, NEXT, SIX)
    opens = {rep: one.open for rep, one in week.held.items()}
    reps = [member.pk for member in members]
    replayed = replay_index(week.stream, {pool.pk: found.weights}, opens, found.keep, reps)
    assert replayed == found.predicted_index

    report = make_report(team=team, week=MONDAY.date(), now=SIX)
    apply_suggestion(report=report, pool=pool, by=team.manager, now=SIX)
    arrive(120, NEXT)
    ends = dict(Load.objects.values_list("rep", "open"))
    for (
        rep
    ) in reps:  # real books go on where they were: two spans of a fair sequence, each off by less than one
        assert ends[rep] == pytest.approx(found.predicted_open[rep], abs=2)
    assert balance_index(ends.values()) == pytest.approx(found.predicted_index, abs=0.02)
    assert balance_index(ends.values()) < found.index_unchanged - 0.05


@pytest.mark.django_db
def test_who_ramps_up_or_has_reached_the_quota_is_left_out_with_the_turns_they_took():
    """Few leads on half a share are no reason to change a weight."""
    ann, bob, new, star = world.rep(), world.rep(), world.rep(started_on=at(-3).date()), world.rep()
    Quota.objects.create(rep=star, target=1)
    Attainment.objects.create(rep=star, first_day=at(0).date().replace(day=1), achieved=1, counted_at=SIX)
    pool = world.pool(ann, bob, new, star, weights=[1, 2, 3, 4])
    turn(pool, ann, 0, not_their_turn=[bob.pk, new.pk, star.pk])
    turn(pool, new, 1, not_their_turn=[ann.pk, bob.pk])
    turn(pool, star, 2, not_their_turn=[ann.pk, bob.pk])
    (week,) = pool_weeks([pool], MONDAY, NEXT, SIX)
    assert (week.weights, week.resting) == ({ann.pk: 1, bob.pk: 2}, {new.pk: 3, star.pk: 4})
    assert week.stream == [Arrival(pool.pk, 1.0)]
