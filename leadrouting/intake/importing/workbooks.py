"""Sheets of Excel workbooks, row by row: what cells show, formulas by their last result."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO
from warnings import catch_warnings
from xml.etree.ElementTree import ParseError

import openpyxl  # type: ignore[import-untyped]
from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from openpyxl.utils.exceptions import InvalidFileException  # type: ignore[import-untyped]

from leadrouting.intake.importing.errors import ImportRefused

LARGEST = 1 << 30  # bytes that a workbook may become when it is unpacked
SAMPLE = 50  # rows that are looked at to tell whether a sheet is empty
ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"}
FAULTS = (
    zipfile.BadZipFile,
    InvalidFileException,
    DefusedXmlException,
    ParseError,
    ArithmeticError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
BROKEN = "This workbook cannot be read. Open it in Excel, save it again as .xlsx and try once more."


Line = tuple[int, list[str], str]
"""Its number from 1, its cells, and why it cannot be read, if so."""


@dataclass(frozen=True, slots=True)
class Book:
    sheet: str
    sheets: list[str]
    lines: Iterator[Line]


def opened(file: BinaryIO, sheet: str = "") -> Book:
    """The sheet of that name, or the first that is not empty. Raises ImportRefused."""
    check(file)
    try:
        with catch_warnings(action="ignore"):
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            sheets = {one.title: one for one in book.worksheets}
            chosen = sheet or next((name for name, one in sheets.items() if is_filled(one)), "")
    except FAULTS:
        raise ImportRefused(BROKEN) from None
    if not chosen:
        raise ImportRefused("This workbook is empty: none of its sheets has anything in it.")
    if chosen not in sheets:
        raise ImportRefused(f"There is no sheet “{chosen}”. There are: {', '.join(sheets)}.")
    return Book(chosen, list(sheets), lines_of(sheets[chosen]))


def check(file: BinaryIO) -> None:
    """A zip is a workbook only with its list of sheets; one that unpacks to no end is none."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as packed:
            names = {one.filename: one.file_size for one in packed.infolist()}
    except FAULTS:
        raise ImportRefused(BROKEN) from None
    if "xl/workbook.xml" not in names:
        raise ImportRefused("This is a packed file (zip), and no workbook: unpack it first.")
    if sum(names.values()) > LARGEST:
        raise ImportRefused("This workbook is too large. Divide it, or save the sheet as CSV.")
    file.seek(0)


def is_filled(sheet: Any) -> bool:
    sheet.reset_dimensions()
    rows = sheet.iter_rows(values_only=True, max_row=SAMPLE)
    return any(shown(value).strip() for row in rows for value in row)


def lines_of(sheet: Any) -> Iterator[Line]:
    sheet.reset_dimensions()  # what the file says about its size is often wrong
    try:
        for line, row in enumerate(sheet.iter_rows(values_only=True), 1):
            yield line, [shown(value) for value in row], ""
    except FAULTS:
        raise ImportRefused(BROKEN) from None


def shown(value: Any) -> str:
    """Days and moments as ISO text, whole numbers without a fraction, errors as blank."""
    if value is None or value in ERRORS:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        is_day = value.time() == time()
        return value.date().isoformat() if is_day else value.isoformat(" ", "seconds")
    if isinstance(value, (date, time, timedelta)):
        return str(value)
    return str(value).replace("\0", "")
