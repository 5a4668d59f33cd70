"""What kind of file some bytes are, and in which encoding its text is."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from leadrouting.intake.importing.errors import ImportRefused

HEAD = 64_000  # bytes that are looked at to tell what a file is
PORTION = 1 << 20
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OTHERS = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "a packed file (gzip): unpack it first",
    b"Rar!": "a packed file (RAR): unpack it first",
    b"7z\xbc\xaf": "a packed file (7z): unpack it first",
    b"{\\rtf": "a text document (RTF)",
    b"<!doctype html": "a web page",
    b"<html": "a web page",
}
WANTED = "Save it as CSV or as an Excel workbook (.xlsx)."


def is_workbook(head: bytes) -> bool:
    """Whether it is a zip, as workbooks are. Raises ImportRefused for what holds no table at all."""
    if head.startswith(ZIP):
        return True
    if head.startswith(OLE):
        raise ImportRefused(
            "This workbook is protected with a password, or is an old Excel file (.xls). "
            "Open it in Excel and save it as .xlsx without a password."
        )
    for mark, what in OTHERS.items():
        if head.lower().startswith(mark.lower()):
            raise ImportRefused(f"This is {what}, and no table. {WANTED}")
    if not any(head.startswith(mark) for mark in MARKS) and not utf_16(head) and is_binary(head):
        raise ImportRefused(f"This is no text. {WANTED}")
    return False


def is_binary(head: bytes) -> bool:
    """A tenth of control characters; NUL bytes between text are passed over elsewhere."""
    odd = sum(byte < 32 and byte not in b"\0\t\n\r\f\x1a" for byte in head)
    return odd * 10 > len(head) or head.count(0) * 2 > len(head)


def utf_16(head: bytes) -> str:
    """UTF-16 without its mark is told by the NULs of plain letters, all on one side; empty when it is not."""
    size = len(head) // 2
    if size < 2:
        return ""
    first, second = head[0 : size * 2 : 2].count(0), head[1 : size * 2 : 2].count(0)
    if second * 10 > size * 4 and first * 20 < size:
        return "utf-16-le"
    return "utf-16-be" if first * 10 > size * 4 and second * 20 < size else ""


def found_encoding(file: BinaryIO) -> str:
    """By its mark, else UTF-8 if it is that, else Windows' Latin, of which Latin-1 is a part in all that matters."""
    file.seek(0)
    head = file.read(HEAD)
    for mark, encoding in MARKS.items():
        if head.startswith(mark):
            return encoding
    if encoding := utf_16(head):
        return encoding
    return next((one for one in ("utf-8", "cp1252") if not why_not(file, one)), "latin-1")


def why_not(file: BinaryIO, encoding: str) -> str:
    """Why the file cannot be in this encoding; empty when it can. It is read in portions."""
    file.seek(0)
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
        while portion := file.read(PORTION):
            decoder.decode(portion)
        decoder.decode(b"", final=True)
    except (UnicodeError, LookupError) as error:
        return str(error)
    return ""


END = re.compile(r"\r\n|\r|\n")


def text_lines(file: BinaryIO, encoding: str) -> Iterator[str]:
    """Lines with their ends, of any of the three kinds; what cannot be decoded is replaced. `file` stays open."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    rest, is_last = "", False
    while not is_last:
        portion = file.read(PORTION)
        is_last = not portion
        text = rest + decoder.decode(portion, final=is_last)
        begin = 0
        for end in END.finditer(text, 0, len(text) - (not is_last and text.endswith("\r"))):
            yield text[begin : end.end()]
            begin = end.end()
        rest = text[begin:]
    if rest:
        yield rest
