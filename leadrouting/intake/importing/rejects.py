"""The file of rows that were not imported: mended, it is imported again."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from leadrouting.intake.importing.files import harmless


class Echo:
    """A file that gives back each line that is written to it."""

    def write(self, line: str) -> str:
        return line


def rejects(columns: Sequence[str], rows: Iterable[tuple[int, str, Sequence[str]]]) -> Iterator[str]:
    """As CSV, line by line: the number of the line, what is wrong with it, and the row as it was."""
    writer: Any = csv.writer(Echo())
    kept = [name for name in columns if name not in ("line", "problem")]
    places = [place for place, name in enumerate(columns) if name not in ("line", "problem")]
    yield "\ufeff" + writer.writerow(["line", "problem", *map(harmless, kept)])
    for line, problem, cells in rows:
        known = [cells[place] if place < len(cells) else "" for place in places]
        yield writer.writerow([line, problem, *map(harmless, [*known, *cells[len(columns) :]])])
