"""Caps by hour, day and week on the rep's own clock, and of a team: never exceeded, explained, replayed."""

from datetime import UTC, datetime, timedelta

import pytest

from leadrouting.assignments.models import Decision, Load
from leadrouting.assignments.orders import Order
from leadrouting.assignments.reading import LOCK_TEAMS
from leadrouting.assignments.replaying import differences
from leadrouting.assignments.routing import route_many
from leadrouting.leads.models import Lead
from leadrouting.teams.models import Rep, User
from tests import world

pytestmark = pytest.mark.django_db
INDIA = datetime(2026, 3, 8, 18, 10, tzinfo=UTC)  # Sunday 23:40 in Kolkata


def route(count: int, now: datetime) -> list[int | None]:
    leads = Lead.objects.bulk_create([Lead(name=f"L{n}") for n in range(count)])
    return [one.verdict.rep for one in route_many([Order(lead.pk) for lead in leads], now)]


def replays() -> bool:
    return not list(differences(Decision.objects.all()))


def last_causes() -> dict[str, list[int]]:
    return Decision.objects.latest("id").tried[0]["reasons"]


def test_by_hour_in_a_zone_of_half_hours():
    ann = world.rep("Ann", time_zone="Asia/Kolkata", max_hour=2)
    world.live(world.pool(ann))
    assert route(3, INDIA) == [ann.pk, ann.pk, None]
    assert last_causes() == {"at_hour_cap": [ann.pk]}
    assert route(1, INDIA + timedelta(minutes=19)) == [None]
    assert route(3, INDIA + timedelta(minutes=20)) == [ann.pk, ann.pk, None], "18:30 UTC is midnight there"
    assert Load.objects.get(rep=ann).hour == 2
    assert replays()


def test_by_week_from_monday_where_the_rep_is():
    ann, ben = world.rep("Ann", time_zone="Asia/Kolkata", max_week=1), world.rep("Ben", max_week=1)
    world.live(world.pool(ann, ben))
    assert sorted(filter(None, route(3, INDIA))) == [ann.pk, ben.pk]
    assert last_causes() == {"at_week_cap": [ann.pk, ben.pk]}
    assert route(2, INDIA + timedelta(minutes=30)) == [ann.pk, None]
    assert replays()


def test_who_is_named_has_all_caps():
    ann = world.rep("Ann", max_hour=1, max_open=9)
    world.live(ann)
    assert route(2, world.NOON) == [ann.pk, None]
    assert replays()


@pytest.mark.parametrize("limit", [{"max_open": 3}, {"max_day": 3}])
def test_a_team_is_full_all_together(limit):
    team = world.team(**limit)
    ann, ben = world.reps(2, team=team)
    cem = world.rep("Cem")
    world.live(world.pool(ann, ben), cem)
    owners = route(5, world.NOON)
    assert len([rep for rep in owners[:3] if rep in (ann.pk, ben.pk)]) == 3
    assert owners[3:] == [cem.pk, cem.pk]
    assert last_causes() == {"team_full": [ann.pk, ben.pk]}
    assert replays()


def test_a_step_that_ignores_capacity_passes_the_teams_cap_and_says_so():
    team = world.team(max_open=1)
    ann = world.rep("Ann", team=team)
    world.live(world.pool(ann), options={"ignore_capacity": True})
    assert route(2, world.NOON) == [ann.pk, ann.pk]
    assert list(Decision.objects.order_by("id").values_list("passed_cap", flat=True)) == [False, True]
    assert replays()


def test_reps_of_a_full_team_who_move_or_leave_free_it():
    team = world.team(max_open=1)
    ann, ben = world.reps(2, team=team)
    world.live(world.pool(ann, ben))
    assert route(2, world.NOON)[1] is None
    Rep.objects.filter(load__open=1).update(team=world.team())
    assert None not in route(2, world.NOON)


def test_teams_without_a_cap_are_not_locked(monkeypatch):
    said = []
    from leadrouting.common.pipeline import Pipe

    send = Pipe.send
    monkeypatch.setattr(
        Pipe, "send", lambda pipe, what, values=(): said.append(what) or send(pipe, what, values)
    )
    world.live(world.pool(*world.reps(2)))
    route(1, world.NOON)
    assert LOCK_TEAMS not in said and len(said) > 4


def test_by_hand_passes_a_teams_cap():
    from leadrouting.assignments import ownership

    team = world.team(max_open=1)
    ann, ben = world.reps(2, team=team)
    world.live(world.pool(ann, ben))
    route(2, world.NOON)
    waiting = Lead.objects.get(owner=None)
    ops = world.user("Olga", role=User.Role.OPS)
    ownership.reassign(lead_id=waiting.pk, to=ben, by=ops, reason="Needed now", now=world.NOON)
    assert Decision.objects.latest("id").passed_cap and replays()


def test_the_least_utilised_and_turns_by_capacity():
    ann, ben = world.rep("Ann", max_open=2), world.rep("Ben", max_open=6)
    world.live(world.pool(ann, ben, strategy="least_utilised"))
    assert route(4, world.NOON) == [ann.pk, ben.pk, ben.pk, ben.pk]
    world.live(world.pool(ann, ben, strategy="capacity"))
    assert sorted(route(4, world.NOON)) == [ann.pk, ben.pk, ben.pk, ben.pk]
    assert replays()
