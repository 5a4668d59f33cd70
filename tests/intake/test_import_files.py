"""Files of every kind and fault: read, or refused in words; every row has one fate."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadrouting.intake.importing.dates import found_order, read_date
from leadrouting.intake.importing.errors import ImportRefused
from leadrouting.intake.importing.fates import Options
from leadrouting.intake.importing.files import Table, harmless, open_table
from leadrouting.intake.importing.headings import suggested, system_of
from leadrouting.intake.importing.mapping import Mapping
from leadrouting.intake.importing.numbers import in_figures
from leadrouting.intake.importing.running import spooled
from leadrouting.intake.importing.spool import Spool
from leadrouting.intake.importing.works import run_import
from leadrouting.leads.models import Lead

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WHO = "Name,Email,Note\nZoë Núñez,zoe@firm.example,“hi”\n"


def table_of(raw: bytes, **options: str) -> tuple[Table, list[list[str]]]:
    table = open_table(BytesIO(raw), "leads.csv", **options)
    return table, [row.cells for row in table.rows]


def workbook(*sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for number, rows in enumerate(sheets):
        sheet = book.worksheets[0] if number == 0 else book.create_sheet(f"Second {number}")
        for row in rows:
            sheet.append(row)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_text_is_read_in_its_encoding(encoding):
    table, rows = table_of(WHO.encode(encoding))
    assert table.columns == ["Name", "Email", "Note"]
    assert rows == [["Zoë Núñez", "zoe@firm.example", "“hi”"]]


def test_latin_1_is_read():
    assert table_of("Name,Mail\nNúñez,\x81\n".encode("latin-1"))[1] == [["Núñez", "\x81"]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_any_kind_and_newlines_in_quotes(end):
    raw = f'Name,Note{end}Ann,"two{end}lines"{end}{end}Bo,x'.encode()
    table = open_table(BytesIO(raw), "x")
    assert [(row.line, row.cells[0]) for row in table.rows] == [(3, "Ann"), (5, "Bo")]


def test_the_separator_that_excel_writes_is_followed():
    assert table_of(b"sep=;\nName;Note\nAnn;a,b\n")[1] == [["Ann", "a,b"]]


def test_blank_and_doubled_headings_get_names_of_their_own():
    table, rows = table_of(b"Email,,Email,Email (2),\na,b,c,d,\n")
    assert table.columns == ["Email", "Column 2", "Email (2)", "Email (2) (2)"]
    assert rows == [["a", "b", "c", "d"]]


def test_ragged_rows_are_told_and_blank_ones_passed_over():
    table = open_table(BytesIO(b"a,b\n1\n,\n1,2\n1,2,3\n1,2,,\n\n"), "x")
    assert [(row.line, row.problem) for row in table.rows] == [
        (2, "1 columns where the header has 2."),
        (4, ""),
        (5, "3 columns where the header has 2."),
        (6, ""),
    ]


def test_a_quotation_mark_that_is_never_closed_is_told_with_its_line():
    table = open_table(BytesIO(b'a,b\n1,2\n3,"4\n5,6\n7,8\n'), "x")
    first, second = table.rows
    assert (first.problem, second.problem) == ("", "A quotation mark in line 3 is not closed.")


def test_nul_bytes_are_left_out_and_300_columns_are_read():
    assert table_of(b"Name,Mail\nA\0nn,a@b.example\n")[1] == [["Ann", "a@b.example"]]
    many = ",".join(f"c{n}" for n in range(300))
    assert len(table_of(f"{many}\n{many}\n".encode())[1][0]) == 300


def test_a_cell_of_10_mb_is_told():
    table = open_table(BytesIO(b'a,b\n1,"' + b"x" * 10_485_760 + b'"\n2,3\n'), "x")
    first, second = table.rows
    assert first.problem == "b: the cell has 10,485,760 characters; at most 100,000 are read."
    assert second.cells == ["2", "3"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "is empty"),
        (b"\n \n\r\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "a PDF"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "protected with a password"),
        (bytes(range(1, 32)) * 50, "no text"),
        (b"PK\x03\x04 broken", "cannot be read"),
        (b"<!DOCTYPE html><p>", "a web page"),
        (",".join(map(str, range(1001))).encode(), "1,001 columns"),
    ],
)
def test_what_holds_no_table_is_refused_in_words(raw, said):
    with pytest.raises(ImportRefused, match=said):
        open_table(BytesIO(raw), "leads.csv")


def test_a_zip_and_a_broken_workbook_are_refused():
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("leads.csv", "a,b\n")
    with pytest.raises(ImportRefused, match="unpack it first"):
        open_table(packed, "leads.csv")
    with zipfile.ZipFile(packed, "a") as file:
        file.writestr("xl/workbook.xml", "<no")
    with pytest.raises(ImportRefused, match="cannot be read"):
        open_table(packed, "leads.csv")


def test_a_workbook_is_read_by_its_first_sheet_that_is_not_empty():
    raw = workbook(
        [],
        [
            ["Name", "When", "Day", "Size", "Yes", "Sum"],
            ["Ann", datetime(2026, 3, 4, 5, 6), date(2026, 3, 4)],
        ],
        [["Other"], [1]],
    )
    table, rows = table_of(raw)
    assert (table.sheet, table.sheets) == ("Second 1", ["Sheet", "Second 1", "Second 2"])
    assert rows == [["Ann", "2026-03-04 05:06:00", "2026-03-04", "", "", ""]]
    assert table_of(raw, sheet="Second 2")[1] == [["1"]]
    with pytest.raises(ImportRefused, match="no sheet “X”"):
        open_table(BytesIO(raw), "x", sheet="X")
    with pytest.raises(ImportRefused, match="empty"):
        open_table(BytesIO(workbook([])), "x")


def test_numbers_and_formulas_in_cells_are_what_they_show():
    _, rows = table_of(workbook([["a", "b", "c", "d"], [12.0, 0.5, True, "=1+1"], [None, "#N/A", None, "x"]]))
    assert rows == [["12", "0.5", "yes", ""], ["", "", "", "x"]]  # nobody has computed the formula yet


def test_formulas_in_text_are_kept_as_text_and_harmless_when_written():
    assert table_of(b"a,b\n=1+1,+49 30 1\n")[1] == [["=1+1", "+49 30 1"]]
    assert (harmless("=1+1"), harmless("+49"), harmless("a=")) == ("'=1+1", "'+49", "a=")
    assert table_of(b"a,b\n'=1+1,'t Hart\n")[1] == [["=1+1", "'t Hart"]]


SALESFORCE = "Lead ID,First Name,Last Name,Company,Email,Phone,Lead Source,Lead Status,Created Date"
HUBSPOT = "Record ID,First Name,Last Name,Email,Phone Number,Lifecycle Stage,Create Date,Original Source"
META = (
    "id,created_time,ad_id,ad_name,adset_name,campaign_name,form_name,platform,full_name,email,phone_number"
)


@pytest.mark.parametrize(
    ("columns", "system", "targets"),
    [
        (
            SALESFORCE,
            "Salesforce",
            "external_id first_name last_name company email phone source note received",
        ),
        (HUBSPOT, "HubSpot", "external_id first_name last_name email phone note received source"),
        (META, "Meta", "external_id received note ad note utm_campaign note source name email phone"),
        (
            "Vorname,Nachname,Firma,E-Mail-Adresse,Telefon,PLZ",
            "",
            "first_name last_name company email phone postal_code",
        ),
        (
            "Prénom,Nom,Société,Courriel,Téléphone,Pays",
            "",
            "first_name last_name company email phone country",
        ),
        ("Nombre,Apellidos,Empresa,Correo electrónico,Teléfono", "", "- last_name company email phone"),
        ("Nome,Sobrenome,Empresa,E-mail,Telefone,CEP", "", "- last_name company email phone postal_code"),
        (
            "Nome,Cognome,Azienda,Indirizzo e-mail,Cellulare,CAP",
            "",
            "- last_name company email phone postal_code",
        ),
    ],
)
def test_headings_are_known_in_six_languages_and_of_three_systems(columns, system, targets):
    names = columns.split(",")
    found = list(suggested(names, {}).values())
    assert system_of(names) == system
    wanted = ["first_name" if one == "-" else one for one in targets.split()]
    assert found == wanted


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["03/04/2026", "31/01/2026"], "day first"),
        (["03/04/2026", "01/31/2026"], "month first"),
        (["03/04/2026", "05/06/2026"], ""),
        (["3.4.2026", "2026-01-02", "4 March 2026", ""], "day first"),
    ],
)
def test_the_order_of_day_and_month_is_found_or_asked(texts, order):
    assert found_order(texts) == order


@pytest.mark.parametrize(
    "text",
    [
        *("2026-03-04", "04/03/2026", "4.3.26", "4 Mar 2026", "March 4, 2026", "2026/03/04"),
        *("2026-03-04T00:00:00", "04/03/2026 12:00 AM", "04.03.2026 00:00", "4 Mar 2026 00:00"),
    ],
)
def test_dates_are_read_however_they_are_written(text):
    assert read_date(text, "day first")[0] == datetime(2026, 3, 4)


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        *(("1,234.50", "1234.50"), ("1.234,50", "1234.50"), ("1 234,50 €", "1234.50"), ("$1,200", "1200")),
        *(("12,5", "12.5"), ("1.234.567", "1234567"), ("R$ 10,00", "10.00"), ("many", "many"), ("-3", "-3")),
    ],
)
def test_amounts_are_read_however_they_are_written(text, figures):
    assert in_figures(text) == figures


COLUMNS = {"Name": "name", "Email": "email", "Note": "note"}


def imported(raw: bytes):
    table = open_table(BytesIO(raw), "x")
    columns = {name: COLUMNS.get(name, "note") for name in table.columns}
    with Spool() as spool:
        spooled(table, Mapping(columns), Options(NOW), spool, lambda _: None)
        return len(spool), run_import(spool, table.columns, Mapping(columns), Options(NOW), lambda _: None)


@pytest.mark.django_db
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.binary(max_size=400)
    | st.text(max_size=200).map(lambda text: f"Name,Email\n{text}".encode("utf-8", "replace"))
)
def test_whatever_bytes_come_they_are_read_or_refused_and_the_sums_agree(raw):
    try:
        rows, result = imported(raw)
    except ImportRefused:
        return
    assert result.read == rows
    assert result.counts["imported"] == len(result.leads)


@pytest.mark.django_db
def test_rejected_rows_are_mended_and_imported_again(tmp_path: Path):
    path, bad = tmp_path / "leads.csv", tmp_path / "bad.csv"
    path.write_text('Name,Email,Phone\nAnn,ann@firm.example,\n=cmd,no address,+49 30 901820\n"Bo",x\n')
    said = StringIO()
    call_command("import_leads", str(path), rejects=bad, stdout=said)
    assert "3 rows: 1 imported, 0 joined an open lead, 0 were here already, 2 rejected" in said.getvalue()
    text = bad.read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["line", "problem", "Name", "Email", "Phone"]
    assert rows[1][0] == "3" and rows[1][2:] == ["'=cmd", "no address", "'+49 30 901820"]
    bad.write_text(text.replace("no address", "cmd@firm.example").replace("Bo,x", "Bo,bo@firm.example"))

    said = StringIO()
    call_command("import_leads", str(bad), rejects=tmp_path / "again.csv", stdout=said)
    assert "2 imported" in said.getvalue()
    assert Lead.objects.get(email="cmd@firm.example").name == "=cmd"
    assert Lead.objects.get(email="cmd@firm.example").phone == "+4930901820"


@pytest.mark.django_db
def test_a_dry_run_of_a_workbook_writes_nothing(tmp_path: Path):
    path = tmp_path / "leads.xlsx"
    path.write_bytes(workbook([["Vorname", "Nachname", "E-Mail"], ["Zoë", "Müller", "z@firm.example"]]))
    said = StringIO()
    call_command("import_leads", str(path), dry_run=True, stdout=said)
    assert "1 imported" in said.getvalue() and "nothing was written" in said.getvalue()
    assert not Lead.objects.exists()
    call_command("import_leads", str(path), stdout=said)
    assert Lead.objects.get().name == "Zoë Müller"


@pytest.mark.django_db
def test_a_date_that_may_be_two_is_asked_for(tmp_path: Path):
    path = tmp_path / "leads.csv"
    path.write_text("Name,Created\nAnn,03/04/2026\n")
    with pytest.raises(CommandError, match="March or April"):
        call_command("import_leads", str(path))
