"""The accounts of a file among each other: which row is told twice, and whose parent comes first."""

from __future__ import annotations

from leadrouting.engine.values import fold
from leadrouting.intake.importing.accounts.telling import Told, folded
from leadrouting.intake.importing.errors import BadRow

ROUND = "parent: the companies above it go round in a circle in this file ({}). Leave one of them out."
SHOWN = 5


class Family:
    """Rows by number, from 0. What is kept of each is its line, its names, and what it says of its parent."""

    def __init__(self) -> None:
        self.lines: list[int] = []
        self.named: dict[str, int] = {}
        self.without_id: set[int] = set()
        self.above: dict[int, list[str]] = {}

    def skip(self, line: int) -> None:
        self.lines.append(line)

    def add(self, line: int, told: Told) -> None:
        """Raises BadRow when an earlier row is about the same account."""
        number = len(self.lines)
        same = [f"id {told.external_id}"] if told.external_id else []
        same += [f"domain {one}" for one in told.domains]
        alike = f"name {told.called}"
        found = next((self.named[key] for key in same if key in self.named), None)
        if found is None and told.name and (first := self.named.get(alike)) is not None:
            found = first if not told.external_id or first in self.without_id else None
        if found is not None:
            raise BadRow(f"The same account is in line {self.lines[found]} already.")
        self.lines.append(line)
        for key in [*same, *([alike] if told.name else [])]:
            self.named.setdefault(key, number)
        if not told.external_id:
            self.without_id.add(number)
        if told.parent or told.parent_id:
            self.above[number] = names_of_parent(told)

    def parent(self, number: int) -> int | None:
        return next((self.named[key] for key in self.above.get(number, ()) if key in self.named), None)

    def order(self) -> tuple[list[float], dict[int, str]]:
        """How far each row lies below the top, and by line why those that lie above themselves cannot be used."""
        depths: list[float] = [-1.0] * len(self.lines)
        circles: dict[int, str] = {}
        for start in range(len(self.lines)):
            path: list[int] = []
            here: int | None = start
            places: dict[int, int] = {}
            while here is not None and depths[here] < 0 and here not in places:
                places[here] = len(path)
                path.append(here)
                here = self.parent(here)
            if here is not None and here in places:
                ring = path[places[here] :]
                shown = [*ring, ring[0]] if len(ring) <= SHOWN else ring[:SHOWN]
                said = ROUND.format(" > ".join(f"line {self.lines[one]}" for one in shown))
                circles |= {self.lines[one]: said for one in ring}
                for one in ring:
                    depths[one] = 0
                path = path[: places[here]]
            depth = depths[here] + 1 if here is not None else 0
            for one in reversed(path):
                depths[one], depth = depth, depth + 1
        return depths, circles


def names_of_parent(told: Told) -> list[str]:
    """By what the account above is looked for, the surest first."""
    keys = [f"id {told.parent_id}"] if told.parent_id else []
    if told.parent:
        keys += [f"id {told.parent}", f"domain {fold(told.parent)}", f"name {folded(told.parent)}"]
    return keys
