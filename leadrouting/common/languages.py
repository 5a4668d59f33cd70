"""Languages by their names and codes. Knows no app. Source: Django's list, with a few names by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from django.conf.locale import LANG_INFO

from leadrouting.engine.values import fold

MORE = {
    "mandarin": "zh",
    "chinese": "zh",
    "flemish": "nl",
    "farsi": "fa",
    "norwegian": "no",
    "nb": "no",
    "nn": "no",
}
"""Names and codes that Django's list has otherwise, or not at all."""
ENGLISH = {"zh": "Chinese", "no": "Norwegian"}
"""Names of codes that its list has not by themselves."""


def code_of(said: str) -> str:
    """The code without a country: `es-MX` and `Español` are `es`. What nobody knows is itself."""
    folded = fold(said)
    known = names().get(folded)
    if known is None:
        first = folded.replace("_", "-").partition("-")[0].strip()
        known = names().get(first, first if len(first) < len(folded) and len(first) in (2, 3) else folded)
    return known


def code_of_name(said: str) -> str:
    """The code of a language that is called by a name: `Spanish` is `es`. Empty for codes, and for what nobody knows."""
    folded = fold(said)
    return names().get(folded, "") if len(folded) > 3 and "-" not in folded else ""


@cache
def names() -> Mapping[str, str]:
    """By folded name, in English and in the language itself, and by code."""
    found: dict[str, str] = {}
    for code, info in LANG_INFO.items():
        short = code.partition("-")[0]
        for name in spellings(info):
            found.setdefault(fold(name), short)
        found.setdefault(fold(short), short)
    return {**found, **MORE}


@cache
def english() -> Mapping[str, str]:
    """What each code is called."""
    own = {code: str(info["name"]) for code, info in LANG_INFO.items() if "name" in info}
    return {**own, **ENGLISH}


def spellings(info: Mapping[str, object]) -> Iterable[str]:
    return [str(info[key]) for key in ("name", "name_local") if key in info]
