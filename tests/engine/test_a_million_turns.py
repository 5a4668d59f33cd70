"""Promise 5 over a long time: people come and go at random, nobody is ever two leads from their share."""

import random

import pytest

from leadrouting.engine.roster import LEAD, Member, Roster, Rotation, Strategy
from leadrouting.engine.rotation import take_turn

TURNS = 250_000


@pytest.mark.parametrize(
    ("weights", "chance"),
    [([1, 1, 1, 1, 1], 0.5), ([1, 2, 3, 5], 0.7), ([1, 1, 4], 0.9), ([25, 50, 100, 100], 0.6)],
)
def test_over_a_quarter_of_a_million_turns_each(weights, chance):
    """The credit is how far a count is from its share of the leads that one could take: a million in all."""
    dice = random.Random(2026)
    people = Roster(1, 1, Strategy.ROUND_ROBIN, tuple(Member(rep, w) for rep, w in enumerate(weights)))
    books, worst = Rotation(), 0
    for _ in range(TURNS):
        present = [member for member in people.members if dice.random() < chance]
        if present:
            take_turn(books, people, present)
            worst = max(worst, max(books.credits.values()), -min(books.credits.values()))
    assert worst < 2 * LEAD, f"{worst / LEAD:.3f} leads"
    assert sum(books.credits.values()) + books.rest == 0
