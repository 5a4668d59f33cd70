"""Rows of a table that somebody else added or took away since the page was shown.

The form that is posted stands for the whole rule: rows that are gone meanwhile become new ones, and rows that
came meanwhile are marked to be taken away. Whether that may be saved is another question (see `together`).
"""

from __future__ import annotations

from collections.abc import Collection

from django.http import QueryDict


def realign(data: QueryDict, prefix: str, present: Collection[int]) -> None:
    """Rewrite the posted table `prefix` to fit the rows that are `present` now, in place."""
    total = data.get(f"{prefix}-TOTAL_FORMS", "0")
    if not total.isdecimal() or int(total) > 1000:
        return
    rows = [taken(data, f"{prefix}-{number}-") for number in range(int(total))]
    posted = {row.get("id", "") for row in rows} - {""}
    known = {str(key) for key in present}
    if posted == known:
        for number, row in enumerate(rows):
            put(data, f"{prefix}-{number}-", row)
        return
    rows = [from_one(row) for row in rows]
    kept = [row for row in rows if row.get("id", "") in known]
    new = [{**row, "id": ""} for row in rows if row.get("id", "") not in known]
    gone = [{"id": key, "DELETE": "on"} for key in sorted(known - posted)]
    for number, row in enumerate([*kept, *gone, *new]):
        put(data, f"{prefix}-{number}-", row)
    data[f"{prefix}-INITIAL_FORMS"] = str(len(kept) + len(gone))
    data[f"{prefix}-TOTAL_FORMS"] = str(len(kept) + len(gone) + len(new))


def from_one(row: dict[str, str]) -> dict[str, str]:
    """Places count from 1, because 0 in a new row means that it has none yet."""
    place = row.get("position", "")
    return {**row, "position": str(int(place) + 1)} if row.get("id") and place.isdecimal() else row


def taken(data: QueryDict, start: str) -> dict[str, str]:
    """The columns of one row, which leave the data."""
    names = [name for name in data if name.startswith(start)]
    return {name.removeprefix(start): data.pop(name)[-1] for name in names}


def put(data: QueryDict, start: str, row: dict[str, str]) -> None:
    for name, value in row.items():
        data[f"{start}{name}"] = value
