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
ENGLISH = {"zh": "Chinese", "no": "Norwegian", "tl": "Tagalog", "am": "Amharic", "so": "Somali", "zu": "Zulu"}
"""Names of codes that its list has not by themselves."""
THREE = {
    three: two
    for pair in (
        "ara:ar ben:bn bul:bg cat:ca ces:cs cze:cs cym:cy dan:da deu:de ger:de ell:el gre:el eng:en est:et eus:eu "
        "fas:fa per:fa fin:fi fra:fr fre:fr gle:ga heb:he hin:hi hrv:hr hun:hu ind:id isl:is ita:it jpn:ja kan:kn "
        "kat:ka kor:ko lav:lv lit:lt mal:ml mar:mr mkd:mk msa:ms nep:ne nld:nl dut:nl nor:no pol:pl por:pt ron:ro "
        "rum:ro rus:ru slk:sk slo:sk slv:sl spa:es sqi:sq srp:sr swa:sw swe:sv tam:ta tel:te tha:th tur:tr ukr:uk "
        "urd:ur vie:vi zho:zh chi:zh"
    ).split()
    for three, two in [pair.split(":")]
}
"""ISO 639-2, as some systems write it."""


def code_of(said: str) -> str:
    """The code without a country: `es-MX` and `Español` are `es`. What nobody knows is itself."""
    folded = fold(said)
    known = names().get(folded) or THREE.get(folded)
    if known is None:
        first = folded.replace("_", "-").partition("-")[0].strip()
        known = names().get(first, first if len(first) < len(folded) and len(first) in (2, 3) else folded)
    return known


def known_code(said: str) -> str:
    """The code of a language however it is written; empty when nobody knows."""
    code = code_of(said)
    return code if code in english() else ""


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
    own = {code: str(info["name"]) for code, info in LANG_INFO.items() if "name" in info and "-" not in code}
    return {**own, **ENGLISH}


def spellings(info: Mapping[str, object]) -> Iterable[str]:
    return [str(info[key]) for key in ("name", "name_local") if key in info]
