"""How the columns of a file become the fields of a lead: written by ops in a TOML file."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError

from leadrouting.intake.importing.errors import BadRow, ImportRefused
from leadrouting.leads.attributes import PREFIX, Definitions, definitions, key_named, unknown
from leadrouting.leads.bulk import Enquiry
from leadrouting.leads.services import FIELDS
from leadrouting.teams.validators import validate_zone

LISTS = {"tags", "behaviour_events"}
TABLES = {"historical", "file", "columns", "prefixes", "received", "constants", "values"}


@dataclass(frozen=True, slots=True)
class Received:
    """When a lead came in: a column, how its dates are written, whose clock, and the hour of days without one."""

    column: str
    formats: tuple[str, ...]
    zone: ZoneInfo
    at: time

    def read(self, row: Map[str, str]) -> datetime:
        """In UTC. Raises BadRow."""
        text = row[self.column].strip()
        for form in self.formats:
            try:
                found = datetime.strptime(text, form)  # noqa: DTZ007  the zone follows
            except ValueError:
                continue
            if "%H" not in form and "%I" not in form:
                found = datetime.combine(found.date(), self.at)
            return (found if found.tzinfo else found.replace(tzinfo=self.zone)).astimezone(UTC)
        raise BadRow(f"{self.column}: “{text}” is no date like {' or '.join(self.formats)}.")


@dataclass(frozen=True, slots=True)
class Mapping:
    """`columns`: column -> field; several columns of one field are joined by a space."""

    columns: dict[str, str]
    constants: dict[str, Any] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    prefixes: dict[str, str] = field(default_factory=dict)
    received: Received | None = None
    historical: bool = False
    encoding: str = ""
    delimiter: str = ""

    def check_columns(self, columns: list[str], path: Path) -> None:
        """Raises ImportRefused when the file lacks a column that is mapped."""
        wanted = [*self.columns, *([self.received.column] if self.received else [])]
        if missing := [name for name in wanted if name not in columns]:
            raise ImportRefused(
                f"{path} has no column “{missing[0]}”, which the mapping speaks of. "
                f"It has: {', '.join(columns)}."
            )

    def enquiry(self, row: Map[str, str], now: datetime) -> Enquiry:
        """What the row says. Raises BadRow.

        A row without an id of its own gets one made of its content, so that the same file imports nothing twice.
        """
        at = self.received.read(row) if self.received else now
        if at > now:
            raise BadRow(f"{self.received.column if self.received else 'The date'} lies in the future.")
        told: dict[str, str] = {}
        for column, name in self.columns.items():
            told[name] = f"{told.get(name, '')} {row[column].strip()}".strip()
        values = {**self.constants, **{name: self.value(name, text) for name, text in told.items() if text}}
        custom = {
            name.removeprefix(PREFIX): values.pop(name) for name in list(values) if name.startswith(PREFIX)
        }
        if custom:
            values["attributes"] = custom
        if not values.get("external_id"):
            content = "\x1f".join(f"{name}={text}" for name, text in sorted(row.items()))
            values["external_id"] = f"import:{hashlib.sha256(content.encode()).hexdigest()[:40]}"
        return Enquiry(values, at)

    def value(self, name: str, text: str) -> Any:
        text = self.values.get(name, {}).get(text, text)
        if name in LISTS:
            return [part.strip() for part in text.split(",") if part.strip()]
        return f"{self.prefixes.get(name, '')}{text}" if text else ""


def read_mapping(path: Path) -> Mapping:
    """Raises ImportRefused with what to change."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ImportRefused(f"{path} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ImportRefused(f"{path} is no TOML: {error}.") from None
    if unknown := told.keys() - TABLES:
        raise ImportRefused(
            f"{path}: “{unknown.pop()}” means nothing here. Known: {', '.join(sorted(TABLES))}."
        )
    if not told.get("columns"):
        raise ImportRefused(f"{path} needs a table [columns] that says which column is which field.")
    known = cache(definitions)  # asked for only when a column is one of them
    columns = {column: target(name, path, known, column) for column, name in told["columns"].items()}
    constants, values, prefixes = (
        {target(name, path, known): value for name, value in told.get(table, {}).items()}
        for table in ("constants", "values", "prefixes")
    )
    return Mapping(
        columns=columns,
        constants=constants,
        values=values,
        prefixes=prefixes,
        received=received(told["received"], path) if "received" in told else None,
        historical=told.get("historical", False),
        encoding=told.get("file", {}).get("encoding", ""),
        delimiter=told.get("file", {}).get("delimiter", ""),
    )


def target(name: str, path: Path, known: Callable[[], Definitions], column: str = "") -> str:
    """The field, or `attributes.<key>`: written with the key or the label, or, as plain `attributes`, by the
    column's own name. Raises ImportRefused."""
    if name in FIELDS - {"attributes"}:
        return name
    if name != "attributes" and not name.startswith(PREFIX):
        raise ImportRefused(f"{path}: leads have no field “{name}”. They have: {', '.join(sorted(FIELDS))}.")
    wanted = name.removeprefix(PREFIX) if name.startswith(PREFIX) else column
    if not wanted:
        raise ImportRefused(f"{path}: say which attribute is meant, e.g. “attributes.budget_band”.")
    if (key := key_named(wanted, known())) is None:
        raise ImportRefused(f"{path}: {unknown(wanted, known())}")
    return f"{PREFIX}{key}"


def received(told: dict[str, Any], path: Path) -> Received:
    try:
        zone = told.get("time_zone", "UTC")
        validate_zone(zone)
        at = time.fromisoformat(told.get("at", "12:00"))
        return Received(told["column"], tuple(told.get("formats", ["%Y-%m-%d"])), ZoneInfo(zone), at)
    except KeyError:
        raise ImportRefused(f"{path}: [received] needs a column.") from None
    except (ValidationError, ValueError) as error:
        raise ImportRefused(
            f"{path}: [received]: {' '.join(getattr(error, 'messages', [str(error)]))}"
        ) from None
