"""A file of rows, whatever its kind, encoding and delimiter; read row by row, never as a whole."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from leadrouting.intake.importing import workbooks
from leadrouting.intake.importing.encodings import HEAD, found_encoding, is_workbook, text_lines, why_not
from leadrouting.intake.importing.errors import ImportRefused

DELIMITERS = ",;\t|"
LONGEST = 100_000
"""Characters of a cell; a row with a longer one is rejected."""
MOST_COLUMNS = 1_000
SEPARATOR = re.compile(r"sep=(.)\s*$", re.IGNORECASE)
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""What spreadsheets take for the beginning of a formula. Rejected rows are written with an apostrophe before it, which
is taken away when they come back."""

Line = workbooks.Line

csv.field_size_limit(1 << 27)  # of the whole process: more than the largest file


@dataclass(frozen=True, slots=True)
class Row:
    """`line` is the row's last line in the file, counted from 1; `problem` says why it cannot be read, if so."""

    line: int
    cells: list[str]
    problem: str = ""


@dataclass(slots=True)
class Table:
    """`rows` can be gone through once. Blank lines are passed over."""

    columns: list[str]
    rows: Iterator[Row]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)

    def values(self, row: Row) -> dict[str, str]:
        return dict(zip(self.columns, row.cells, strict=False))

    @property
    def described(self) -> str:
        return f"sheet “{self.sheet}”" if self.sheet else f"{self.encoding}, divided by {self.delimiter!r}"


def open_table(
    file: BinaryIO, name: str, *, encoding: str = "", delimiter: str = "", sheet: str = ""
) -> Table:
    """Its headings, and its rows as they are asked for. `file` can be searched. Raises ImportRefused."""
    file.seek(0)
    head = file.read(HEAD)
    if is_workbook(head):
        book = workbooks.opened(file, sheet)
        lines: Iterator[Line] = book.lines
        table = Table([], iter(()), sheet=book.sheet, sheets=book.sheets)
    else:
        if encoding and (why := why_not(file, encoding)):
            raise ImportRefused(f"{name} is not in the encoding {encoding}: {why}.")
        encoding = encoding or found_encoding(file)
        sample = codecs.getincrementaldecoder(encoding)("replace").decode(head)
        told = SEPARATOR.match(sample.lstrip("\ufeff").partition("\n")[0])
        delimiter = delimiter or (told[1] if told else found_delimiter(sample))
        lines = csv_lines(text_lines(file, encoding), delimiter)
        if told:
            next(lines)
        table = Table([], iter(()), encoding=encoding, delimiter=delimiter)
    found = next((cells for _, cells, _ in lines if any(map(str.strip, cells))), None)
    if found is None:
        raise ImportRefused(f"{name} is empty.")
    if len(found) > MOST_COLUMNS:
        raise ImportRefused(f"{name} has {len(found):,} columns; at most {MOST_COLUMNS:,} are read.")
    table.columns = headings(found)
    table.rows = rows_of(lines, table.columns, pads=bool(table.sheet))
    return table


def headings(cells: list[str]) -> list[str]:
    """Each column gets a name of its own: blank ones by their place, doubled ones with a number."""
    names: list[str] = []
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    for place, cell in enumerate(cells, 1):
        name = " ".join(cell.replace("\ufeff", "").split())[:200] or f"Column {place}"
        number, whole = 2, name
        while whole in names:
            whole, number = f"{name} ({number})", number + 1
        names.append(whole)
    return names


def rows_of(lines: Iterable[Line], columns: list[str], *, pads: bool) -> Iterator[Row]:
    """`pads`: short rows are filled up, as a workbook leaves out what is blank at the end."""
    for line, cells, problem in lines:
        while len(cells) > len(columns) and not cells[-1].strip():
            cells.pop()
        if not problem and not any(map(str.strip, cells)):
            continue
        if pads:
            cells += [""] * (len(columns) - len(cells))
        yield Row(line, [cell[:LONGEST] for cell in cells], problem or problem_of(cells, columns))


def problem_of(cells: list[str], columns: list[str]) -> str:
    if len(cells) != len(columns):
        return f"{len(cells)} columns where the header has {len(columns)}."
    for name, cell in zip(columns, cells, strict=True):
        if len(cell) > LONGEST:
            return f"{name}: the cell has {len(cell):,} characters; at most {LONGEST:,} are read."
    return ""


def csv_lines(text: Iterable[str], delimiter: str) -> Iterator[Line]:
    """A quotation mark that is never closed takes all lines after it for one cell: that is told."""
    counted = Counted(text)
    reader = csv.reader(counted, delimiter=delimiter)
    before = 0
    while True:
        counted.quotes = 0
        problem = ""
        cells: list[str] = []
        try:
            cells = [plain(cell) for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            problem = f"The line cannot be read: {error}."
        if reader.line_num > before + 1 and counted.quotes % 2:
            problem = f"A quotation mark in line {before + 1} is not closed."
        before = reader.line_num
        yield before, cells, problem


def plain(cell: str) -> str:
    cell = cell.replace("\0", "")
    return cell[1:] if cell[:1] == "'" and cell[1:2] in DANGEROUS else cell


class Counted:
    """Lines, with the number of quotation marks in them."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = iter(lines)
        self.quotes = 0

    def __iter__(self) -> Counted:
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.quotes += line.count('"')
        return line


def found_delimiter(sample: str) -> str:
    """The one that divides most lines into as many cells as the header has; the comma when none does."""
    lines = [line for line in sample.splitlines() if line.strip()][:200]

    def agreement(delimiter: str) -> tuple[int, int]:
        widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter)]
        if not widths:
            return 0, 0
        return (sum(width == widths[0] for width in widths) if widths[0] > 1 else 0), widths[0]

    return max(DELIMITERS, key=agreement) if max(map(agreement, DELIMITERS))[0] else ","


def harmless(cell: str) -> str:
    """As a spreadsheet shows it, never computes it."""
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell
