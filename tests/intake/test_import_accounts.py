"""Accounts from files: found again, made, brought up to date, put below each other; every row accounted for."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadrouting.intake.importing.accounts.families import Family
from leadrouting.intake.importing.accounts.telling import Told
from leadrouting.intake.importing.errors import BadRow
from leadrouting.leads.models import Account
from tests import world

pytestmark = pytest.mark.django_db


def imported(tmp_path: Path, text: str | bytes, **options) -> str:
    path, said = tmp_path / "accounts.csv", StringIO()
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    call_command("import_accounts", path, rejects=tmp_path / "rejects.csv", stdout=said, **options)
    return said.getvalue()


def shown() -> dict[str, tuple[str, list[str]]]:
    found = Account.objects.select_related("parent").prefetch_related("domains")
    return {one.name: (str(one.parent or ""), one.domain_names) for one in found}


def test_new_and_again_and_changed_and_blank_is_unchanged(tmp_path):
    rita = world.rep("Rita Reyes")
    text = (
        "Name;Domains;Parent;Owner;Tier;Lifetime value;Phone\n"
        "Acme Süd GmbH;acme-sued.example, acme.example;Acme AG;Rita Reyes;A;1.250,50;+49\n"
        "Acme AG;acme-ag.example;;;;;\n"
    )
    said = imported(tmp_path, text)
    assert "2 rows: 2 new, 0 updated, 0 unchanged, 0 rejected." in said and "Phone: left out" in said
    assert shown() == {
        "Acme AG": ("", ["acme-ag.example"]),
        "Acme Süd GmbH": ("Acme AG", ["acme-sued.example", "acme.example"]),
    }
    sued = Account.objects.get(name="Acme Süd GmbH")
    assert (sued.owner, sued.tier, sued.lifetime_value) == (rita, "A", 1250.5)
    assert "0 new, 0 updated, 2 unchanged, 0 rejected" in imported(tmp_path, text)
    told = "name,domain,tier,owner,ltv\nACME SÜD GMBH,,B,,\nAcme AG,more.example,,rita reyes,\n"
    assert "0 new, 2 updated, 0 unchanged" in imported(tmp_path, told)
    assert "0 new, 0 updated, 2 unchanged" in imported(tmp_path, told)
    sued.refresh_from_db()
    assert (sued.owner, sued.tier, sued.lifetime_value, sued.parent.owner) == (rita, "B", 1250.5, rita)
    assert Account.objects.get(pk=sued.parent_id).domain_names == ["acme-ag.example", "more.example"]


SALESFORCE = (
    "Account ID,Account Name,Parent Account,Parent Account ID,Website,Account Owner,Phone,Industry\n"
    "001B,Child,Mother,001A,https://www.mother.example/de,Rita Reyes,1,Steel\n"
    "001A,Mother,,,http://mother.example,,,\n"
    "001C,Child,,,https://facebook.com/child,,,\n"
)
HUBSPOT = (
    "Record ID,Company name,Company Domain Name,Company owner,Parent company\n"
    "7,Child,child.example,rita@firm.example,8\n8,Mother,mother.example,,\n"
)


@pytest.mark.parametrize(("text", "system"), [(SALESFORCE, "salesforce:"), (HUBSPOT, "hubspot:")])
def test_what_other_systems_export_maps_by_itself(tmp_path, text, system):
    rita = world.rep("Rita Reyes")
    rita.user.email = "rita@firm.example"
    rita.user.save()
    assert "0 rejected" in imported(tmp_path, text)
    child = Account.objects.filter(name="Child").order_by("external_id").first()
    assert (child.owner, child.parent.name) == (rita, "Mother")
    assert child.external_id.startswith(system)
    assert all(domain.endswith(".example") for _, domains in shown().values() for domain in domains)
    assert "0 new, 0 updated" in imported(tmp_path, text)


def test_an_account_is_found_by_id_then_domain_then_its_only_name(tmp_path):
    by_id = world.account("Old name", external_id="7")
    by_domain = world.account("Beta", "beta.example")
    by_name = world.account("Gamma GmbH")
    other = world.account("Delta", external_id="99")
    world.account("Twin")
    world.account("Twin")
    text = (
        "id,name,domain,tier\n7,New name,,A\n8,Beta Ltd,beta.example,A\n9,gamma  gmbh,,A\n10,Delta,,A\n"
        ",Twin,,A\n11,Thief,beta.example,A\n"
    )
    said = imported(tmp_path, text)
    assert "6 rows: 1 new, 3 updated, 0 unchanged, 2 rejected." in said
    assert "2 accounts are called “Twin”. Write its id or a domain as well." in said
    assert "line 7: The same account is in line 3 already." in said
    for account, name, key in (
        (by_id, "New name", "7"),
        (by_domain, "Beta Ltd", "8"),
        (by_name, "gamma gmbh", "9"),
        (other, "Delta", "99"),
    ):
        account.refresh_from_db()
        assert (account.name, account.external_id) == (name, key)
    assert Account.objects.get(external_id="10").name == "Delta"


def test_rejected_rows_say_why_and_are_mended(tmp_path):
    world.account("Taker", "taken.example")
    world.account("Other", "other.example")
    text = (
        "name,domain,parent,owner,ltv,tier\n"
        "A,a.example,B,,,\nB,b.example,C,,,\nC,c.example,A,,,\nD,,A,,,\n"
        "E,gmail.com,,,,\nF,taken.example other.example,,,,\nG,,,Nobody Here,,\nH,,Unknown,,,\nI,,,,-5,\nJ,,,,lots,\n"
        f"K,,,,,{'x' * 50}\nL,,L,,,\n,,,,,\nOK,,,,,\nOK,,,,,\nShort\n,,x,,,\n"
    )
    said = imported(tmp_path, text)
    assert "16 rows: 1 new, 0 updated, 0 unchanged, 15 rejected." in said
    lines = (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig").splitlines()
    told = {row["line"]: row["problem"] for row in csv.DictReader(lines)}
    wanted = {
        2: "go round in a circle in this file (line 2 > line 3 > line 4 > line 2)",
        3: "go round in a circle",
        4: "go round in a circle",
        5: "there is no account “A”, and no good row",
        6: "a provider where anybody has addresses",
        7: "they are of several accounts: Taker, Other",
        8: "there is no active rep “Nobody Here”",
        9: "there is no account “Unknown”",
        10: "an amount from 0",
        11: "“lots” is no amount",
        12: "40 characters",
        13: "go round in a circle",
        16: "The same account is in line 15 already",
        17: "1 columns where the header has 6",
        18: "Write its name, its id or its domain",
    }
    assert told.keys() == {str(line) for line in wanted}
    assert all(part in told[str(line)] for line, part in wanted.items()), told
    mended = (
        (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig").replace("C,c.example,A", "C,c.example,")
    )
    said = imported(tmp_path, mended)
    assert "5 new, 0 updated, 1 unchanged, 9 rejected" in said and shown()["D"] == ("A", [])


def test_nothing_comes_to_lie_above_itself_by_what_is_here(tmp_path):
    top = world.account("Top")
    middle = world.account("Middle", parent=top)
    world.account("Low", parent=middle)
    said = imported(tmp_path, "name,parent\nTop,Low\nMiddle,Middle\n")
    assert "0 updated, 0 unchanged, 2 rejected" in said
    assert "“Low” lies below this account" in said
    assert "1 updated" in imported(tmp_path, "name,parent\nLow,Top\n")
    assert [parent for parent, _ in shown().values()].count("Top") == 2


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path):
    text = "name,parent\n" + "".join(f"A{n},A{n + 1}\n" for n in range(450)) + "A450,\nB,Nobody\n"
    assert "452 rows: 451 new, 0 updated, 0 unchanged, 1 rejected" in imported(tmp_path, text, dry_run=True)
    assert not Account.objects.exists()
    assert "452 rows: 451 new, 0 updated, 0 unchanged, 1 rejected" in imported(tmp_path, text)
    assert Account.objects.filter(parent=None).get().name == "A450"


def test_open_leads_are_linked_afterwards(tmp_path):
    lead = world.lead(email="jane@mail.acme.example", email_domain="mail.acme.example", email_kind="business")
    assert "1 open leads without an account now belong to one." in imported(
        tmp_path, "name,domain\nAcme,acme.example\n"
    )
    lead.refresh_from_db()
    assert lead.account.name == "Acme"
    assert "Acme" in lead.activities.get().text


def test_the_queries_do_not_grow_with_the_rows(tmp_path):
    asked = []
    for few in (5, 150):
        text = "id,name,domain,parent\n" + "".join(
            f"{few}-{n},N{few}-{n},d{few}-{n}.example,N{few}-0\n" for n in range(1, few)
        )
        with CaptureQueriesContext(connection) as captured:
            imported(tmp_path, text + f"{few}-0,N{few}-0,,\n", dry_run=True)
        asked.append(len(captured))
    assert asked[0] == asked[1]


def test_a_mapping_of_ones_own(tmp_path):
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        '[columns]\nWer = "name"\nWas = "tier"\n[values.tier]\nGold = "A"\n[prefixes]\nexternal_id = "erp:"\n'
    )
    imported(tmp_path, "Wer,Was\nAcme,Gold\n", mapping=mapping)
    assert Account.objects.get().tier == "A"
    mapping.write_text('[columns]\nWer = "email"\n')
    with pytest.raises(CommandError, match="accounts have no field “email”"):
        imported(tmp_path, "Wer\nAcme\n", mapping=mapping)
    with pytest.raises(CommandError, match="No heading of"):
        imported(tmp_path, "Foo\nAcme\n")


TORTURE = {
    "bom": "\ufeffname,domain\nZoë,zoe.example\n".encode(),
    "utf-16": "name\tdomain\nZoë\tzoe.example\n".encode("utf-16"),
    "latin": "name;domain\nZoë;zoe.example\n".encode("latin-1"),
    "quoted newlines": b'name,domain\n"Two\nlines",two.example\n',
    "ragged": b"name,domain\nA\nB,b.example,c\nC,c.example\n",
    "doubled and blank headings": b"name,name,,domain\nA,B,C,d.example\n",
    "a huge cell": b"name,domain\n" + b"x" * 10_000_000 + b",a.example\nB,b.example\n",
    "formulas": b"name,domain\n=1+1,a.example\n'=2,b.example\n",
    "nul": b"name,domain\nA\0B,a.example\n\0,\n",
    "wide": (
        ",".join(["name", *(f"c{n}" for n in range(299))]) + "\n" + ",".join(["A"] * 300) + "\n"
    ).encode(),
    "never closed": b'name,domain\nA,a.example\n"B,b.example\nC,c.example\n',
    "odd": "name,domain\n\ud800\u202e,\U0001f600.example\n".encode(errors="surrogatepass"),
}


@pytest.mark.parametrize("raw", TORTURE.values(), ids=TORTURE)
def test_whatever_comes_every_row_is_accounted_for(tmp_path, raw):
    said = imported(tmp_path, raw)
    numbers = [
        int(word.replace(",", ""))
        for word in next(line for line in said.splitlines() if " rows: " in line).split()
        if word.replace(",", "").isdigit()
    ]
    read, new, updated, unchanged, rejected = numbers[:5]
    assert read == new + updated + unchanged + rejected > 0
    assert "0 new, 0 updated" in imported(tmp_path, raw), "again changes nothing"


NAMES = st.sampled_from(["A", "B", "C", "d", "É", "e", ""])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.tuples(NAMES, NAMES, NAMES, st.sampled_from(["", "1", "2"])), max_size=8))
def test_whatever_lies_above_what(tmp_path, rows):
    Account.objects.all().delete()
    domains = {"A": "a.example", "B": "b.example", "": ""}
    text = (
        "name,parent,domain,id\n"
        + "".join(f"{n},{p},{domains.get(d, '')},{key}\n" for n, p, d, key in rows)
        + "Z,,,\n"
    )
    imported(tmp_path, text)
    before = shown(), list(Account.objects.order_by("pk").values())
    imported(tmp_path, text)
    assert (shown(), list(Account.objects.order_by("pk").values())) == before


def test_a_family_of_thousands_in_a_line_is_put_in_order():
    family = Family()
    for number in range(5000):
        family.add(number + 2, Told(name=f"N{number}", parent=f"N{number + 1}"))
    depths, circles = family.order()
    assert depths == list(range(4999, -1, -1)) and not circles
    with pytest.raises(BadRow):
        family.add(9999, Told(name="n0"))
