"""Time zones by their names and cities. Knows no app."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from zoneinfo import available_timezones

from leadrouting.engine.values import fold


def zone_name(text: str) -> str:
    """“asia/kolkata” is Asia/Kolkata, “Berlin” is Europe/Berlin. Empty when nobody knows."""
    wanted = "_".join(fold(text).split())
    return names().get(wanted) or cities().get(wanted, "")


@cache
def names() -> Mapping[str, str]:
    return {zone.casefold(): zone for zone in sorted(available_timezones())}


@cache
def cities() -> Mapping[str, str]:
    """The last part of a name. Not of Etc: its GMT+1 lies west of Greenwich, against all habit."""
    places = (zone for zone in sorted(available_timezones(), reverse=True) if "/" in zone)
    return {
        zone.rpartition("/")[2].casefold(): zone
        for zone in places
        if not zone.startswith(("Etc/", "SystemV/", "posix/", "right/"))
    }
