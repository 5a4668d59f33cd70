"""Filter logic: what parses, what it means, and where an error points."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadrouting.engine.logic import And, LogicError, Node, Not, Or, Ref, evaluate, numbers, parse, render
from tests.engine.engine_strategies import logic


@pytest.mark.parametrize(
    ("text", "count", "node"),
    [
        ("", 0, And(())),
        ("  ", 2, And((Ref(1), Ref(2)))),
        ("1", 1, Ref(1)),
        ("1 AND 2 AND 3", 3, And((Ref(1), Ref(2), Ref(3)))),
        ("1 and (2 Or nOT 3)", 3, And((Ref(1), Or((Ref(2), Not(Ref(3))))))),
        ("NOT 1 AND 2", 2, And((Not(Ref(1)), Ref(2)))),
        ("NOT (1 OR 2)", 2, Not(Or((Ref(1), Ref(2))))),
        ("((1))OR(2)", 2, Or((Ref(1), Ref(2)))),
        ("1 OR (2 AND 1)", 2, Or((Ref(1), And((Ref(2), Ref(1)))))),
        ("NOT NOT 1", 1, Not(Not(Ref(1)))),
    ],
)
def test_parses(text: str, count: int, node: Node) -> None:
    assert parse(text, count) == node


@pytest.mark.parametrize(
    ("text", "count", "column", "said"),
    [
        ("1 AND 2 OR 3", 3, 9, "AND and OR are mixed: add parentheses"),
        ("1 OR (2 AND 3 OR 1)", 3, 15, "AND and OR are mixed"),
        ("1 AND 4", 3, 7, "There is no condition 4: there are 3"),
        ("1 AND 0", 1, 7, "There is no condition 0: there is only 1"),
        ("1", 0, 1, "There is no condition 1: there are 0"),
        ("1 AND 99999999999999999999", 1, 7, "There is no condition 9999"),
        ("1 AND 3", 3, 8, "Condition 2 is not used"),
        ("1  ", 2, 2, "Condition 2 is not used"),
        ("1 AND", 1, 6, "A condition number is missing before the end"),
        ("AND 1", 1, 1, "A condition number is missing before “AND”"),
        ("1 2", 2, 3, "AND or OR is missing before “2”"),
        ("1 NOT 2", 2, 3, "AND or OR is missing before “NOT”"),
        ("(1 2)", 2, 4, "AND or OR is missing before “2”"),
        ("(1 AND 2", 2, 1, "This “(” is never closed"),
        ("1 AND 2)", 2, 8, "This “)” closes nothing"),
        ("()", 0, 2, "A condition number is missing before “)”"),
        ("1 XOR 2", 2, 3, "“XOR” is not known"),
        ("1 & 2", 2, 3, "“&” does not belong here"),
        ("1 AND -2", 2, 7, "“-” does not belong here"),
        ("(" * 40 + "1" + ")" * 40, 1, 32, "nested too deeply"),
    ],
)
def test_errors_point_at_the_column(text: str, count: int, column: int, said: str) -> None:
    with pytest.raises(LogicError, match=r"column \d+") as caught:
        parse(text, count)
    assert caught.value.column == column
    assert said in caught.value.message


@given(st.integers(1, 7).flatmap(lambda count: st.tuples(st.just(count), logic(count))))
@settings(max_examples=200)
def test_rendered_logic_parses_to_itself(case: tuple[int, Node]) -> None:
    count, node = case
    assert parse(render(node), count) == node
    assert set(numbers(node)) == set(range(1, count + 1))


@given(st.lists(st.booleans(), min_size=3, max_size=3))
def test_means_what_it_says(held: list[bool]) -> None:
    one, two, three = held
    assert evaluate(parse("1 AND (2 OR NOT 3)", 3), lambda n: held[n - 1]) is (one and (two or not three))


def test_asks_no_more_than_it_needs() -> None:
    asked: list[int] = []

    def truth(number: int) -> bool:
        asked.append(number)
        return False

    assert not evaluate(parse("1 AND (2 OR 3)", 3), truth)
    assert asked == [1]
