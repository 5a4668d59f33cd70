"""A gap in words."""

from leadrouting.engine.analysis.boxwording import say_box
from leadrouting.engine.facts import Catalogue
from leadrouting.engine.model import Condition, Rule


def test_the_two_ends_of_a_range_are_said_as_one():
    ends = tuple(
        Condition("company_size", operator, number) for operator, number in (("<", "25"), (">=", "1000"))
    )
    box = Rule(1, "gap", (*ends, Condition("score", ">", "5")), "NOT 1 AND NOT 2 AND NOT 3")
    assert say_box(box, Catalogue()) == (
        "score is blank or at most 5 points, company size is blank, or at least 25 and less than 1,000 employees"
    )


def test_two_ends_on_the_same_side_are_said_one_by_one():
    ends = tuple(Condition("score", "<", number) for number in ("25", "30"))
    box = Rule(1, "gap", ends, "NOT 1 AND NOT 2")
    assert (
        say_box(box, Catalogue())
        == "score is blank or at least 25 points, score is blank or at least 30 points"
    )
