"""Down the ladder to one rep or one queue, with reasons; a batch decides as one by one; replay agrees."""

import json
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouting.engine.decide import (
    Case,
    NeedsPool,
    Table,
    Verdict,
    decide,
    decide_all,
    decode,
    encode,
)
from leadrouting.engine.model import OWNERS, Rule, Step, StepKind
from leadrouting.engine.replay import replay
from leadrouting.engine.roster import AbsencePolicy, Load, Member, Roster, Rotation, Strategy, Why

CATCH_ALL, HOLD = 99, 98
ALICE, BOB, CARLA = 1, 2, 3
VIP = Rule(7, "VIP")


def pool(id=1, **flags):
    return Step(StepKind.POOL, id, **flags)


def rep(id, **flags):
    return Step(StepKind.REP, id, **flags)


def queue(id):
    return Step(StepKind.QUEUE, id)


def table(*members, strategy=Strategy.ROUND_ROBIN, loads=None, unavailable=None, named=()):
    members = members or (Member(ALICE), Member(BOB), Member(CARLA))
    return Table(
        rosters={1: Roster(10, 1, strategy, members)},
        rotations={1: Rotation()},
        loads={} if loads is None else loads,
        unavailable=unavailable or {},
        named={member.rep: member for member in named},
    )


def case(*ladder, had=(), rule=VIP, lead=5):
    return Case(lead, rule, ladder, CATCH_ALL, frozenset(had))


def reasons(verdict, step=-1):
    return dict(verdict.tried[step].reasons)


def test_the_pool_gives_the_lead_to_whose_turn_it_is():
    at = table()
    verdict = decide(case(pool()), at)
    assert (verdict.rep, verdict.queue, verdict.step, verdict.rule) == (ALICE, None, 0, VIP.id)
    assert reasons(verdict) == {Why.NOT_THEIR_TURN: (BOB, CARLA)}
    assert verdict.won.roster == 10
    assert verdict.won.credits == (0, 0, 0)
    assert at.loads == {ALICE: Load(1, 1, 1, 1)}
    assert at.rotations[1].turns == 1


@pytest.mark.parametrize("why", [Why.INACTIVE, Why.AWAY, Why.BUSY, Why.ABSENT, Why.OUTSIDE_HOURS])
def test_who_is_unavailable_is_passed_over_with_the_reason(why):
    verdict = decide(case(pool()), table(unavailable={ALICE: why}))
    assert verdict.rep == BOB
    assert reasons(verdict) == {why: (ALICE,), Why.NOT_THEIR_TURN: (CARLA,)}


def test_ignoring_hours_lifts_office_hours_and_nothing_else():
    at = table(unavailable={ALICE: Why.AWAY, BOB: Why.OUTSIDE_HOURS})
    verdict = decide(case(pool(ignore_hours=True)), at)
    assert verdict.rep == BOB
    assert reasons(verdict) == {Why.AWAY: (ALICE,), Why.NOT_THEIR_TURN: (CARLA,)}


@pytest.mark.parametrize(
    ("member", "load", "why"),
    [
        (Member(ALICE, max_open=2), Load(open=2), Why.AT_OPEN_CAP),
        (Member(ALICE, max_day=3), Load(day=3), Why.AT_DAY_CAP),
        (Member(ALICE, max_open=0), None, Why.AT_OPEN_CAP),
        (Member(ALICE, max_open=2, max_day=3), Load(open=5, day=5), Why.AT_OPEN_CAP),
    ],
)
def test_a_full_rep_is_passed_over_unless_the_step_ignores_capacity(member, load, why):
    loads = {} if load is None else {ALICE: load}
    verdict = decide(case(pool()), table(member, Member(BOB), loads=deepcopy(loads)))
    assert (verdict.rep, verdict.passed_cap) == (BOB, False)
    assert reasons(verdict) == {why: (ALICE,)}
    verdict = decide(case(pool(ignore_capacity=True)), table(member, Member(BOB), loads=deepcopy(loads)))
    assert (verdict.rep, verdict.passed_cap) == (ALICE, True)


def test_ignoring_capacity_is_not_mentioned_when_nothing_was_passed():
    at = table(Member(ALICE, max_open=2), loads={ALICE: Load(open=1)})
    assert not decide(case(pool(ignore_capacity=True)), at).passed_cap


def test_a_rep_who_had_the_lead_does_not_get_it_again():
    verdict = decide(case(pool(), had={ALICE, BOB}), table())
    assert verdict.rep == CARLA
    assert reasons(verdict) == {Why.ALREADY_HAD: (ALICE, BOB)}


def test_nobody_eligible_means_the_next_step():
    at = table(unavailable={ALICE: Why.AWAY, BOB: Why.AWAY, CARLA: Why.BUSY}, named=[Member(4)])
    verdict = decide(case(pool(), rep(4), queue(8)), at)
    assert (verdict.step, verdict.rep) == (1, 4)
    assert verdict.tried[0].picked is None
    assert reasons(verdict, 0) == {Why.AWAY: (ALICE, BOB), Why.BUSY: (CARLA,)}
    assert at.rotations[1] == Rotation(), "a lead that goes elsewhere is nobody's turn"


def test_a_named_rep_takes_no_turn_but_keeps_to_the_caps():
    at = table(named=[Member(ALICE, max_open=1)])
    assert decide(case(rep(ALICE)), at).rep == ALICE
    assert at.rotations[1] == Rotation()
    verdict = decide(case(rep(ALICE), queue(8)), at)
    assert (verdict.rep, verdict.queue, verdict.step) == (None, 8, 1)
    assert reasons(verdict, 0) == {Why.AT_OPEN_CAP: (ALICE,)}
    assert decide(case(rep(ALICE, ignore_capacity=True)), at).passed_cap


def test_a_named_rep_who_is_unavailable_needs_no_entry_but_one_who_is_unknown_is_a_mistake():
    verdict = decide(case(rep(4)), table(unavailable={4: Why.INACTIVE}))
    assert verdict.queue == CATCH_ALL
    assert reasons(verdict) == {Why.INACTIVE: (4,)}
    with pytest.raises(KeyError, match="rep 4"):
        decide(case(rep(4)), table())
    with pytest.raises(KeyError, match="rep 4"):
        decide(case(rep(4, ignore_hours=True)), table(unavailable={4: Why.OUTSIDE_HOURS}))


def test_what_nothing_takes_goes_to_the_catch_all():
    verdict = decide(case(rule=None), table())
    assert verdict == Verdict(5, None, None, None, CATCH_ALL, ())
    assert verdict.won is None


def test_an_empty_pool_has_nobody():
    at = table()
    at.rosters = {1: Roster(10, 1, Strategy.ROUND_ROBIN, ())}
    assert decide(case(pool()), at).queue == CATCH_ALL


def test_a_pool_that_is_not_on_the_table_is_asked_for_before_anything_changes():
    at = table(unavailable=dict.fromkeys((ALICE, BOB, CARLA), Why.AWAY))
    before = deepcopy(at)
    with pytest.raises(NeedsPool) as caught:
        decide(case(pool(), pool(2)), at)
    assert caught.value.pool == 2
    assert at == before


def test_a_batch_that_needs_a_pool_takes_back_what_it_did():
    at = table(loads={rep: Load(3, 1) for rep in (ALICE, BOB, CARLA)})
    before = deepcopy(at)
    with pytest.raises(NeedsPool):
        decide_all([case(pool()), case(pool()), case(pool(2))], at)
    assert at == before


def test_five_hundred_members_stay_a_small_record():
    at = table(*(Member(rep, 1 + rep % 7, 50, 20) for rep in range(1000, 1500)))
    for _ in range(700):
        verdict = decide(case(pool()), at)
    assert len(json.dumps(encode(verdict), separators=(",", ":"))) < 13_000


# -- promises 3 and 4, over random worlds --

REPS = range(1, 9)
members = st.builds(
    Member,
    rep=st.sampled_from(REPS),
    weight=st.integers(1, 36),
    max_open=st.none() | st.integers(0, 4),
    max_day=st.none() | st.integers(0, 4),
)
WAITS = (0, 0, 0, 1, 2, 10)
options = {
    name: st.booleans() for name in ("ignore_hours", "ignore_capacity", "drop_skills", "only_present")
} | {"wait": st.sampled_from(WAITS)}
steps = st.one_of(
    st.builds(pool, st.sampled_from([1, 2]), **options),
    st.builds(rep, st.sampled_from(REPS), **options),
    st.builds(Step, st.sampled_from(OWNERS), **options),
    st.builds(queue, st.sampled_from([50, 51])),
)
UNAVAILABLE = [Why.INACTIVE, Why.AWAY, Why.BUSY, Why.ABSENT, Why.OUTSIDE_HOURS]


@st.composite
def worlds(draw):
    rosters = {
        id: Roster(
            id * 10,
            id,
            draw(st.sampled_from(Strategy)),
            tuple(draw(st.lists(members, max_size=6, unique_by=lambda m: m.rep))),
            draw(st.sampled_from(AbsencePolicy)),
            draw(st.integers(0, 2)),
        )
        for id in (1, 2)
    }
    left = draw(st.integers(-5, 5))  # the books as somebody who left since has left them behind
    at = Table(
        rosters=rosters,
        rotations={1: Rotation(), 2: Rotation(rest=-left, credits={77: left})},
        loads=draw(
            st.dictionaries(
                st.sampled_from(REPS), st.builds(Load, st.integers(0, 4), st.integers(0, 4)), max_size=8
            )
        ),
        unavailable=draw(st.dictionaries(st.sampled_from(REPS), st.sampled_from(UNAVAILABLE), max_size=4)),
        named={
            id: draw(st.builds(Member, rep=st.just(id), max_open=st.none() | st.integers(0, 4)))
            for id in REPS
        },
        present=draw(st.none() | st.frozensets(st.sampled_from(REPS))),
    )
    cases = [
        Case(
            lead,
            draw(st.none() | st.just(VIP)),
            tuple(draw(st.lists(steps, max_size=4))),
            CATCH_ALL,
            draw(st.frozensets(st.sampled_from(REPS), max_size=2)),
            draw(st.dictionaries(st.sampled_from(OWNERS), st.sampled_from(REPS))),
            draw(st.frozensets(st.sampled_from(REPS), max_size=4)),
            draw(st.integers(0, 700)),
            hold=HOLD,
        )
        for lead in range(draw(st.integers(1, 10)))
    ]
    return at, cases


@given(worlds())
def test_a_batch_decides_as_one_by_one(world):
    at, cases = world
    other = deepcopy(at)
    assert decide_all(cases, at) == [decide(case, other) for case in cases]
    assert at == other


@given(worlds())
def test_every_verdict_names_one_taker_and_accounts_for_everybody(world):
    at, cases = world
    for one in cases:
        before = deepcopy(at.loads)
        verdict = decide(one, at)
        assert (verdict.rep is None) != (verdict.queue is None)
        for tried in verdict.tried:
            listed = sorted(rep for reps in tried.reasons.values() for rep in reps)
            everyone = at.rosters[tried.id].reps if tried.kind == StepKind.POOL else (tried.id,)
            if tried.kind != StepKind.QUEUE and tried.id:
                assert listed == sorted(set(everyone) - {tried.picked})
        if verdict.rep is not None:
            assert at.unavailable.get(verdict.rep) in (None, Why.OUTSIDE_HOURS)
            assert verdict.rep not in one.had
            step, load = one.ladder[verdict.step], before.get(verdict.rep, Load())
            assert step.drop_skills or verdict.rep not in one.lacking
            assert not step.only_present or at.present is None or verdict.rep in at.present
            members = at.rosters[step.id].members if step.kind == StepKind.POOL else at.named.values()
            taker = next(member for member in members if member.rep == verdict.rep)
            over = [
                cap is not None and count >= cap
                for cap, count in ((taker.max_open, load.open), (taker.max_day, load.day))
            ]
            assert verdict.passed_cap == any(over)
            assert step.ignore_capacity or not any(over)


@given(worlds())
def test_a_stored_verdict_decides_the_same_again(world):
    at, cases = world
    rosters = {roster.id: roster for roster in at.rosters.values()}
    for one, verdict in zip(cases, decide_all(cases, at), strict=True):
        stored = decode(json.loads(json.dumps(encode(verdict))))
        assert stored == verdict
        again = replay(stored, ladder=one.ladder, catch_all=CATCH_ALL, rosters=rosters)
        assert again == verdict


def test_a_replay_shows_a_record_that_was_tampered_with():
    at = table()
    data = encode(decide(case(pool()), at))
    data["rep"] = data["tried"][0]["picked"] = BOB
    forged = decode(data)
    honest = replay(forged, ladder=(pool(),), catch_all=CATCH_ALL, rosters={10: at.rosters[1]})
    assert honest != forged
    assert honest.rep == ALICE
