"""Which policy a lead falls under, and when its owner must have answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from leadrouting.businesstime import BusinessCalendar, CalendarError
from leadrouting.sla.models import Policy

_latest: tuple[int, list[Policy]] | None = None


def policies(stamp: int) -> list[Policy]:
    """Active policies in precedence order, from this process's memory while `stamp` is the same."""
    global _latest
    if _latest is None or _latest[0] != stamp:
        _latest = (stamp, list(Policy.objects.filter(is_active=True)))
    return _latest[1]


def policy_for(facts: Mapping[str, Any], stamp: int) -> Policy | None:
    return next((policy for policy in policies(stamp) if fits(policy, facts)), None)


def fits(policy: Policy, facts: Mapping[str, Any]) -> bool:
    return all(
        not (wanted := getattr(policy, key)) or str(facts.get(key, "")).casefold() == wanted.casefold()
        for key in ("channel", "priority", "source")
    )


def deadline(policy: Policy, calendar: BusinessCalendar | None, start: datetime) -> datetime:
    """When `respond_within` has passed since `start`: in the owner's office hours, or around the clock (UTC).

    Hours that end before the time is up (all special days are past) count around the clock.
    """
    if policy.around_the_clock or calendar is None:
        return start + policy.respond_within
    try:
        return calendar.add(start, policy.respond_within)
    except CalendarError:
        return start + policy.respond_within
