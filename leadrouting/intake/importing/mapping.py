"""How the columns of a file become the fields of a lead."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any, Self
from zoneinfo import ZoneInfo

from leadrouting.engine.values import read_yes_no
from leadrouting.intake.importing.dates import DAY_FIRST, read_date
from leadrouting.intake.importing.errors import BadRow, ImportRefused
from leadrouting.intake.importing.history import Given, given
from leadrouting.intake.importing.numbers import AMOUNTS, WHOLE, in_figures, whole
from leadrouting.intake.synonyms import (
    CLOSED,
    FIRST,
    LAST,
    NOTE,
    OUTCOME,
    OWNER,
    REASON,
    RECEIVED,
    REVENUE,
)
from leadrouting.leads.attributes import PREFIX
from leadrouting.leads.bulk import Enquiry

LEADS, ACCOUNTS = "leads", "accounts"
"""What a file holds."""
LISTS = {"tags", "behaviour_events"}
HISTORY = (OWNER, OUTCOME, CLOSED, REVENUE, REASON)
SPECIAL = (FIRST, LAST, NOTE, RECEIVED, *HISTORY)
"""Targets that are no fields of a lead."""
MENDED = frozenset({"line", "problem"})
"""What a file of rejected rows has before the columns of the file that they were in."""


@dataclass(frozen=True, slots=True)
class Dates:
    """How dates are written (strptime, or any usual way with the order of day and month), whose clock, and the hour of
    days without one."""

    formats: tuple[str, ...] = ()
    order: str = DAY_FIRST
    zone: str = "UTC"
    at: str = "12:00"

    def read(self, text: str, column: str) -> datetime:
        """In UTC. Raises BadRow."""
        text = text.strip()
        try:
            found, has_hour = self.by_formats(text) if self.formats else read_date(text, self.order)
            if not has_hour:
                found = datetime.combine(found.date(), time.fromisoformat(self.at))
            return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(self.zone))).astimezone(UTC)
        except (ValueError, OverflowError):
            like = " or ".join(self.formats) or f"2026-01-31 or 31.01.2026 ({self.order})"
            raise BadRow(f"{column}: “{text[:60]}” is no date like {like}.") from None

    def by_formats(self, text: str) -> tuple[datetime, bool]:
        for form in self.formats:
            try:
                return datetime.strptime(text, form), "%H" in form or "%I" in form  # noqa: DTZ007
            except ValueError:
                continue
        raise ValueError(text)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row says: an enquiry, and what became of it, where the file tells."""

    enquiry: Enquiry
    given: Given | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """`columns`: column -> field; several columns of one field are joined by a space, first names before last names.
    `outcomes`: the rows are no leads, they say what became of leads that are here. `country`: of rows without one."""

    columns: dict[str, str]
    constants: dict[str, Any] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    prefixes: dict[str, str] = field(default_factory=dict)
    received: str = ""
    dates: Dates = Dates()
    country: str = ""
    historical: bool = False
    outcomes: bool = False
    encoding: str = ""
    delimiter: str = ""
    holds: str = LEADS

    def check_columns(self, columns: Sequence[str], name: str) -> None:
        """Raises ImportRefused when the file lacks a column that is mapped, or the mapping what it needs."""
        wanted = [*self.columns, *([self.received] if self.received else [])]
        if missing := [one for one in wanted if one not in columns]:
            raise ImportRefused(
                f"{name} has no column “{missing[0]}”, which the mapping speaks of. "
                f"It has: {', '.join(columns)}."
            )
        if self.holds == ACCOUNTS and not {"name", "external_id", "domains"} & set(self.columns.values()):
            raise ImportRefused("Say which column holds the name of the accounts, their id or their domains.")
        if self.outcomes and "external_id" not in self.columns.values():
            raise ImportRefused("Say which column holds the id (external_id) by which the leads are found.")

    def entry(self, row: Map[str, str], now: datetime) -> Entry:
        """What the row says. Raises BadRow.

        A row without an id of its own gets one made of its content, so that the same file imports nothing twice.
        """
        at = self.received_at(row, now)
        told = self.told(row)
        special = {name: told.pop(name) for name in HISTORY if name in told}
        what = given(special, lambda text, name: self.dates.read(text, name), now)
        values = {**self.constants, **{name: self.value(name, text) for name, text in told.items() if text}}
        for name in HISTORY:
            values.pop(name, None)
        if self.country and not values.get("country"):
            values["country"] = self.country
        custom = {
            name.removeprefix(PREFIX): values.pop(name) for name in list(values) if name.startswith(PREFIX)
        }
        if custom:
            values["attributes"] = custom
        if not values.get("external_id"):
            content = "\x1f".join(f"{k}={v}" for k, v in sorted(row.items()) if k not in MENDED)
            values["external_id"] = (
                f"import:{hashlib.sha256(content.encode(errors='replace')).hexdigest()[:40]}"
            )
        return Entry(Enquiry(values, at), what)

    def received_at(self, row: Map[str, str], now: datetime) -> datetime:
        if not self.received or (self.received in row and not row[self.received].strip()):
            if self.received and self.historical and not self.outcomes:
                raise BadRow(f"{self.received} is blank: history needs the date of each lead.")
            return now
        at = self.dates.read(row[self.received], self.received)
        if at > now:
            raise BadRow(f"{self.received} lies in the future.")
        return at

    def told(self, row: Map[str, str]) -> dict[str, str]:
        """Field -> what its columns say together, and the constants of history."""
        told = {name: str(self.constants[name]) for name in HISTORY if self.constants.get(name)}
        halves: dict[str, str] = {}
        notes: list[str] = []
        for column, name in self.columns.items():
            text = row[column].strip()
            if not text or not name:
                continue
            if name == NOTE:
                notes.append(f"{column}: {text}")
            elif name in (FIRST, LAST):
                halves[name] = f"{halves.get(name, '')} {text}".strip()
            elif name in HISTORY:
                told[name] = self.values.get(name, {}).get(text, text)
            else:
                told[name] = f"{told.get(name, '')} {text}".strip()
        if halves:
            whole_name = " ".join(halves[half] for half in (FIRST, LAST) if half in halves)
            told["name"] = told.get("name") or whole_name
        if notes:
            told["message"] = "\n".join([*([told["message"]] if told.get("message") else []), *notes])
        return told

    def value(self, name: str, text: str) -> Any:
        text = self.values.get(name, {}).get(text, text)
        if name in LISTS:
            return [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
        if name in AMOUNTS:
            return in_figures(text)
        if name in WHOLE:
            return whole(text)
        if name == "consent":
            return text if (answer := read_yes_no(text)) is None else answer
        if name == "consent_at":
            return self.dates.read(text, name)
        if name in ("phone", "external_id"):
            text = without_kind(text)
        return f"{self.prefixes.get(name, '')}{text}" if text else ""

    def as_json(self) -> dict[str, Any]:
        names = "columns constants values prefixes received country historical outcomes holds".split()
        dates = {"formats": list(self.dates.formats), "order": self.dates.order}
        return {
            **{name: getattr(self, name) for name in names},
            "order_of_columns": list(self.columns),
            "dates": {**dates, "zone": self.dates.zone, "at": self.dates.at},
        }

    @classmethod
    def from_json(cls, told: Map[str, Any]) -> Self:
        values = {**told}
        dates = dict(values.pop("dates", {}))
        order = values.pop("order_of_columns", list(values.get("columns", {})))
        values["columns"] = {name: values["columns"][name] for name in order}
        return cls(**values, dates=Dates(**{**dates, "formats": tuple(dates.get("formats", ()))}))


def without_kind(text: str) -> str:
    """Meta writes the kind before phone numbers and ids: p:+49…, l:123."""
    return text[2:] if text[:2] in ("p:", "l:") else text
