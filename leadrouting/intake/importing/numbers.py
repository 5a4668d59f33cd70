"""Amounts as people write them: 1,234.50, 1.234,50, 1 234,50 €."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

AMOUNTS = frozenset({"budget", "deal_size", "revenue"})
WHOLE = frozenset({"company_size", "score"})


def in_figures(text: str) -> str:
    """With a point before the decimals, and nothing else; what is no amount stays as it is."""
    bare = re.sub(r"[\s\u00a0\u202f'’]|[$€£¥]|EUR|USD|GBP|BRL|R(?=\d)", "", text.replace("R$", ""))
    if not re.fullmatch(r"-?\d[\d.,]*", bare):
        return text
    if "." in bare and "," in bare:
        mark = max(".", ",", key=bare.rfind)
        bare = bare.replace("," if mark == "." else ".", "").replace(mark, ".")
    elif bare.count(",") == 1 and not re.fullmatch(r"-?\d{1,3},\d{3}", bare):
        bare = bare.replace(",", ".")
    elif re.fullmatch(r"-?\d{1,3}(\.\d{3}){2,}", bare):
        bare = bare.replace(".", "")
    return bare.replace(",", "")


def whole(text: str) -> str:
    """A whole number without its decimals, if these are noughts."""
    found = in_figures(text)
    return re.sub(r"\.0+$", "", found)


def amount(text: str) -> Decimal:
    """Raises ValueError."""
    try:
        found = Decimal(in_figures(text))
    except InvalidOperation:
        raise ValueError(text) from None
    if not found.is_finite():
        raise ValueError(text)
    return round(found, 2)
