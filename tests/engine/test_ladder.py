"""The algebra of a ladder: lifting a limit never shuts anybody out, and waits end."""

from copy import deepcopy
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouting.engine.decide import Case, decide
from leadrouting.engine.model import OWNERS, Step, StepKind
from leadrouting.engine.replay import replay
from leadrouting.engine.roster import Load, Member, Why
from tests.engine.test_decide import (
    ALICE,
    BOB,
    CARLA,
    HOLD,
    VIP,
    case,
    pool,
    queue,
    reasons,
    rep,
    table,
    worlds,
)

ACCOUNT = StepKind.ACCOUNT_OWNER


def owned(*ladder, **owners):
    return replace(case(*ladder), owners={StepKind(kind): rep for kind, rep in owners.items()})


def test_an_owner_is_asked_like_a_rep_who_is_named():
    at = table(named=[Member(ALICE, max_open=1)])
    verdict = decide(owned(Step(ACCOUNT), pool(), account_owner=ALICE), at)
    assert (verdict.rep, verdict.step, verdict.won.id) == (ALICE, 0, ALICE)
    verdict = decide(owned(Step(ACCOUNT), pool(), account_owner=ALICE), at)
    assert verdict.step == 1, "The owner is at capacity now."
    assert reasons(verdict, 0) == {Why.AT_OPEN_CAP: (ALICE,)}


@pytest.mark.parametrize("kind", OWNERS)
def test_an_owner_whom_nobody_knows_is_not_waited_for(kind):
    verdict = decide(case(Step(kind, wait=10), pool()), table())
    assert (verdict.step, verdict.rep) == (1, ALICE)
    assert (verdict.tried[0].id, reasons(verdict, 0)) == (0, {Why.NOBODY_KNOWN: ()})


def test_skills_count_for_pools_names_and_owners_until_a_step_drops_them():
    lacking = frozenset({ALICE, BOB})
    named = [Member(ALICE)]
    assert decide(replace(case(pool()), lacking=lacking), table()).rep == CARLA
    assert decide(replace(case(pool(drop_skills=True)), lacking=lacking), table()).rep == ALICE
    asked = replace(case(rep(ALICE), Step(ACCOUNT)), lacking=lacking, owners={ACCOUNT: ALICE})
    verdict = decide(asked, table(named=named))
    assert [dict(tried.reasons) for tried in verdict.tried] == [{Why.LACKS_SKILL: (ALICE,)}] * 2
    assert (
        decide(replace(case(rep(ALICE, drop_skills=True)), lacking=lacking), table(named=named)).rep == ALICE
    )


def test_only_those_who_are_present():
    at = table()
    at.present = frozenset({BOB})
    verdict = decide(case(pool(only_present=True)), at)
    assert (verdict.rep, reasons(verdict)) == (BOB, {Why.NOT_PRESENT: (ALICE, CARLA)})
    assert decide(case(pool()), at).rep != BOB


def test_a_lead_is_held_until_the_wait_is_over_and_then_goes_on():
    at = table(unavailable=dict.fromkeys((ALICE, BOB, CARLA), Why.BUSY), named=[Member(4)])
    asked = replace(case(pool(wait=2), rep(4)), hold=HOLD)
    held = decide(replace(asked, waiting=119), at)
    assert (held.queue, held.step, held.held, held.won) == (HOLD, None, True, None)
    assert [(tried.wait, tried.waited) for tried in held.tried] == [(2, 119)]
    over = decide(replace(asked, waiting=120), at)
    assert (over.rep, over.held, over.tried[0].wait) == (4, False, 2)


def test_a_wait_that_somebody_ends_leaves_no_trace():
    verdict = decide(case(pool(wait=2)), table())
    assert (verdict.rep, verdict.won.wait, verdict.held) == (ALICE, 0, False)


def test_after_a_last_wait_the_catch_all_takes_the_lead_and_it_is_not_held():
    at = table(unavailable=dict.fromkeys((ALICE, BOB, CARLA), Why.BUSY))
    verdict = decide(replace(case(pool(wait=2)), waiting=300), at)
    assert (verdict.queue, verdict.held) == (99, False)


def eligible(one, step, at):
    """Who could take the lead by this one step: whoever is picked, and those whom the pick passed over."""
    (tried, *_) = decide(replace(one, ladder=(step, queue(50))), deepcopy(at)).tried
    able = {Why.NOT_THEIR_TURN, Why.MORE_LOADED, Why.MORE_UTILISED}
    others = {rep for why, reps in tried.reasons.items() if why in able for rep in reps}
    return others | ({tried.picked} if tried.picked is not None else set())


LIFTED = {"ignore_hours": True, "ignore_capacity": True, "drop_skills": True, "only_present": False}


@given(worlds(), st.sampled_from(sorted(LIFTED)))
def test_lifting_a_limit_never_shuts_anybody_out(world, option):
    at, cases = world
    for one in cases:
        for step in one.ladder:
            if step.kind is not StepKind.QUEUE:
                free = replace(step, wait=0)
                assert eligible(one, free, at) <= eligible(one, replace(free, **{option: LIFTED[option]}), at)


@given(worlds())
def test_a_lead_is_held_no_longer_than_its_longest_wait(world):
    at, cases = world
    for one in cases:
        longest = max((step.wait for step in one.ladder), default=0) * 60
        assert not decide(replace(one, waiting=longest), deepcopy(at)).held


@given(worlds())
def test_a_longer_wait_never_takes_a_lead_back_up_the_ladder(world):
    at, cases = world
    for one in cases:
        tried = [
            len(decide(replace(one, waiting=waiting), deepcopy(at)).tried) for waiting in (0, 60, 120, 600)
        ]
        assert tried == sorted(tried)


@given(worlds())
def test_without_owners_steps_for_them_might_as_well_not_be_there(world):
    at, cases = world
    for one in cases:
        unknown = replace(one, owners={})
        plain = replace(unknown, ladder=tuple(step for step in one.ladder if step.kind not in OWNERS))
        first, second = decide(unknown, deepcopy(at)), decide(plain, deepcopy(at))
        assert (first.rep, first.queue, first.held) == (second.rep, second.queue, second.held)


def test_a_replay_shows_that_a_wait_was_cut_short():
    at = table(unavailable=dict.fromkeys((ALICE, BOB, CARLA), Why.BUSY), named=[Member(4)])
    ladder = (pool(wait=2), rep(4))
    stored = decide(Case(5, VIP, ladder, 99, waiting=120, hold=HOLD), at)
    forged = replace(stored, tried=(replace(stored.tried[0], waited=60), *stored.tried[1:]))
    honest = replay(forged, ladder=ladder, catch_all=99, rosters={10: at.rosters[1]})
    assert honest.held and honest != forged


def test_caps_hold_for_owners_too():
    at = table(named=[Member(ALICE, max_day=1)], loads={ALICE: Load(0, 1)})
    assert decide(owned(Step(ACCOUNT), account_owner=ALICE), at).rep is None
    taken = decide(owned(Step(ACCOUNT, ignore_capacity=True), account_owner=ALICE), at)
    assert (taken.rep, taken.passed_cap) == (ALICE, True)


@pytest.mark.parametrize("why", [Why.INACTIVE, Why.ALREADY_HAD, Why.LACKS_SKILL])
def test_nobody_is_waited_for_who_cannot_come(why):
    steps = (rep(4), rep(3))
    at = table(unavailable={4: why} if why is Why.INACTIVE else {}, named=[Member(3), Member(4)])
    one = replace(
        case(replace(steps[0], wait=10), steps[1]),
        had=frozenset({4} if why is Why.ALREADY_HAD else ()),
        lacking=frozenset({4} if why is Why.LACKS_SKILL else ()),
        hold=HOLD,
    )
    verdict = decide(one, at)
    assert (verdict.rep, verdict.held) == (3, False)
