"""What everyone received against their share: the sums, against a count lead by lead."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from fractions import Fraction

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from leadrouting.assignments import ownership
from leadrouting.assignments.insight.fairness import Given, Part, otherwise, parts_of, shared
from leadrouting.assignments.insight.upcoming import upcoming
from leadrouting.assignments.models import Decision, Roster
from leadrouting.leads.models import Lead
from leadrouting.teams.models import Rep, User
from leadrouting.teams.snapshot import people_now
from tests import world

REPS = range(1, 6)
weights = st.dictionaries(st.sampled_from(REPS), st.integers(1, 9), min_size=1)


@given(data=st.data(), rosters=st.dictionaries(st.integers(1, 3), weights, min_size=1))
def test_shares_and_what_was_received_add_up(data, rosters):
    rows = []
    for _ in range(data.draw(st.integers(0, 12))):
        roster = data.draw(st.sampled_from(sorted(rosters)))
        picked = data.draw(st.sampled_from(sorted(rosters[roster])))
        out = data.draw(st.sets(st.sampled_from(REPS))) - {picked}
        rows.append(Given(7, roster, {"away": sorted(out)}, picked, data.draw(st.integers(1, 50))))
    parts = shared(rows, rosters).get(7, {})
    leads = sum(row.leads for row in rows)
    assert sum(part.received for part in parts.values()) == leads
    assert sum(part.share for part in parts.values()) == pytest.approx(leads)
    for rep, part in parts.items():
        exact = sum(
            row.leads * Fraction(rosters[row.roster][rep], sum(
                weight for one, weight in rosters[row.roster].items() if one not in row.out["away"]
            ))
            for row in rows
            if rep in rosters[row.roster] and rep not in row.out["away"]
        )  # fmt: skip
        assert part.share == pytest.approx(float(exact))
        assert part.missed.total() == sum(
            row.leads for row in rows if rep in rosters[row.roster] and rep in row.out["away"]
        )


@pytest.fixture
def boss(transactional_db) -> User:
    return world.user("Mira", role=User.Role.MANAGER)


def lead() -> Lead:
    return Lead.objects.get(pk=world.lead().pk)


def test_it_is_what_a_count_lead_by_lead_says(boss):
    team = world.team(manager=boss)
    ann, ben, cem = (world.rep(name, team=team) for name in ("Ann", "Ben", "Cem"))
    pool, begun = world.pool(ann, ben, cem, weights=[3, 2, 1]), timezone.now()
    other = world.pool(ben, name="Other")
    world.live(pool, other)
    for number in range(40):
        presence = "away" if 10 <= number < 25 else "available"
        Rep.objects.filter(pk=ann.pk).update(presence=presence)
        last = lead()
    ownership.reassign(lead_id=last.pk, to=ben, by=boss, reason="By hand", now=timezone.now())
    told = parts_of([pool.pk, other.pk], begun, timezone.now() + timedelta(minutes=1))
    assert told.keys() == {pool.pk}
    found, share, missed = told[pool.pk], Counter[int](), Counter[int]()
    for decision in Decision.objects.filter(tried__0__kind="pool"):
        step = decision.tried[-1]
        roster = Roster.objects.get(pk=step["roster"])
        members = dict(zip(roster.rep_ids, roster.weights, strict=True))
        out = set(step.get("reasons", {}).get("away", ()))
        ready = {rep: weight for rep, weight in members.items() if rep not in out}
        for rep, weight in ready.items():
            share[rep] += Fraction(weight, sum(ready.values()))
        missed.update(out)
    assert {rep: part.share for rep, part in found.items()} == pytest.approx({rep: float(one) for rep, one in share.items()})  # fmt: skip
    received = Counter(Decision.objects.filter(tried__0__kind="pool").values_list("rep", flat=True))
    assert {rep: part.received for rep, part in found.items()} == received
    assert {rep: dict(part.missed) for rep, part in found.items()} == {
        ann.pk: {"away": 15}, ben.pk: {}, cem.pk: {},
    }  # fmt: skip
    assert missed == {ann.pk: 15}
    assert all(abs(part.ahead) < 2 for part in found.values())
    since, until = begun, timezone.now() + timedelta(minutes=1)
    assert otherwise([ann.pk, ben.pk, cem.pk], since, until) == {ben.pk: 1}


def test_wins_and_responses_are_those_of_the_leads_that_it_gave(boss):
    ann = world.rep("Ann", team=world.team(manager=boss))
    pool, begun = world.pool(ann), timezone.now()
    world.live(pool)
    ends = [("won", 10), ("lost", 20), ("junk", 60), (None, 30)]
    for outcome, minutes in ends:
        made = lead()
        at = made.assignments.get().started_at + timedelta(minutes=minutes)
        ownership.respond(lead_id=made.pk, by=ann.user, now=at)
        if outcome:
            ownership.close(lead_id=made.pk, by=ann.user, outcome=outcome, revenue=1, now=at)
    part = parts_of([pool.pk], begun, timezone.now() + timedelta(minutes=1))[pool.pk][ann.pk]
    assert (part.received, part.won, part.closed) == (4, 1, 2)
    assert part.response is not None and round(part.response.total_seconds()) == 25 * 60


def test_nothing_decided_is_nothing_told(boss):
    pool = world.pool(world.rep("Ann"))
    assert parts_of([pool.pk], timezone.now() - timedelta(days=1), timezone.now()) == {}
    assert Part().ahead == 0


def test_who_is_next_is_who_gets_the_next_leads(boss):
    team = world.team(manager=boss)
    ann, ben, cem = (world.rep(name, team=team) for name in ("Ann", "Ben", "Cem"))
    pool = world.pool(ann, ben, cem, weights=[3, 2, 1])
    world.live(pool)
    lead()
    Rep.objects.filter(pk=cem.pk).update(presence="away")
    now = timezone.now()
    told = upcoming([pool.pk], people_now().at(now), now)[pool.pk]
    assert dict(told.missing) == {cem.pk: "away"}
    assert [lead().owner_id for _ in range(5)] == list(told.turns)
    assert sum(told.credits.values()) == pytest.approx(0, abs=1e-9)
