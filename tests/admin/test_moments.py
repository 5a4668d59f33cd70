"""How a rule's validity reads: short, and still clear on the day itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from leadrouting.rules.admin.moments import span
from tests.world import NOON


def test_a_bound_of_today_says_so_in_the_zone_of_who_looks() -> None:
    assert span(NOON, NOON + timedelta(days=20), NOON) == "from today 12:00 until 24 Mar 12:00"
    assert span(None, NOON, NOON + timedelta(days=400)) == "until 4 Mar 2026 12:00"
    assert span(None, None, NOON) == ""
    late = datetime(2026, 3, 4, 20, tzinfo=ZoneInfo("UTC"))
    with timezone.override("Asia/Kolkata"):
        assert span(late, None, NOON) == "from 5 Mar 01:30"
