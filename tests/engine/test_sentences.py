"""The reasons as people read them."""

from dataclasses import replace

import pytest

from leadrouting.engine.decide import Tried, Verdict, encode
from leadrouting.engine.model import StepKind
from leadrouting.engine.roster import Strategy, Why
from leadrouting.engine.sentences import CAUSES, Names, explain, join, why_sentence

NAMES = Names(
    reps={1: "Priya Shah", 2: "Ana Silva", 3: "Ben Okafor", 4: "Chloé Martin"},
    pools={1: "Senior closers", 2: "Enterprise"},
    queues={8: "Night desk", 9: "Unassigned"},
    rules={7: "India VIP"},
)


def closers(picked=1, strategy=Strategy.ROUND_ROBIN, step=0, id=1, **reasons):
    return Tried(
        step, StepKind.POOL, id, 10, strategy, picked, {Why[why]: reps for why, reps in reasons.items()}
    )


def verdict(*tried, rule=7, rep=None, queue=None, step=-1, passed_cap=False):
    return Verdict(5, rule, tried[step].step if step is not None else None, rep, queue, tried, passed_cap)


def test_every_cause_has_its_words():
    assert CAUSES.keys() == set(Why)


def test_one_line_says_who_by_which_rule_how_and_who_could_not():
    result = verdict(closers(AT_OPEN_CAP=(4,), OUTSIDE_HOURS=(2, 3), NOT_THEIR_TURN=(5,)), rep=1)
    line = (
        "Priya Shah, by rule “India VIP”: round robin in Senior closers; "
        "2 others were outside office hours, 1 was at capacity."
    )
    assert why_sentence(result, NAMES) == line
    assert why_sentence(encode(result), NAMES) == line


ANA = Tried(0, StepKind.REP, 2, picked=None, reasons={Why.AWAY: (2,)})


@pytest.mark.parametrize(
    ("result", "line"),
    [
        (
            verdict(closers(AWAY=(2,)), rep=1),
            "Priya Shah, by rule “India VIP”: round robin in Senior closers; 1 other was away.",
        ),
        (
            verdict(closers(strategy=Strategy.LEAST_LOADED, MORE_LOADED=(2, 3)), rep=1, passed_cap=True),
            "Priya Shah, by rule “India VIP”: least loaded in Senior closers, "
            "above capacity because the rule says so.",
        ),
        (
            verdict(ANA, closers(None, step=1, id=2, BUSY=(3,)), closers(step=2), rep=1),
            "Priya Shah, by rule “India VIP”: round robin in Senior closers; "
            "Ana Silva was away and nobody in Enterprise could take it.",
        ),
        (
            verdict(Tried(0, StepKind.REP, 2, picked=2), rep=2),
            "Ana Silva, by rule “India VIP”: named by the rule.",
        ),
        (
            verdict(Tried(0, StepKind.QUEUE, 8), queue=8),
            "Queue “Night desk”, by rule “India VIP”: the rule sends it there.",
        ),
        (
            verdict(ANA, Tried(1, StepKind.QUEUE, 8), queue=8),
            "Queue “Night desk”, by rule “India VIP”: Ana Silva was away.",
        ),
        (
            verdict(closers(None, AWAY=(1, 2)), queue=9, step=None),
            "Queue “Unassigned”, by rule “India VIP”: nobody in Senior closers could take it.",
        ),
        (verdict(rule=None, queue=9, step=None), "Queue “Unassigned”: no rule matched."),
        (verdict(queue=9, step=None), "Queue “Unassigned”, by rule “India VIP”: the rule names nobody."),
        (verdict(rule=6, queue=3, step=None), "Queue 3, by rule 6: the rule names nobody."),
    ],
)
def test_one_line(result, line):
    assert why_sentence(result, NAMES) == line


def test_the_whole_story_step_by_step():
    result = verdict(
        closers(None, id=2, OUTSIDE_HOURS=(3,), AT_DAY_CAP=(4, 12)),
        Tried(1, StepKind.REP, 2, picked=None, reasons={Why.AWAY: (2,)}),
        closers(step=2, NOT_THEIR_TURN=tuple(range(2, 12)), ALREADY_HAD=(20,)),
        rep=1,
        passed_cap=True,
    )
    assert explain(result, NAMES) == [
        "Rule “India VIP” matched.",
        "Step 1, Enterprise, round robin: nobody could take it.",
        "Ben Okafor was outside office hours.",
        "Chloé Martin and rep 12 had reached the day’s limit.",
        "Step 2: Ana Silva is named but was away.",
        "Step 3, Senior closers, round robin: it was the turn of Priya Shah.",
        "Rep 20 had had this lead before.",
        "Ana Silva, Ben Okafor, Chloé Martin, rep 5, rep 6 and 5 others come later in the rotation.",
        "Priya Shah was at capacity, which this step ignores.",
    ]


@pytest.mark.parametrize(
    ("tried", "last"),
    [
        (closers(), "Step 1, Senior closers, round robin: only Priya Shah could take it."),
        (closers(None), "Step 1, Senior closers, round robin: it has no members."),
        (Tried(0, StepKind.REP, 2, picked=2), "Step 1: Ana Silva is named and could take it."),
        (Tried(0, StepKind.QUEUE, 8), "Step 1: queue “Night desk” takes every lead."),
    ],
)
def test_a_step_in_a_sentence(tried, last):
    assert explain(verdict(tried, rep=1), NAMES)[-1] == last


def test_least_loaded_tells_a_tie():
    alone = closers(strategy=Strategy.LEAST_LOADED, MORE_LOADED=(2,))
    tie = closers(strategy=Strategy.LEAST_LOADED, NOT_THEIR_TURN=(2,))
    start = "Step 1, Senior closers, least loaded: Priya Shah had the fewest open conversations"
    assert explain(verdict(alone, rep=1), NAMES)[1] == f"{start}."
    assert explain(verdict(tie, rep=1), NAMES)[1] == f"{start}; it was their turn among those who tie."


def test_the_catch_all_is_told_last():
    assert explain(verdict(rule=None, queue=9, step=None), NAMES) == [
        "No rule matched.",
        "The catch-all took it: queue “Unassigned”.",
    ]


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, ""), (1, "1"), (2, "1 and 2"), (6, "1, 2, 3, 4, 5 and 6"), (7, "1, 2, 3, 4, 5 and 2 others")],
)
def test_long_lists_are_cut_to_a_count(count, text):
    assert join([str(number) for number in range(1, count + 1)]) == text


def test_a_pool_asked_again_with_fewer_limits_does_not_contradict_itself():
    names = Names(reps={1: "Ann", 2: "Ben"}, pools={7: "SMB desk"}, rules={3: "Small business"})
    first = Tried(0, StepKind.POOL, 7, 1, Strategy.LEAST_LOADED, None, {Why.OUTSIDE_HOURS: (1, 2)})
    again = Tried(1, StepKind.POOL, 7, 1, Strategy.LEAST_LOADED, 1, {Why.MORE_LOADED: (2,)})
    verdict = Verdict(9, 3, 1, 1, None, (first, again))
    assert why_sentence(verdict, names) == (
        "Ann, by rule “Small business”: least loaded in SMB desk once office hours no longer counted."
    )


LENA = Tried(0, StepKind.ACCOUNT_OWNER, 2, picked=None, reasons={Why.AWAY: (2,)})
NO_OWNER = Tried(0, StepKind.TERRITORY_OWNER, 0, reasons={Why.NOBODY_KNOWN: ()})
HELD = replace(closers(None, AWAY=(1,)), wait=10, waited=60)
WAITED = replace(HELD, waited=600)


@pytest.mark.parametrize(
    ("result", "line"),
    [
        (
            verdict(LENA, closers(step=1), rep=1),
            "Priya Shah, by rule “India VIP”: round robin in Senior closers; "
            "its account owner Ana Silva was away.",
        ),
        (
            verdict(NO_OWNER, closers(step=1), rep=1),
            "Priya Shah, by rule “India VIP”: round robin in Senior closers; it has no territory owner.",
        ),
        (
            verdict(Tried(0, StepKind.PREVIOUS_OWNER, 2, picked=2), rep=2),
            "Ana Silva, by rule “India VIP”: its previous owner.",
        ),
        (
            verdict(HELD, queue=9, step=None),
            "Queue “Unassigned”, by rule “India VIP”: nobody in Senior closers could take it yet; "
            "it waits for up to 10 minutes before it goes on.",
        ),
        (
            verdict(WAITED, Tried(1, StepKind.REP, 2, picked=2), rep=2),
            "Ana Silva, by rule “India VIP”: named by the rule; "
            "nobody in Senior closers could take it within 10 minutes.",
        ),
        (
            verdict(replace(LENA, wait=1, waited=60), queue=9, step=None),
            "Queue “Unassigned”, by rule “India VIP”: "
            "its account owner Ana Silva could not take it within 1 minute.",
        ),
        (
            verdict(replace(WAITED, reasons={Why.LACKS_SKILL: (1, 2)}), closers(step=1), rep=1),
            "Priya Shah, by rule “India VIP”: "
            "round robin in Senior closers once skills no longer counted after 10 minutes.",
        ),
        (
            verdict(closers(LACKS_SKILL=(2,), NOT_PRESENT=(3, 4)), rep=1),
            "Priya Shah, by rule “India VIP”: round robin in Senior closers; "
            "1 other did not have the skills, 2 did not have their pages open.",
        ),
    ],
)
def test_owners_skills_presence_and_waits_in_one_line(result, line):
    assert why_sentence(result, NAMES) == line
    assert why_sentence(encode(result), NAMES) == line


def test_a_held_lead_says_where_it_is_and_what_it_waits_for():
    assert explain(verdict(NO_OWNER, replace(HELD, step=1), queue=9, step=None), NAMES) == [
        "Rule “India VIP” matched.",
        "Step 1: it has no territory owner.",
        "Step 2, Senior closers, round robin: nobody could take it.",
        "Priya Shah was away.",
        "It waits here for up to 10 minutes before the next step is tried.",
        "Until then it is in queue “Unassigned”.",
    ]
    assert explain(verdict(LENA, replace(WAITED, step=1), queue=9, step=None), NAMES)[1:] == [
        "Step 1: its account owner Ana Silva was away.",
        "Step 2, Senior closers, round robin: nobody could take it.",
        "Priya Shah was away.",
        "Its wait of 10 minutes for this step was over.",
        "The catch-all took it: queue “Unassigned”.",
    ]
