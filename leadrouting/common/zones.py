"""Time zones by their names and cities. Knows no app."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from zoneinfo import available_timezones

from leadrouting.engine.values import fold

ODD = ("Etc/", "SystemV/", "posix/", "right/")
"""Not places. GMT+1 of Etc lies west of Greenwich, against all habit."""


def zone_name(text: str) -> str:
    """“asia/kolkata” is Asia/Kolkata, “Berlin” is Europe/Berlin. Empty when nobody knows."""
    wanted = "_".join(fold(text).split())
    return names().get(wanted) or cities().get(wanted, "")


@cache
def titles() -> Mapping[str, str]:
    """All zones, each with how it is shown (America/New York), sorted by name."""
    return {zone: zone.replace("_", " ") for zone in sorted(available_timezones())}


@cache
def places() -> Mapping[str, str]:
    """Of these the usual ones, those of a place on Earth."""
    return {zone: title for zone, title in titles().items() if "/" in zone and not zone.startswith(ODD)}


@cache
def names() -> Mapping[str, str]:
    return {zone.casefold(): zone for zone in titles()}


@cache
def cities() -> Mapping[str, str]:
    """The last part of a name; of two, the one that comes first in the alphabet."""
    return {zone.rpartition("/")[2].casefold(): zone for zone in reversed(list(places()))}
