"""A day's hours as people type them."""

from __future__ import annotations

import pytest

from leadrouting.businesstime import CalendarError
from leadrouting.teams.week import read_line, written


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("09:00-12:00, 13:00-18:00", "09:00-12:00, 13:00-18:00"),
        ("13:00-18:00;9:00–12:00", "09:00-12:00, 13:00-18:00"),
        ("9-12 and 13-18", "09:00-12:00, 13:00-18:00"),
        ("9.30 to 17", "09:30-17:00"),
        ("9am - 5:30 pm", "09:00-17:30"),
        ("12am-12pm", "00:00-12:00"),
        ("15:00-24:00", "15:00-24:00"),
        ("all day", "00:00-24:00"),
        ("closed", ""),
        ("  ", ""),
        (" 8-9, ", "08:00-09:00"),
    ],
)
def test_lines(line, said):
    assert written(read_line("Monday", line)) == said


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("nine to five", "Monday: “nine to five” is not understood. Write windows such as"),
        ("9", "“9” is not understood"),
        ("13pm-14pm", "is not understood"),
        ("9-25", "Monday: '25:00' is not a time of day"),
        ("9:75-10", "'09:75' is not a time of day"),
        ("18-2", "write 18:00-24:00, and 00:00-02:00 on the next day"),
        ("18-00:00", "Midnight at the end of a day is written 24:00"),
        ("9-12, 11-13", "09:00-12:00 and 11:00-13:00 overlap"),
    ],
)
def test_complaints_say_what_to_do(line, complaint):
    with pytest.raises(CalendarError) as error:
        read_line("Monday", line)
    assert complaint in str(error.value)
