"""How people read a figure."""

import pytest

from leadrouting.analytics.figures import Figure, Unit, duration


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0 s"),
        (0.27, "0.3 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (59.6, "1 min"),
        (252, "4 min 12 s"),
        (3599.7, "1 h"),
        (11_100, "3 h 5 min"),
        (86_399, "24 h"),
        (187_200, "2 d 4 h"),
        (-90, "−1 min 30 s"),
    ],
)
def test_durations(seconds, shown):
    assert duration(seconds) == shown


@pytest.mark.parametrize(
    ("unit", "numerator", "denominator", "value", "shown", "parts"),
    [
        (Unit.PERCENT, 2, 3, pytest.approx(66.667, abs=0.001), "66.7 %", "2 ÷ 3"),
        (Unit.SECONDS, 504, 2, 252, "4 min 12 s", "8 min 24 s ÷ 2"),
        (Unit.MONEY, 2500, 2, 1250, "1,250.00", "2,500 ÷ 2"),
        (Unit.INDEX, 1.26, 3, pytest.approx(0.42), "0.42", "1.26 ÷ 3"),
        (Unit.PERCENT, 0, 4, 0, "0.0 %", "0 ÷ 4"),
        (Unit.PERCENT, 0, 0, None, "–", "0 ÷ 0"),
    ],
)
def test_value_and_parts(unit, numerator, denominator, value, shown, parts):
    figure = Figure("key", "Label", unit, numerator, denominator, "this ÷ that")
    assert (figure.value, figure.shown, figure.parts) == (value, shown, parts)
