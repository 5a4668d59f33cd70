"""Files become leads: read whatever their form, mapped, saved and routed once, bad rows told line by line."""

import csv
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from leadrouting.assignments.models import Assignment
from leadrouting.intake.importing.errors import ImportRefused
from leadrouting.intake.importing.fairness import Shared, bound, fairness, furthest
from leadrouting.intake.importing.files import open_table
from leadrouting.intake.importing.written import read_mapping
from leadrouting.leads.models import Attribute, Lead
from leadrouting.notifications.models import Message
from leadrouting.sla.making import make
from leadrouting.sla.models import Clock
from tests import world

MAPPING = """
[columns]
id = "external_id"
first = "name"
last = "name"
mail = "email"
size = "company_size"
tags = "tags"
segment = "attributes.segment"
[values.tags]
none = ""
[constants]
channel = "import"
[received]
column = "on"
formats = ["%d.%m.%Y", "%Y-%m-%d %H:%M"]
time_zone = "Europe/Berlin"
"""
HEADER = "id;first;last;mail;size;tags;segment;on\n"


@pytest.fixture
def mapping(tmp_path: Path, db: None) -> Path:
    Attribute.objects.create(key="segment", label="Market segment", type="choice", choices=["Retail"])
    path = tmp_path / "mapping.toml"
    path.write_text(MAPPING)
    return path


@pytest.fixture
def pool():
    """Three who are always there, weights 1, 2, 3, and everything goes to them."""
    pool = world.pool(*world.reps(3), weights=[1, 2, 3], name="Takers")
    world.live(pool, name="All")
    return pool


def imported(path: Path, mapping: Path, **options) -> str:
    said = StringIO()
    rejects = path.parent / "rejects.csv"
    call_command("import_leads", str(path), mapping=mapping, rejects=rejects, stdout=said, **options)
    return said.getvalue()


def written(tmp_path: Path, *rows: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "leads.csv"
    path.write_bytes((HEADER + "".join(row + "\n" for row in rows)).encode(encoding))
    return path


@pytest.mark.django_db
def test_columns_become_fields(tmp_path, mapping, pool):
    path = written(tmp_path, "7;Zoë;Müller;ZOE@Firma.example;120;vip, fair;retail;31.01.2026")

    imported(path, mapping)

    lead = Lead.objects.get()
    assert (lead.external_id, lead.name, lead.email) == ("7", "Zoë Müller", "zoe@firma.example")
    assert (lead.company_size, lead.tags, lead.channel) == (120, ["vip", "fair"], "import")
    assert lead.attributes == {"segment": "Retail"}
    assert lead.created_at == datetime(2026, 1, 31, 11, 0, tzinfo=UTC)  # noon in Berlin
    assert lead.owner is not None


@pytest.mark.django_db
@pytest.mark.parametrize("line", ['segment = "attributes.MARKET SEGMENT"', '"market ségment" = "attributes"'])
def test_attributes_are_found_by_key_or_label(tmp_path, mapping, line):
    mapping.write_text(f'[columns]\nid = "external_id"\n{line}\n')
    assert read_mapping(mapping).columns[line.split(" =")[0].strip('"')] == "attributes.segment"


@pytest.mark.django_db
def test_an_attribute_that_nobody_defined_is_refused_before_anything_is_read(mapping):
    mapping.write_text('[columns]\nid = "external_id"\nsize = "attributes.segmnt"\n')
    with pytest.raises(ImportRefused, match=r"There is no attribute “segmnt”. Did you mean “segment”"):
        read_mapping(mapping)


@pytest.mark.django_db
def test_a_row_whose_attribute_cannot_be_read_is_rejected_with_the_reason(tmp_path, mapping, pool):
    path = written(
        tmp_path, "1;A;B;a@firm.example;;;retail;31.01.2026", "2;C;D;c@firm.example;;;mars;31.01.2026"
    )
    said = imported(path, mapping)
    assert "line 3: attributes.segment: “mars” is not one of: Retail." in said
    assert Lead.objects.get().attributes == {"segment": "Retail"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_the_encoding_is_found(tmp_path, encoding):
    with written(tmp_path, "1;Zoë;Núñez;z@x.example;;;;31.01.2026", encoding=encoding).open("rb") as file:
        table = open_table(file, "leads.csv")

        assert table.columns[0] == "id"
        assert table.values(next(table.rows))["last"] == "Núñez"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path, delimiter):
    path = tmp_path / "leads.csv"
    path.write_text(f'name{delimiter}note\n"Doe, Jane"{delimiter}"a; b"\nBo{delimiter}c\n')

    with path.open("rb") as file:
        table = open_table(file, "leads.csv")

        assert table.delimiter == delimiter
        assert table.values(next(table.rows)) == {"name": "Doe, Jane", "note": "a; b"}


@pytest.mark.django_db
def test_every_bad_row_is_told_with_its_line_and_reason_and_the_good_ones_count(tmp_path, mapping, pool):
    path = written(
        tmp_path,
        "1;Ann;A;ann@firm.example;;;;31.01.2026",
        "2;Bob;B;no address;;;;31.01.2026",
        "3;Cid;C;cid@firm.example;;;;31.31.2026",
        "",
        "4;Dora;D",
        "5;Eve;E;eve@firm.example;many;;;31.01.2026",
        "1;Ann;Again;other@firm.example;;;;31.01.2026",
        "6;Fay;F;fay@firm.example;;;;01.01.2199",
    )

    said = imported(path, mapping)

    assert "1 imported" in said and "6 rejected" in said
    with (tmp_path / "rejects.csv").open(encoding="utf-8-sig") as file:
        rejects = {int(row["line"]): row["problem"] for row in csv.DictReader(file)}
    assert list(rejects) == [3, 4, 6, 7, 8, 9]
    assert "“no address” is not an e-mail address" in rejects[3]
    assert "“31.31.2026” is no date like %d.%m.%Y" in rejects[4]
    assert "3 columns where the header has 8" in rejects[6]
    assert rejects[7].startswith("company_size:")
    assert "line 2 already" in rejects[8]
    assert "future" in rejects[9]


@pytest.mark.django_db
def test_the_same_file_again_imports_nothing(tmp_path, mapping, pool):
    rows = [f"{n};Ann;A{n};ann{n}@firm.example;;;;31.01.2026" for n in range(5)]
    imported(written(tmp_path, *rows), mapping)

    said = imported(written(tmp_path, *rows, "9;New;N;new@firm.example;;;;31.01.2026"), mapping)

    assert "1 imported" in said and "5 were here already" in said
    assert Lead.objects.count() == 6


@pytest.mark.django_db
def test_rows_without_an_id_of_their_own_are_known_by_their_content(tmp_path, pool):
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('[columns]\nfirst = "name"\n')
    path = written(tmp_path, ";Ann;A;;;;;", ";Bo;B;;;;;")
    imported(path, mapping)

    assert "2 were here already" in imported(path, mapping)
    assert Lead.objects.count() == 2


@pytest.mark.django_db
def test_an_open_lead_of_the_same_person_is_joined(tmp_path, mapping, pool):
    lead = world.lead(email="ann@firm.example", name="")
    path = written(tmp_path, "1;Ann;A;ann@firm.example;;;;31.01.2026")

    assert "1 joined an open lead" in imported(path, mapping)
    lead.refresh_from_db()
    assert lead.name == "Ann A"
    assert lead.activities.get().kind == "enquiry"


@pytest.mark.django_db
@pytest.mark.parametrize("historical", [True, False])
def test_history_starts_no_clock_and_sends_no_message(tmp_path, mapping, pool, historical):
    make("All", {"respond": timedelta(hours=1)})
    path = written(tmp_path, "1;Ann;A;ann@firm.example;;;;31.01.2020")

    imported(path, mapping, historical=historical)

    assert Assignment.objects.get().started_at.date() == (date(2020, 1, 31) if historical else date.today())
    assert Clock.objects.exists() is Message.objects.exists() is not historical


@pytest.mark.django_db
def test_without_routing_leads_wait_in_intake(tmp_path, mapping, pool):
    imported(written(tmp_path, "1;Ann;A;ann@firm.example;;;;31.01.2026"), mapping, route=False)

    assert Lead.objects.get().queue == world.intake()
    call_command("route", all=True, stdout=StringIO())
    assert Lead.objects.get().owner is not None


@pytest.mark.django_db
def test_a_pool_shares_within_the_bound(tmp_path, mapping, pool):
    rows = [f"{n};Ann;A{n};ann{n}@firm.example;;;;{1 + n % 28}.01.2026" for n in range(400)]

    said = imported(written(tmp_path, *rows), mapping, historical=True)

    (shared,) = fairness(list(Lead.objects.values_list("id", flat=True)))
    assert shared == Shared("Takers", 400, 3, shared.furthest, pytest.approx(0.75))
    assert shared.holds and shared.furthest > 0
    assert "400 of 400 owned or queued" in said
    assert sorted(pool.members.values_list("load__open", flat=True)) == [67, 133, 200]


def test_the_distance_from_a_share_is_the_largest_of_any_prefix():
    assert furthest({1: 1, 2: 1}, [1, 1, 2, 2]) == 1.0
    assert furthest({1: 1, 2: 1}, [1, 2, 2, 1]) == 0.5
    assert bound(1, fresh=True) == 1.0
    assert bound(2, fresh=False) == pytest.approx(1.0)


@pytest.mark.django_db
def test_importing_a_batch_takes_the_same_number_of_queries_whatever_its_size(
    tmp_path, mapping, pool, django_assert_max_num_queries
):
    imported(written(tmp_path, "w;Warm;Up;warm@firm.example;;;;31.01.2026"), mapping)  # fills the caches
    rows = [f"{n};Ann;A{n};ann{n}@firm.example;;;;31.01.2026" for n in range(150)]

    with django_assert_max_num_queries(30):
        imported(written(tmp_path, *rows), mapping)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[columns", "is no TOML"),
        ("historical = true", r"needs a table \[columns\]"),
        ('[columns]\na = "nmae"', "no field “nmae”"),
        ('[columns]\na = "name"\n[colours]\n', "“colours” means nothing"),
        ('[columns]\na = "name"\n[received]\n', "needs a column"),
        ('[columns]\na = "name"\n[received]\ncolumn = "b"\ntime_zone = "Berlin"', "is not a time zone"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_what_to_change(tmp_path, text, message):
    path = tmp_path / "mapping.toml"
    path.write_text(text)

    with pytest.raises(ImportRefused, match=message):
        read_mapping(path)


@pytest.mark.django_db
def test_a_file_that_cannot_be_used_says_why(tmp_path, mapping):
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    other = tmp_path / "other.csv"
    other.write_text("name,mail\nAnn,a@x.example\n")

    for path, message in [
        (empty, "is empty"),
        (other, "no column “id”"),
        (tmp_path / "none.csv", "No such file"),
    ]:
        with pytest.raises(CommandError, match=message):
            imported(path, mapping)


@pytest.mark.django_db
def test_the_olist_sample_is_owned_or_queued_to_the_last_row():
    folder = settings.BASE_DIR / "fixtures" / "olist"
    said = StringIO()

    call_command(
        "import_leads", str(folder / "sample.csv"), mapping=folder / "mapping.toml", pack="olist", stdout=said
    )

    assert "60 of 60 owned or queued: 58 owned, 2 queued" in said.getvalue()
    assert "NO" not in said.getvalue().replace("No origin", "")
    assert Lead.objects.filter(source="", queue__name="Sellers: no origin").count() == 2
    assert not Lead.objects.filter(source="unknown", owner=None).exists()
    assert not Clock.objects.exists() and not Message.objects.exists()
