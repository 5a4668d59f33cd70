"""Names of people as they write themselves. Pure; where it is not clear what is meant a name stays as it came."""

from __future__ import annotations

import re
import unicodedata

SMALL = frozenset(
    "af al auf av bin da das de del den der di do dos du el la le ten ter van vom von y zu zum zur".split()
)
"""Small within a name: Ludwig van Beethoven."""
FIGURES = frozenset("II III IV VI VII VIII".split())
SUFFIXES = frozenset("jr sr ii iii iv phd md mba esq".split())
FIRM = frozenset(
    "inc ltd llc gmbh ag kg sa bv co corp plc limited company test lead leads team sales support info".split()
)
NO_NAME = re.compile(r"[\d@=<>/\\_{}\[\]|*#%+:;!?&$~^]")
"""Signs that no name of a person has."""
TURNED = re.compile(r"([^,\s]+(?: [^,\s]+){0,2}), ?([^,\s]+(?: [^,\s]+)?)")


def clean_name(value: str) -> str:
    """Without invisible characters; all capitals or all small become proper case; “Doe, Jane” is Jane Doe."""
    shown = "".join(" " if unicodedata.category(c) in ("Cc", "Zs") else c for c in value if not is_mark(c))
    name = " ".join(shown.split())
    if NO_NAME.search(name):
        return name
    return proper(turned(name))


def is_mark(char: str) -> bool:
    """Invisible, and without meaning for how a name is written: joiners are part of Hindi and Persian."""
    return unicodedata.category(char) == "Cf" and char not in "\u200c\u200d"


def turned(name: str) -> str:
    """Only with one comma between a few words, none of which is a title, a suffix or part of a company's name."""
    if not (found := TURNED.fullmatch(name)):
        return name
    words = {word.strip(".").casefold() for word in re.split(r"[ ,]+", name)}
    return name if words & (SUFFIXES | FIRM) else f"{found[2]} {found[1]}"


def proper(name: str) -> str:
    """Mixed case is how its owner writes it; a single word in capitals of up to three letters may be initials."""
    if not (name.isupper() or name.islower()) or (name.isupper() and len(name) <= 3):
        return name
    words = name.split(" ")
    return " ".join(word_of(word, place) for place, word in enumerate(words))


def word_of(word: str, place: int) -> str:
    if place and word.upper() in FIGURES:
        return word.upper()
    if place and word.lower() in SMALL:
        return word.lower()
    return re.sub(r"[^\W\d_]+(?:['’][^\W\d_]+)*", lambda found: part_of(found[0]), word)


def part_of(part: str) -> str:
    """Between hyphens: O'Neill, D’Angelo, McDonald; not Macdonald, which is written both ways."""
    first, mark, rest = re.fullmatch(r"([^'’]+)(['’]?)(.*)", part).groups()  # type: ignore[union-attr]
    if mark and len(first) == 1:
        return first.upper() + mark + rest.capitalize()
    low = part.lower()
    if low.startswith("mc") and len(low) > 4 and low.isascii():
        return "Mc" + low[2:].capitalize()
    return low[:1].upper() + low[1:]
