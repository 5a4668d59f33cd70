"""The sentences on top of a rep's card."""

from __future__ import annotations

import pytest

from leadrouting.analytics.coaching import Record, Replies, Times
from leadrouting.analytics.counting import Counts
from leadrouting.analytics.talking import talk
from leadrouting.assignments.judging import Judged

NONE = Replies(Times(), {}, {})


def a_record(own: Replies = NONE, team: Replies = NONE, **values) -> Record:
    usual = {
        "counts": Counts(),
        "team_win_rate": None,
        "team_won": None,
        "team_revenue": None,
        "declines": [],
        "judged": Judged(),
    }
    return Record(own, team, **{**usual, **values})


def replies(leads: int, median: float, source: str = "") -> Replies:
    times = Times(leads, median, median)
    return Replies(times, {source: times} if source else {}, {})


def test_nothing_is_said_of_nothing():
    assert talk(a_record()) == []


@pytest.mark.parametrize(
    ("own", "team", "said"),
    [
        (replies(5, 14400, "e-mail"), replies(10, 4200, "e-mail"),
         ["Answers leads from e-mail in 4 h at the median, the team in 1 h 10 min."]),
        (replies(4, 14400, "e-mail"), replies(10, 4200, "e-mail"), []),
        (replies(5, 14400, "e-mail"), replies(9, 4200, "e-mail"), []),
        (replies(5, 14400), replies(10, 4200), ["Answers leads in 4 h at the median, the team in 1 h 10 min."]),
        (replies(5, 600), replies(10, 1200),
         ["Answers faster than the team: in 10 min at the median, the team in 20 min."]),
        (replies(5, 1000), replies(10, 1200), []),
    ],
)  # fmt: skip
def test_speed_is_told_where_there_is_enough_to_compare(own, team, said):
    assert talk(a_record(own, team)) == said


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"counts": Counts(met=4, missed=1)}, ["Missed 1 of 5 deadlines."]),
        ({"counts": Counts(met=3, missed=1)}, []),
        ({"counts": Counts(leads=5, won=1), "team_win_rate": 0.4},
         ["Wins 20 % of the leads, the middle of the team 40 %."]),
        ({"counts": Counts(leads=5, won=3), "team_win_rate": 0.4},
         ["Wins more than most: 60 % of the leads, the middle of the team 40 %."]),
        ({"counts": Counts(leads=4, won=4), "team_win_rate": 0.1}, []),
        ({"declines": [("Not my product", 4), ("Busy", 1)]},
         ["Passed on 5 leads, most often because of “Not my product”."]),
        ({"declines": [("Busy", 4)]}, []),
        ({"judged": Judged(2.0, 5)}, ["Says that leads fit badly: 2.0 of 5 on average. Ask what is wrong with them."]),
        ({"judged": Judged(2.0, 4)}, []),
    ],
)  # fmt: skip
def test_the_rest_is_told_from_five_on(values, said):
    assert talk(a_record(**values)) == said


def test_three_sentences_at_most():
    record = a_record(
        replies(9, 14400),
        replies(20, 60),
        counts=Counts(leads=9, met=1, missed=9),
        team_win_rate=0.5,
        declines=[("Busy", 9)],
        judged=Judged(1.0, 9),
    )
    assert len(talk(record)) == 3
