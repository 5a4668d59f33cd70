"""Custom attributes: each value read as its type, told in words, kept while a rule asks about it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from leadrouting.leads.attributes import (
    AttributeInUse,
    check_choices,
    clean_attributes,
    definitions,
    merged,
    refusal,
    remove,
    told,
    uses_of,
)
from leadrouting.leads.bulk import Enquiry, receive_many
from leadrouting.leads.models import Attribute, Lead
from leadrouting.leads.revising import revise_lead
from leadrouting.leads.services import receive_lead
from leadrouting.rules.services import publish
from tests import world

ALL = [
    Attribute(key="budget_band", label="budget band", type="choice", choices=["Small", "Größer"]),
    Attribute(key="fleet", label="fleet", type="text"),
    Attribute(key="seats", label="seats", type="number", unit="seats"),
    Attribute(key="trial", label="in trial", type="yes_no"),
    Attribute(key="modules", label="modules", type="set", choices=["CRM", "Mail"]),
    Attribute(key="renewal", label="renewal", type="moment"),
    Attribute(key="segment", label="segment", type="choice"),
]
KNOWN = {one.key: one for one in ALL}


def make(*keys: str) -> None:
    for key in keys:
        one = KNOWN[key]
        Attribute.objects.create(key=key, label=one.label, type=one.type, choices=one.choices, unit=one.unit)


def refused(given: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        clean_attributes(given, KNOWN)
    return caught.value.message_dict


@pytest.mark.parametrize(
    ("key", "given", "kept"),
    [
        ("budget_band", " grösser ", "Größer"),
        ("budget_band", "GRÖSSER", "Größer"),
        ("segment", " any  thing ", "any thing"),
        ("fleet", "12", "12"),
        ("seats", 12, 12),
        ("seats", 12.0, 12),
        ("seats", "0.10", "0.1"),
        ("seats", 0.1, "0.1"),
        ("seats", "-1e3", -1000),
        ("seats", 0, 0),
        ("trial", True, True),
        ("trial", "No", False),
        ("trial", 1, True),
        ("modules", "crm, Mail ,CRM", ["CRM", "Mail"]),
        ("modules", ["mail"], ["Mail"]),
        ("renewal", "2026-03-04T13:00:00+01:00", "2026-03-04T12:00:00+00:00"),
        ("renewal", datetime(2026, 3, 4, 12, tzinfo=UTC), "2026-03-04T12:00:00+00:00"),
    ],
)
def test_values_are_read_as_their_type(key, given, kept):
    assert clean_attributes({key: given}, KNOWN) == {key: kept}


@pytest.mark.parametrize("blank", [None, "", "  ", [], [""]])
def test_blank_values_are_left_out(blank):
    given = {
        "fleet": blank if isinstance(blank, str) else None,
        "modules": blank,
        "renewal": blank if isinstance(blank, str) else None,
    }
    assert clean_attributes(given, KNOWN) == {}


@pytest.mark.parametrize(
    ("key", "given", "says"),
    [
        ("budgt_band", "x", "There is no attribute “budgt_band”. Did you mean “budget_band”?"),
        ("In Trial", True, "Did you mean “trial”?"),
        ("zzz", 1, "Known: budget_band, fleet, modules"),
        ("budget_band", "gold", "“gold” is not one of: Small, Größer."),
        ("budget_band", ["Small"], "Write this as text, in quotes."),
        ("fleet", 12, "Write this as text, in quotes."),
        ("fleet", "x" * 501, "at most 500"),
        ("seats", "many", "“many” is not a number of seats."),
        ("seats", True, "is not a number"),
        ("seats", 10**400, "too large"),
        ("seats", "1e400", "too large"),
        ("seats", "0.1234567", "more than 6 decimals"),
        ("seats", float("inf"), "is not a number"),
        ("trial", "perhaps", "neither yes nor no"),
        ("modules", "crm, erp", "“erp” is not one of: CRM, Mail."),
        ("modules", {"a": 1}, "Give a list of texts"),
        ("renewal", "2026-03-04", "lacks its time or zone"),
        ("renewal", "2026-03-04T12:00", "lacks its time or zone"),
        ("renewal", "soon", "is not a date and time"),
        ("renewal", 7, "is not a date and time"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_key(key, given, says):
    assert says in refused({key: given, "trial": given if key == "trial" else True})[f"attributes.{key}"][0]


def test_every_bad_key_is_told_at_once():
    assert set(refused({"seats": "x", "trial": "x"})) == {"attributes.seats", "attributes.trial"}
    assert "Give an object" in refused(["seats"])["attributes"][0]


def test_reading_again_changes_nothing():
    given = {"budget_band": "small", "seats": "1.50", "modules": "mail", "renewal": "2026-03-04T12:00:00Z"}
    once = clean_attributes(given, KNOWN)
    assert clean_attributes(once, KNOWN) == once


def test_what_is_not_named_stays_and_blank_takes_away():
    held = {"seats": 5, "trial": True, "old_key": "x", "older": "y"}
    after = merged(held, {"seats": None, "fleet": "vans", "old_key": "x", "older": ""}, KNOWN)
    assert after == {"trial": True, "old_key": "x", "fleet": "vans"}
    with pytest.raises(ValidationError):
        merged(held, {"old_key": "z"}, KNOWN)


def test_values_in_words():
    values = {"seats": 12000, "trial": False, "modules": ["CRM", "Mail"], "gone_by": "x"} | {
        "renewal": "2026-03-04T12:00:00+00:00"
    }
    with timezone.override("Asia/Kolkata"):
        said = dict(told(values, KNOWN))
    assert said == {
        "Seats": "12,000 seats",
        "In trial": "No",
        "Modules": "CRM, Mail",
        "Renewal": "4 Mar 2026, 17:30",
        "Gone by": "x",
    }


@pytest.mark.django_db
def test_receiving_reads_them_and_refuses_with_nothing_half_written():
    make("seats")
    lead = receive_lead(now=world.NOON, name="Max", attributes={"seats": "12"}).lead
    assert Lead.objects.get(pk=lead.pk).attributes == {"seats": 12}
    with pytest.raises(ValidationError) as caught:
        receive_lead(now=world.NOON, name="Mo", country="XX", attributes={"seat": 1})
    assert "Did you mean “seats”?" in caught.value.message_dict["attributes.seat"][0]
    assert "country" in caught.value.message_dict and Lead.objects.count() == 1


@pytest.mark.django_db
def test_one_query_when_some_are_given_and_none_otherwise(django_assert_num_queries):
    make("seats")
    receive_lead(now=world.NOON, name="First")  # reads the configuration
    with django_assert_num_queries(5):  # savepoint, stamp, insert, event, savepoint
        receive_lead(now=world.NOON, name="Max")
    with django_assert_num_queries(6):
        receive_lead(now=world.NOON, name="Max", attributes={"seats": 1})


@pytest.mark.django_db
def test_many_are_read_with_one_query(django_assert_max_num_queries):
    make("seats", "trial")
    rows = [
        Enquiry({"name": f"Max {n}", "attributes": {"seats": n, "trial": "yes"}}, world.NOON)
        for n in range(50)
    ]
    rows.append(Enquiry({"name": "Bad", "attributes": {"seats": "x"}}, world.NOON))
    with django_assert_max_num_queries(6):
        *good, bad = receive_many(rows)
    assert isinstance(bad, ValidationError) and "attributes.seats" in bad.message_dict
    assert len(good) == Lead.objects.count() == 50


@pytest.mark.django_db
def test_a_repeat_enquiry_fills_blanks_alone():
    make("seats", "trial")
    receive_lead(now=world.NOON, email="max@example.com", attributes={"seats": 1})
    receive_lead(now=world.NOON, email="max@example.com", attributes={"seats": 2, "trial": "no"})
    assert Lead.objects.get().attributes == {"seats": 1, "trial": False}


@pytest.mark.django_db
def test_revising_changes_those_that_are_named():
    make("seats", "trial")
    lead = world.lead(attributes={"seats": 1, "ancient": "x"}, country="XX")
    revise_lead(lead_id=lead.pk, attributes={"trial": "yes"})
    assert Lead.objects.get().attributes == {"seats": 1, "ancient": "x", "trial": True}
    revise_lead(lead_id=lead.pk, city="Ulm", attributes={"seats": None, "ancient": None})
    assert Lead.objects.get().attributes == {"trial": True} and Lead.objects.get().country == "XX"
    revise_lead(lead_id=lead.pk, attributes=None)
    assert Lead.objects.get().attributes == {}


@pytest.mark.django_db
def test_one_that_a_rule_asks_about_stays(django_assert_num_queries):
    make("seats", "trial")
    version = world.live(world.pool(world.rep()), when=[("attributes.seats", ">=", "5")], name="Large")
    seats, trial = Attribute.objects.get(key="seats"), Attribute.objects.get(key="trial")
    with django_assert_num_queries(3):
        uses = uses_of(["seats", "trial"])
    assert [use.rule for use in uses["seats"]] == ["Large"] and uses["trial"] == []
    for attempt in (seats.delete, lambda: remove(seats), Attribute.objects.all().delete):
        with pytest.raises(AttributeInUse, match="“Large”"), transaction.atomic():
            attempt()
    remove(trial)
    rule = version.rule_set.rules.get()
    rule.conditions.all().delete()
    with pytest.raises(AttributeInUse, match=r"of the live version 1"):
        remove(seats)
    publish(rule_set=version.rule_set, by=None, now=world.NOON)
    remove(seats)
    assert definitions() == {}


@pytest.mark.django_db
def test_a_choice_that_a_rule_names_stays():
    make("budget_band", "segment")
    when = [("attributes.budget_band", "is_any_of", "small"), ("attributes.segment", "is", "Retail")]
    world.rule(world.rule_set("Main"), when=when, name="Careful", is_active=False)
    band, segment = definitions()["budget_band"], definitions()["segment"]
    check_choices(band, ["Small", "Huge"])
    check_choices(band, [])
    check_choices(segment, ["RETAIL"])
    with pytest.raises(ValidationError, match=r"“Small” must stay: .*“Careful”"):
        check_choices(band, ["Größer"])
    with pytest.raises(ValidationError, match=r"“retail” must stay"):
        check_choices(segment, ["Wholesale"])
    assert "switched off" in refusal(band, uses_of(["budget_band"])["budget_band"])
