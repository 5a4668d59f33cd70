"""A file of rows, whatever its encoding and delimiter."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from leadrouting.intake.importing.errors import ImportRefused

if TYPE_CHECKING:
    from _csv import Reader

SAMPLE = 64_000  # characters that are looked at to find the delimiter
DELIMITERS = ",;\t|"
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True, slots=True)
class Row:
    """`line` is the row's last line in the file, counted from 1; `problem` says why it cannot be read, if so."""

    line: int
    values: dict[str, str]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    encoding: str
    delimiter: str
    columns: list[str]
    rows: list[Row]


def read_table(path: Path, encoding: str = "", delimiter: str = "") -> Table:
    """All rows of a CSV file; blank lines are passed over. Raises ImportRefused."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ImportRefused(f"{path} cannot be read: {error.strerror}.") from None
    encoding = encoding or found_encoding(raw)
    try:
        text = raw.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise ImportRefused(f"{path} is not in the encoding {encoding}: {error}.") from None
    if not text.strip():
        raise ImportRefused(f"{path} is empty.")
    delimiter = delimiter or found_delimiter(text[:SAMPLE])
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    columns = [name.strip() for name in next(reader)]
    if doubled := {name for name in columns if columns.count(name) > 1}:
        raise ImportRefused(f"{path} has two columns “{doubled.pop()}”.")
    return Table(encoding, delimiter, columns, list(rows_of(reader, columns)))


def rows_of(reader: Reader, columns: list[str]) -> Iterator[Row]:
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(reader.line_num, {}, f"The line cannot be read: {error}.")
            continue
        if not any(cell.strip() for cell in cells):
            continue
        problem = ""
        if len(cells) != len(columns):
            problem = f"{len(cells)} columns where the header has {len(columns)}."
        yield Row(reader.line_num, dict(zip(columns, cells, strict=False)), problem)


def found_encoding(raw: bytes) -> str:
    """By its mark, else UTF-8 if it is that, else Windows' Latin, of which Latin-1 is a part in all that matters."""
    for mark, encoding in MARKS.items():
        if raw.startswith(mark):
            return encoding
    for encoding in ("utf-8", "cp1252"):
        try:
            raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "latin-1"


def found_delimiter(sample: str) -> str:
    """The one that divides most lines into as many cells as the header has; the comma when none does."""
    lines = [line for line in sample.splitlines() if line.strip()][:200]

    def agreement(delimiter: str) -> tuple[int, int]:
        widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter)]
        return (sum(width == widths[0] for width in widths) if widths[0] > 1 else 0), widths[0]

    return max(DELIMITERS, key=agreement) if max(map(agreement, DELIMITERS))[0] else ","
