"""Rows on disk in the order in which they are worked off, whatever their number."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from tempfile import TemporaryFile
from types import TracebackType
from typing import Self

from leadrouting.intake.importing.files import Row


class Spool:
    """Rows are kept in a temporary file; in memory there are two numbers for each, by which they are sorted."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115  closed at the end of the `with`
        self._places: list[tuple[float, int]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._places)

    def keep(self, row: Row, key: float) -> None:
        self._places.append((key, self._file.tell()))
        self._file.write(json.dumps([row.line, row.cells, row.problem]).encode() + b"\n")

    def sort(self, keys: Sequence[float] = ()) -> None:
        """By key, those of one key in the order of the file. `keys`: those that are known only now, one for each row."""
        if keys:
            self._places = [(key, place) for key, (_, place) in zip(keys, self._places, strict=True)]
        self._places.sort()

    def batches(self, start: int, size: int) -> Iterator[list[Row]]:
        """From the row with the number `start` on."""
        for first in range(start, len(self._places), size):
            yield list(self._read(self._places[first : first + size]))

    def _read(self, places: Iterable[tuple[float, int]]) -> Iterator[Row]:
        for _, place in places:
            self._file.seek(place)
            yield Row(*json.loads(self._file.readline()))
