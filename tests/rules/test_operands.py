"""The text of a condition's value and its operand say the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouting.engine.operators import Arity, Operator, arity
from leadrouting.rules.documents import operand_of, text_of

VALUES = st.text(alphabet=st.one_of(st.sampled_from('",  ab\n\\'), st.characters()), min_size=1).filter(
    str.strip
)
LISTS = [one for one in Operator if arity(one) in (Arity.LIST, Arity.RANGE)]


@given(st.sampled_from(LISTS), st.lists(VALUES))
def test_a_list_survives_whatever_its_values_hold(operator: str, values: list[str]) -> None:
    assert operand_of(operator, text_of(values)) == values


@given(VALUES.map(str.strip))
def test_one_value_survives(value: str) -> None:
    assert operand_of("is", text_of(value)) == value


@pytest.mark.parametrize(
    ("text", "operand"),
    [
        ("DE, AT", ["DE", "AT"]),
        ('"Acme, Inc.", Globex', ["Acme, Inc.", "Globex"]),
        ('5" screens, "so-called" experts', ['5" screens', '"so-called" experts']),
        ('"never closed, AT', ['"never closed', "AT"]),
        (" , ,DE,", ["DE"]),
        ('"", DE', ["DE"]),
        ("", []),
    ],
)
def test_what_people_type(text: str, operand: list[str]) -> None:
    assert operand_of("is_any_of", text) == operand
