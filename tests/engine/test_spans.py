"""Numbers of a span: exact, and as quick for a wide one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouting.engine.spans import ANY_NUMBER, Span

SIZES = Span(0, 2**31 - 1, places=0)
AMOUNTS = Span(Decimal("-0.05"), Decimal("0.05"), places=2)


@pytest.mark.parametrize(
    ("span", "asked", "found"),
    [
        (SIZES, (None, None), 0),
        (SIZES, (None, 51), 50),
        (SIZES, (50, None), 51),
        (SIZES, (50, 51), None),
        (SIZES, (50, Decimal("50.5")), None),
        (SIZES, (Decimal("50.5"), 52), 51),
        (SIZES, (-7, 0), None),
        (SIZES, (-7, 1), 0),
        (SIZES, (10, 20, 30), 19),
        (SIZES, (10, 20, 3), 11),
        (SIZES, (2**31 - 1, None), None),
        (SIZES, (None, 10**40), 2**31 - 1),
        (Span(5, 9, places=0), (None, None), 5),
        (Span(-9, -5, places=0), (None, None), -5),
        (Span(places=2), (1, Decimal("1.02")), Decimal("1.01")),
        (Span(places=2), (1, Decimal("1.01")), None),
        (Span(places=2), (1, 3), 2),
        (ANY_NUMBER, (1, Decimal("1.01")), Decimal("1.005")),
        (ANY_NUMBER, (None, -3), -4),
    ],
)
def test_a_number_between(span: Span, asked: tuple[Any, ...], found: Any) -> None:
    assert span.inside(*asked) == found


_cents = st.integers(-80, 80).map(lambda count: Decimal(count) / 1000)


@given(after=_cents | st.none(), before=_cents | st.none(), near=_cents | st.none())
def test_one_is_found_when_there_is_one(
    after: Decimal | None, before: Decimal | None, near: Decimal | None
) -> None:
    there = [
        cents
        for cents in (Decimal(count) / 100 for count in range(-5, 6))
        if (after is None or cents > after) and (before is None or cents < before)
    ]
    found = AMOUNTS.inside(after, before, near)
    assert found in there if there else found is None
    assert all(cents in AMOUNTS for cents in there)


def test_what_is_outside() -> None:
    assert -1 not in SIZES and 2**31 not in SIZES and Decimal("0.5") not in SIZES
    assert Decimal("0.005") not in AMOUNTS and Decimal("0.06") not in AMOUNTS
    assert Decimal("1e-300") in ANY_NUMBER
