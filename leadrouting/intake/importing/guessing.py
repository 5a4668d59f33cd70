"""A mapping made of a file's headings and first rows."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from leadrouting.intake.importing.dates import found_order
from leadrouting.intake.importing.errors import ImportRefused
from leadrouting.intake.importing.files import Table
from leadrouting.intake.importing.headings import (
    prefixes_of,
    prefixes_of_accounts,
    suggested,
    suggested_of_accounts,
    system_of,
    values_of,
)
from leadrouting.intake.importing.mapping import ACCOUNTS, LEADS, Dates, Mapping
from leadrouting.intake.synonyms import RECEIVED
from leadrouting.leads.attributes import definitions

LOOKED_AT = 1_000
"""Rows that are looked at to tell how dates are written."""


def by_headings(columns: list[str], *, historical: bool = False, outcomes: bool = False) -> Mapping:
    system = system_of(columns)
    found = suggested(columns, definitions(), historical=historical or outcomes)
    when = next((column for column, target in found.items() if target == RECEIVED), "")
    return Mapping(
        columns={column: "" if target == RECEIVED else target for column, target in found.items()},
        constants={"channel": "import"},
        values=values_of(system),
        prefixes=prefixes_of(system),
        received=when,
        historical=historical,
        outcomes=outcomes,
    )


def accounts_by_headings(columns: list[str]) -> Mapping:
    return Mapping(
        columns=suggested_of_accounts(columns), prefixes=prefixes_of_accounts(columns), holds=ACCOUNTS
    )


def order_in(table: Table, columns: list[str]) -> str:
    """The order of day and month in these columns; empty when the data does not say."""
    places = [table.columns.index(name) for name in columns if name in table.columns]
    rows = islice(table.rows, LOOKED_AT)
    return found_order([row.cells[place] for row in rows for place in places if place < len(row.cells)])


def guessed(table: Table, name: str, holds: str = LEADS) -> Mapping:
    """For a command without a mapping. Raises ImportRefused when nothing can be told."""
    mapping = accounts_by_headings(table.columns) if holds == ACCOUNTS else by_headings(table.columns)
    if not set(mapping.columns.values()) - {"", "note"}:
        raise ImportRefused(
            f"No heading of {name} is known. Write a mapping (--mapping). It has: {', '.join(table.columns)}."
        )
    if not mapping.received:
        return mapping
    order = order_in(table, [mapping.received])
    if not order:
        raise ImportRefused(
            f"{mapping.received}: nobody can tell whether 03/04/2026 is in March or April here. Write a mapping with "
            "[received] order = “day first” or “month first”."
        )
    return replace(mapping, dates=Dates(order=order))
