"""Dates and times as people of several countries read them alike: 4 Mar 2026 17:05."""

DATE_FORMAT = "j M Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j M Y H:i"
