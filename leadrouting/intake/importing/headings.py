"""Which column is which field: guessed from the headings, and put right by people."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from leadrouting.intake.synonyms import (
    ACCOUNT_SYSTEMS,
    FIRST,
    LAST,
    NOTE,
    OWNER,
    SYSTEMS,
    VALUES,
    of_accounts,
    of_leads,
    plain,
)
from leadrouting.leads.attributes import PREFIX, Definitions, key_named
from leadrouting.leads.services import FIELDS

HISTORY = {OWNER, "outcome", "closed_at", "revenue", "lost_reason"}
"""What only history says."""
SEVERAL = {FIRST, LAST, NOTE, ""}
"""What more than one column may be."""


def suggested(
    columns: Sequence[str], definitions: Definitions, *, historical: bool = False
) -> dict[str, str]:
    """Column -> target for each column; empty where nobody can tell. A field is given to one column only."""
    taken: set[str] = set()
    found: dict[str, str] = {}
    for column in columns:
        target = target_of(column, definitions)
        if target in HISTORY and not historical:
            target = NOTE
        if target not in SEVERAL and target in taken:
            target = NOTE
        taken.add(target)
        found[column] = target
    if (
        {FIRST, LAST} & taken and "name" in taken
    ):  # “Nom” beside “Prénom” is the family name, “Nombre” beside “Apellidos” the first
        whole = next(column for column, target in found.items() if target == "name")
        found[whole] = NOTE if {FIRST, LAST} <= taken else LAST if FIRST in taken else FIRST
    return found


def target_of(column: str, definitions: Definitions) -> str:
    name = plain(column)
    if (key := key_named(column, definitions)) is not None:
        return f"{PREFIX}{key}"
    if name.replace(" ", "_") in FIELDS - {"attributes", "click_ids", "campaign"}:
        return name.replace(" ", "_")
    return of_leads().get(name, "")


def system_of(columns: Sequence[str]) -> str:
    """Whose export these headings are; empty when nobody knows."""
    known = {plain(column) for column in columns}
    return next((system for system, (_, told) in SYSTEMS.items() if told <= known), "")


def prefixes_of(system: str) -> dict[str, str]:
    return {"external_id": SYSTEMS[system][0]} if system else {}


def values_of(system: str) -> dict[str, dict[str, str]]:
    return {name: dict(values) for name, values in VALUES.get(system, {}).items()}


def fingerprint(columns: Sequence[str]) -> str:
    """Files of one kind have the same, whatever the order of their columns."""
    return hashlib.sha256("\x1f".join(sorted(map(plain, columns))).encode()).hexdigest()


def suggested_of_accounts(columns: Sequence[str]) -> dict[str, str]:
    """Column -> what it says of an account; empty where nobody can tell, or another column says it already."""
    found: dict[str, str] = {}
    for column in columns:
        target = of_accounts().get(plain(column), "")
        found[column] = "" if target in found.values() and target not in ("domains", "website") else target
    return found


def prefixes_of_accounts(columns: Sequence[str]) -> dict[str, str]:
    """By any heading that only one system has."""
    known = {plain(column) for column in columns}
    prefix = next((mark for mark, told in ACCOUNT_SYSTEMS.values() if any(one <= known for one in told)), "")
    return {"external_id": prefix} if prefix else {}
