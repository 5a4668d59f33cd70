"""Postal codes as keys that compare, and areas of them: a code, a prefix or a range.

A key is the code in capitals without spaces and hyphens, compared as text. In Great Britain the number of the
district gets two digits (M1 -> M01): so M1 does not hold M11, and M2 to M20 is a range. All areas are ranges
of keys of equal length: 80 holds what begins with 80, 80000 to 86999 what begins with one of these.
"""

from __future__ import annotations

import re
from typing import NamedTuple

BRITISH = re.compile(r"([A-Z]{1,2})(\d{1,2})([A-Z]?)(\d[A-Z]{2})?")
OUTWARD = re.compile(r"([A-Z]{1,2})(\d{1,2})([A-Z]?)")
HYPHENATED = frozenset("AR BR CL JP KR LV PL PT TW US".split())
"""Countries that write a hyphen within a postal code."""
LAST = "~"
"""Sorts after every key."""
LONGEST = 12


class PostalError(ValueError):
    """What is written is no postal area; the message says what to write instead."""


class Area(NamedTuple):
    """Keys of one country from `low` to `high`, both included and equally long, and all that begin with one."""

    country: str
    low: str
    high: str

    def holds(self, key: str) -> bool:
        """A code that is shorter than the ends is not known to lie within."""
        size = len(self.low)
        return len(key) >= size and self.low <= key[:size] <= self.high

    @property
    def end(self) -> str:
        """The first key after the area: it is [low, end)."""
        return after(self.high)

    @property
    def share(self) -> float:
        """Which part of all codes that can be written this is; narrower areas are more specific."""
        return share(self.low, self.high)

    def __str__(self) -> str:
        ends = [shown(self.country, self.low), shown(self.country, self.high)]
        return " ".join([self.country, "–".join(dict.fromkeys(ends))])


def key_of(country: str, code: str) -> str:
    """The key of a code, or of the beginning of one. `country` is its two letters in capitals."""
    key = "".join([c for c in code.upper() if c.isalnum() and c.isascii()])
    return british(key, code) if country == "GB" else key


def british(key: str, code: str) -> str:
    outward, _, inward = code.upper().strip().partition(" ")
    if inward and (part := OUTWARD.fullmatch(outward)):
        return f"{part[1]}{int(part[2]):02}{part[3]}{key[len(outward) :]}"
    if part := BRITISH.fullmatch(key):
        return f"{part[1]}{int(part[2]):02}{part[3]}{part[4] or ''}"
    return key


def shown(country: str, key: str) -> str:
    """The key as people write it."""
    part = re.fullmatch(r"([A-Z]{1,2})(\d{2})([A-Z]?)(\d.*)?", key) if country == "GB" else None
    return f"{part[1]}{int(part[2])}{part[3]} {part[4] or ''}".strip() if part else key


def area(country: str, text: str) -> Area:
    """“80”, “80331”, “80000–86999”, “SW1” or “M1-M20” of a country. Raises PostalError."""
    low, high = ends(country, text.strip())
    if not low or not high:
        raise PostalError(
            f"“{text}” is no postal code. Write one, its beginning, or a range such as 80000–86999."
        )
    if len(low) > LONGEST:
        raise PostalError(f"“{text}” is too long for a postal code.")
    if len(low) != len(high):
        raise PostalError(f"The ends of “{text}” differ in length. Write both in full, e.g. 80000–86999.")
    if low > high:
        raise PostalError(f"“{text}” ends before it begins. Write the lower code first.")
    return Area(country, low, high)


def ends(country: str, text: str) -> tuple[str, str]:
    for sign in ("–", "—", "..", " - ", " to "):
        if sign in text:
            low, _, high = text.partition(sign)
            return key_of(country, low), key_of(country, high)
    low, hyphen, high = text.partition("-")
    first, last = key_of(country, low), key_of(country, high)
    if hyphen and (country not in HYPHENATED or len(first) == len(last)):
        return first, last
    whole = key_of(country, text)
    return whole, whole


def after(key: str) -> str:
    """The first key after all that begin with this one."""
    while key:
        last = key[-1]
        if last != "Z":
            return key[:-1] + ("A" if last == "9" else chr(ord(last) + 1))
        key = key[:-1]
    return LAST


def share(low: str, high: str) -> float:
    base = 10 if low.isdecimal() and high.isdecimal() else 36
    if low == high:
        return float(base ** -len(low))
    return float((int(high, base) - int(low, base) + 1) / base ** len(low))
