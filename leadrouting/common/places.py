"""Countries and regions by their names, codes and usual spellings. Knows no app.

Sources: names of countries in a hundred languages from `phonenumbers` (CLDR's), three-letter codes and regions
from `holidays` (ISO 3166-2 with the names that are used there), and a few English names and habits by hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

import holidays
import phonenumbers
from holidays.registry import COUNTRIES as REGISTRY

from leadrouting.common.place_names import REGIONS, SPELLINGS
from leadrouting.engine.values import fold

UNINHABITED = frozenset("AQ BV GS HM PN TF UM".split())
"""Countries of ISO 3166 without phone numbers of their own."""
COUNTRIES = frozenset(phonenumbers.SUPPORTED_REGIONS) | UNINHABITED
UNNAMED = {"AC": "Ascension Island", "TA": "Tristan da Cunha", "XK": "Kosovo"}
CODE = re.compile(r"[A-Z0-9]{1,3}")


def country_code(text: str) -> str:
    """The two letters of a country, by code, name or usual spelling in any language; empty when nobody knows."""
    code = text.strip().upper()
    if code in COUNTRIES:
        return code
    wanted = plain(text)
    if not wanted:
        return ""
    return SPELLINGS.get(wanted) or three_letters().get(wanted) or country_names().get(wanted, "")


def region_code(text: str, country: str = "") -> str:
    """“BY”, “Bayern”, “Bavaria” or “DE-BY” -> DE-BY. Empty when it is not certain.

    Without a country (two letters), only what means one region in the whole world is certain.
    """
    given = text.strip().upper()
    if re.fullmatch(r"[A-Z]{2}-[A-Z0-9]{1,3}", given) and given[:2] in COUNTRIES:
        return given
    wanted = plain(text)
    if country:
        found = region_names(country).get(wanted)
        return f"{country}-{found}" if found else ""
    found_in = {
        f"{code}-{names[wanted]}"
        for code in sorted(COUNTRIES)
        if wanted in (names := region_names(code)) and len(wanted) > 3
    }
    return found_in.pop() if len(found_in) == 1 else ""


def plain(text: str) -> str:
    """As names are compared: U.K. is uk, The Netherlands are netherlands, Île-de-France is ile de france."""
    words = re.sub(r"[-–_,]", " ", fold(text).replace(".", "").replace("’", "'")).split()
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


@lru_cache(maxsize=1)
def english_names() -> Mapping[str, str]:
    """What each country is called, by its code, sorted by name."""
    found = {code: in_english(names) for code, names in named().items()} | UNNAMED
    return dict(sorted(found.items(), key=lambda entry: entry[1]))


def in_english(names: Mapping[str, str]) -> str:
    """Of names by language, where “*aa” stands for: the same as in the language aa."""
    name = names.get("en", "")
    return names.get(name[1:], "") if name.startswith("*") else name


@lru_cache(maxsize=1)
def country_names() -> Mapping[str, str]:
    """By folded name; one that means two countries in different languages counts as the English one, if any."""
    found: dict[str, set[str]] = {}
    for code, names in named().items():
        for name in names.values():
            found.setdefault(plain(name), set()).add(code)
    certain = {name: codes.pop() for name, codes in found.items() if name and len(codes) == 1}
    return certain | {plain(name): code for code, name in english_names().items()}


def named() -> Mapping[str, Mapping[str, str]]:
    """By code what each country is called, by language."""
    from phonenumbers.geodata.locale import LOCALE_DATA

    return {code: LOCALE_DATA.get(code, {}) for code in sorted(COUNTRIES)}


@lru_cache(maxsize=1)
def three_letters() -> Mapping[str, str]:
    return {codes[2].lower(): codes[1] for codes in REGISTRY.values() if codes[1] in COUNTRIES}


@lru_cache(maxsize=1)
def region_names_known() -> Mapping[str, str]:
    """By code what a region is called, of those that are named here by hand; the first name counts."""
    found: dict[str, str] = {}
    for country, names in REGIONS.items():
        for name, code in names.items():
            found.setdefault(f"{country}-{code}", name.title())
    return found


@lru_cache(maxsize=300)
def region_names(country: str) -> Mapping[str, str]:
    """The code after the hyphen, by folded name and by itself."""
    made = getattr(holidays, country, None) if country in COUNTRIES else None
    codes = [code for code in getattr(made, "subdivisions", ()) if CODE.fullmatch(code)]
    aliases: Mapping[str, str] = getattr(made, "subdivisions_aliases", {})
    named = {plain(name): code for name, code in aliases.items() if CODE.fullmatch(code)}
    return {**named, **REGIONS.get(country, {})} | {code.lower(): code for code in codes}
