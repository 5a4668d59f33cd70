"""A mapping that ops have written in a TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from leadrouting.intake.importing.accounts.telling import TARGETS
from leadrouting.intake.importing.dates import DAY_FIRST, ORDERS
from leadrouting.intake.importing.errors import ImportRefused
from leadrouting.intake.importing.mapping import ACCOUNTS, LEADS, SPECIAL, Dates, Mapping
from leadrouting.leads.attributes import PREFIX, Definitions, definitions, key_named, unknown
from leadrouting.leads.services import FIELDS
from leadrouting.teams.validators import validate_zone

TABLES = {
    *("historical", "outcomes", "country", "file", "columns", "prefixes", "received", "constants", "values")
}


def read_mapping(path: Path, holds: str = LEADS) -> Mapping:
    """Raises ImportRefused with what to change."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ImportRefused(f"{path} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ImportRefused(f"{path} is no TOML: {error}.") from None
    if strange := told.keys() - TABLES:
        raise ImportRefused(
            f"{path}: “{strange.pop()}” means nothing here. Known: {', '.join(sorted(TABLES))}."
        )
    if not told.get("columns"):
        raise ImportRefused(f"{path} needs a table [columns] that says which column is which field.")
    if holds == ACCOUNTS:
        return of_accounts(told, path)
    known = cache(definitions)  # asked for only when a column is one of them
    columns = {column: target(name, path, known, column) for column, name in told["columns"].items()}
    constants, values, prefixes = (
        {target(name, path, known): value for name, value in told.get(table, {}).items()}
        for table in ("constants", "values", "prefixes")
    )
    column, dates = received(told["received"], path) if "received" in told else ("", Dates())
    return Mapping(
        columns=columns,
        constants=constants,
        values=values,
        prefixes=prefixes,
        received=column,
        dates=dates,
        country=told.get("country", ""),
        historical=told.get("historical", False),
        outcomes=told.get("outcomes", False),
        encoding=told.get("file", {}).get("encoding", ""),
        delimiter=told.get("file", {}).get("delimiter", ""),
    )


def of_accounts(told: dict[str, Any], path: Path) -> Mapping:
    names = {*told["columns"].values(), *told.get("values", {}), *told.get("prefixes", {})}
    if strange := sorted(names - {*TARGETS, ""}):
        raise ImportRefused(
            f"{path}: accounts have no field “{strange[0]}”. They have: {', '.join(sorted(TARGETS))}."
        )
    return Mapping(
        columns=told["columns"],
        values=told.get("values", {}),
        prefixes=told.get("prefixes", {}),
        encoding=told.get("file", {}).get("encoding", ""),
        delimiter=told.get("file", {}).get("delimiter", ""),
        holds=ACCOUNTS,
    )


def target(name: str, path: Path, known: Callable[[], Definitions], column: str = "") -> str:
    """The field, or `attributes.<key>`: written with the key or the label, or, as plain `attributes`, by the
    column's own name. Raises ImportRefused."""
    if name in FIELDS - {"attributes"} or name in SPECIAL:
        return name
    if name != "attributes" and not name.startswith(PREFIX):
        raise ImportRefused(
            f"{path}: leads have no field “{name}”. They have: {', '.join(sorted({*FIELDS, *SPECIAL}))}."
        )
    wanted = name.removeprefix(PREFIX) if name.startswith(PREFIX) else column
    if not wanted:
        raise ImportRefused(f"{path}: say which attribute is meant, e.g. “attributes.budget_band”.")
    if (key := key_named(wanted, known())) is None:
        raise ImportRefused(f"{path}: {unknown(wanted, known())}")
    return f"{PREFIX}{key}"


def received(told: dict[str, Any], path: Path) -> tuple[str, Dates]:
    """The column (blank: only how dates are written is told), and its dates."""
    try:
        zone = told.get("time_zone", "UTC")
        validate_zone(zone)
        at = time.fromisoformat(told.get("at", "12:00"))
        order = told.get("order", DAY_FIRST)
        if order not in ORDERS:
            raise ImportRefused(f"{path}: the order of dates is one of: {', '.join(ORDERS)}.")
        formats = told.get("formats", [] if "order" in told else ["%Y-%m-%d"])
        return told["column"], Dates(tuple(formats), order, zone, at.isoformat("minutes"))
    except KeyError:
        raise ImportRefused(f"{path}: [received] needs a column.") from None
    except ValidationError as error:
        raise ImportRefused(f"{path}: {' '.join(error.messages)}") from None
    except ValueError as error:
        raise ImportRefused(f"{path}: {error}") from None
