"""Raw facts as the engine compares them. Reading is total: what cannot be read as its type counts as blank.

`read` is idempotent (`read(type, read(type, raw)) == read(type, raw)`): compiled rules lean on it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from leadrouting.engine.fact_types import FactType

# Letters that Unicode does not decompose, though people type them without the stroke.
_STROKES = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)
SHORT = 200  # characters; only folds of short texts are remembered
_DROPPED = {"Mn", "Cs"}  # accents; lone surrogates, which cannot be encoded

_WORDS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def fold(text: str) -> str:
    """Text as it is compared: trimmed, without case and accents.

    Compatibility caseless matching (Unicode Standard, section 3.13, D146) with the marks left out.
    """
    if text.isascii():
        return text.strip().lower()
    return _fold_short(text) if len(text) <= SHORT else _fold(text)


def _fold(text: str) -> str:
    for _ in range(2):  # folding case can bring up new marks
        decomposed = unicodedata.normalize("NFKD", text).casefold().translate(_STROKES)
        text = "".join(char for char in decomposed if unicodedata.category(char) not in _DROPPED)
    return unicodedata.normalize("NFKC", text).strip()


_fold_short = lru_cache(maxsize=8192)(_fold)


def read_text(raw: Any) -> str | None:
    """Folded text; None when blank. Numbers and dates are taken as they print."""
    if isinstance(raw, str):
        return (raw.strip().lower() if raw.isascii() else fold(raw)) or None
    if raw is None or isinstance(raw, (list, tuple, set, frozenset, dict)):
        return None
    return fold(str(raw)) or None


def read_number(raw: Any) -> int | Decimal | None:
    """An exact number. A float means what it prints: 0.1 is one tenth."""
    kind = type(raw)
    if kind is int:
        return raw  # type: ignore[no-any-return]  # it is one, but `is` does not tell mypy
    if kind is Decimal:
        return raw if raw.is_finite() else None
    try:
        if isinstance(raw, int):
            return int(raw)
        if isinstance(raw, float):
            return int(raw) if raw.is_integer() else read_number(Decimal(repr(raw)))
        if isinstance(raw, (str, Decimal)):
            return read_number(Decimal(str(raw).strip()))
    except InvalidOperation:
        pass
    return None


def read_yes_no(raw: Any) -> bool | None:
    """True or False, from a bool, 0 or 1, or the words yes, no, true, false."""
    if isinstance(raw, str):
        return _WORDS.get(fold(raw))
    number = read_number(raw)
    return bool(number) if number in (0, 1) else None


def read_set(raw: Any) -> frozenset[str] | None:
    """Folded members; a single text is a set of one. None when nothing is left."""
    return frozenset(text for text in map(read_text, members_of(raw)) if text) or None


def members_of(raw: Any) -> Iterable[Any]:
    """The members as they arrive; anything but a collection is a set of one."""
    return raw if isinstance(raw, (list, tuple, set, frozenset)) else (raw,)


def read_moment(raw: Any) -> datetime | None:
    """An instant in UTC, from an aware datetime or an ISO 8601 text with a zone; naive ones are blank."""
    try:
        moment = datetime.fromisoformat(raw.strip()) if isinstance(raw, str) else raw
        if isinstance(moment, datetime) and moment.tzinfo is not None:
            return moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    return None


_READERS: Mapping[FactType, Callable[[Any], Any]] = {
    FactType.CHOICE: read_text,
    FactType.TEXT: read_text,
    FactType.NUMBER: read_number,
    FactType.YES_NO: read_yes_no,
    FactType.SET: read_set,
    FactType.MOMENT: read_moment,
    FactType.PLACE: read_set,
}


def reader(type_: FactType) -> Callable[[Any], Any]:
    """The function that reads raw values of this type; it returns None for blank."""
    return _READERS[type_]
