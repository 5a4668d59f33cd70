"""Lists of places as people type them: separated by commas, semicolons or lines; kept as codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import CharField
from unfold.widgets import UnfoldAdminExpandableTextareaWidget

from leadrouting.common.places import country_code
from leadrouting.engine.territories.postal import PostalError, area
from leadrouting.engine.values import fold
from leadrouting.teams.territories import area_of, stored

SHOWN = 3  # wrong entries that are named at once


class ListField(CharField):
    """Several texts. A list that cannot be read names the first entries that are wrong, and why."""

    def __init__(self, **options: Any) -> None:
        widget = UnfoldAdminExpandableTextareaWidget(attrs={"rows": 2})
        super().__init__(required=False, widget=widget, **options)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, (list, tuple)) else value

    def clean(self, value: Any) -> Any:
        entries = [entry.strip() for entry in re.split(r"[,;\n]", value or "") if entry.strip()]
        found, errors = [], []
        for entry in dict.fromkeys(entries):
            try:
                found.append(self.read(entry))
            except ValueError as error:
                errors.append(str(error))
        if errors:
            raise ValidationError(errors[:SHOWN])
        return sorted(set(found))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(super().has_changed(self.prepare_value(initial), data))

    def read(self, entry: str) -> str:
        """Raises ValueError with what to write instead."""
        return entry


class CountriesField(ListField):
    def read(self, entry: str) -> str:
        if code := country_code(entry):
            return code
        raise ValueError(
            f"“{entry}” is no country that we know. Write its name or its two letters, e.g. Germany or DE."
        )


class IndustriesField(ListField):
    def read(self, entry: str) -> str:
        if len(entry) > 60:
            raise ValueError(f"“{entry[:60]}…” is too long for an industry.")
        return fold(entry)


class AccountsField(ListField):
    """Domains; an address or a link stands for its domain."""

    def read(self, entry: str) -> str:
        domain = re.sub(r"^https?://|^www\.", "", entry.lower()).partition("/")[0].rpartition("@")[2]
        if not re.fullmatch(r"[\w.-]+\.\w{2,}", domain) or len(domain) > 190:
            raise ValueError(
                f"“{entry}” is no domain. Write the one of the account's addresses, e.g. acme.com."
            )
        return domain.removeprefix("www.")


class PostalField(ListField):
    """“DE 80, 81, 85000–86999; GB SW1”: a country counts until the next one is named."""

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, (list, tuple)):
            return value
        by_country: dict[str, list[str]] = {}
        for one in value:
            country, _, text = str(area_of(one)).partition(" ")
            by_country.setdefault(country, []).append(text)
        return "\n".join(f"{country} {', '.join(texts)}" for country, texts in by_country.items())

    def clean(self, value: Any) -> Any:
        found: dict[str, None] = {}
        errors: list[str] = []
        country = ""
        for entry in (one.strip() for one in re.split(r"[,;\n]", value or "")):
            named, text = parted(entry)
            country = named or country
            try:
                if text:
                    found[self.read_in(country, text)] = None
            except ValueError as error:
                errors.append(str(error))
        if errors:
            raise ValidationError(errors[:SHOWN])
        return list(found)

    def read_in(self, country: str, text: str) -> str:
        if not country:
            raise PostalError(f"“{text}”: write the country first, e.g. DE {text}.")
        return stored(area(country, text))


def parted(entry: str) -> tuple[str, str]:
    """“DE 80” and “Germany: 80” -> the country and the rest; no country when none is named."""
    for sign in (":", " "):
        name, found, rest = entry.partition(sign)
        if found and (code := country_code(name)) and (len(name) > 1):
            return code, rest.strip()
    return "", entry


def shortened(words: Iterable[str], most: int = 6) -> str:
    every: Sequence[str] = list(words)
    rest = len(every) - most
    return ", ".join(every[:most]) + (f" and {rest:,} more" if rest > 0 else "")
