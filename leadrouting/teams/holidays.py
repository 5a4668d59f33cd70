"""Public holidays of countries and their parts. Worked out year by year when asked: they never run out.

How they count: the ones that close offices (the library's category "public", no half days, no school or bank
holidays), and both dates of one that is also observed on another day. Lunar ones to come are estimates.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from types import MappingProxyType

import holidays
from holidays.registry import COUNTRIES

LITTLE_WORDS = {"and", "of", "the", "da"}
NAMES = {"hongkong": "Hong Kong", "dr_congo": "DR Congo", "guinea_bissau": "Guinea-Bissau"}


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """Answers `day in closed` for any date: a holiday of one's own, or a public one that is not worked on."""

    country: str
    subdivision: str
    own: frozenset[date]
    worked: frozenset[date]

    def __contains__(self, day: object) -> bool:
        if day in self.own:
            return True
        if not self.country or not isinstance(day, date) or day in self.worked:
            return False
        return day in public_holidays(self.country, self.subdivision, day.year)


@lru_cache(maxsize=4096)
def public_holidays(country: str, subdivision: str, year: int) -> Mapping[date, str]:
    """Names in English, where the library has them, by date. NotImplementedError for a place it does not know."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # some lunar holidays are known for fewer years
        known = holidays.country_holidays(
            country, subdiv=subdivision or None, years=year, language=language_of(country)
        )
    return MappingProxyType(dict(sorted(known.items())))


@cache
def language_of(country: str) -> str | None:
    """English of some kind; None is the country's own. Never what the server's locale happens to be."""
    known = holidays.country_holidays(country)
    english = [language for language in known.supported_languages if language.startswith("en")]
    return "en_US" if "en_US" in english else english[0] if english else known.default_language


@cache
def countries() -> Mapping[str, str]:
    """Names by two-letter code, in order of their names."""
    names = {code: name_of(key) for key, (_, code, *_) in COUNTRIES.items()}
    known = holidays.list_supported_countries(include_aliases=False)
    return MappingProxyType(dict(sorted(((code, names[code]) for code in known), key=lambda pair: pair[1])))


def name_of(key: str) -> str:
    """`isle_of_man` -> Isle of Man."""
    words = key.split("_")
    return NAMES.get(key) or " ".join(word if word in LITTLE_WORDS else word.capitalize() for word in words)


@cache
def subdivisions(country: str) -> Mapping[str, str]:
    """Names by code, in order of their names; a part that has no name is called by its code."""
    known = holidays.country_holidays(country)
    names = {code: code for code in known.subdivisions}
    for name, code in known.subdivisions_aliases.items():
        if names.get(code) == code and len(name) > len(code):
            names[code] = name
    return MappingProxyType(dict(sorted(names.items(), key=lambda pair: pair[1])))


def is_known(country: str, subdivision: str) -> bool:
    """Whether holidays can be asked for; true of no country, which has none."""
    if not country:
        return not subdivision
    return country in countries() and (not subdivision or subdivision in subdivisions(country))


def place_in_words(country: str, subdivision: str) -> str:
    """`Germany`, `Germany: Bayern (BY)`."""
    name = countries().get(country, country)
    if not subdivision:
        return name
    part = subdivisions(country).get(subdivision, subdivision)
    return f"{name}: {part}" if part == subdivision else f"{name}: {part} ({subdivision})"
