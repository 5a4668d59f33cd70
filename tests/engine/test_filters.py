"""Backups, languages, pools that own a territory, and what closed pools do: over random worlds."""

import json
from copy import deepcopy
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from leadrouting.engine.decide import decide, decide_all, decode, encode
from leadrouting.engine.model import OWNERS, StepKind
from leadrouting.engine.replay import replay
from leadrouting.engine.roster import Why
from leadrouting.engine.sentences import Names, explain, why_sentence
from leadrouting.engine.verdict import StandIn
from tests.engine.test_decide import CATCH_ALL, REPS, worlds

NAMING = (StepKind.REP, *OWNERS)


@st.composite
def stand_ins(draw):
    asked = draw(st.lists(st.tuples(st.sampled_from(NAMING), st.sampled_from(REPS)), max_size=6, unique=True))
    found = {}
    for kind, rep in asked:
        other, *via = draw(st.permutations([one for one in REPS if one != rep]))
        why = draw(st.sampled_from([Why.ABSENT, Why.INACTIVE]))
        until = draw(st.sampled_from(["", "2026-05-04", "2026-05-04T12:00"])) if why is Why.ABSENT else ""
        found[kind, rep] = StandIn(other, rep, why, until, tuple(via[: draw(st.integers(0, 2))]))
    return found


@st.composite
def filtered(draw):
    """Worlds with all of it, now and then."""
    at, cases = draw(worlds())
    for pool, roster in at.rosters.items():
        closed = draw(st.sampled_from(["next", "next", "any_hour", "after_pool", "holds"]))
        at.rosters[pool] = replace(
            roster,
            any_hour=closed == "any_hour",
            after_pool=3 - pool if closed == "after_pool" else 0,
            holds=closed == "holds",
            language=draw(st.sampled_from([0, 0, 1, 3])),
        )
    little = draw(st.frozensets(st.sampled_from(REPS), max_size=4))
    silent = {1: little, 3: little | draw(st.frozensets(st.sampled_from(REPS), max_size=3))}
    known = draw(st.booleans())
    return at, [
        replace(
            case,
            stand_ins=draw(stand_ins()),
            territory="by" if (own := draw(st.sampled_from([0, 0, 1, 2]))) else "",
            territory_pool=own,
            language="Spanish" if known else "",
            silent=silent if known else {},
        )
        for case in cases
    ]


@given(filtered())
def test_a_stored_verdict_decides_the_same_again(world):
    at, cases = world
    rosters = {roster.id: roster for roster in at.rosters.values()}
    for one, verdict in zip(cases, decide_all(cases, at), strict=True):
        stored = decode(json.loads(json.dumps(encode(verdict))))
        assert stored == verdict
        assert replay(stored, ladder=one.ladder, catch_all=CATCH_ALL, rosters=rosters) == verdict


@given(filtered())
def test_a_batch_decides_as_one_by_one(world):
    at, cases = world
    other = deepcopy(at)
    assert decide_all(cases, at) == [decide(case, other) for case in cases]
    assert at == other


@given(filtered())
def test_who_gets_it_speaks_it_stands_in_or_is_meant_and_everybody_is_accounted_for(world):
    at, cases = world
    for one in cases:
        verdict = decide(one, at)
        for tried in verdict.tried:
            if tried.kind is StepKind.POOL:
                listed = [rep for reps in tried.reasons.values() for rep in reps]
                assert sorted(listed) == sorted({*at.rosters[tried.id].reps} - {tried.picked})
                roster, step = at.rosters[tried.id], one.ladder[tried.step]
                if tried.picked is not None and roster.language and not step.drop_skills:
                    assert tried.picked not in one.silent.get(roster.language, ())
            elif tried.stands_in is not None:
                assert tried.stands_in == one.stand_ins[tried.kind, tried.stands_in.of]
                assert tried.id == tried.stands_in.rep != tried.stands_in.of
            if tried.until_opening:
                assert verdict.held and tried is verdict.tried[-1] and Why.OUTSIDE_HOURS in tried.reasons


@given(filtered())
def test_every_verdict_can_be_told(world):
    at, cases = world
    for one in cases:
        verdict = decide(one, at)
        told = " ".join([why_sentence(verdict, Names()), *explain(verdict, Names())])
        assert ("stands in for" in told) == any(tried.stands_in for tried in verdict.tried)
        assert "  " not in told and "None" not in told
