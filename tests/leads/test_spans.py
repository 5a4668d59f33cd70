"""The catalogue says of numbers what the columns hold and what the database allows."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, models, transaction

from leadrouting.engine.facts import CATALOGUE, FactType
from leadrouting.engine.spans import Span
from leadrouting.leads.attributes import clean_attributes
from leadrouting.leads.models import Account, Attribute, Lead
from leadrouting.rules.catalogue import COLUMNS, custom_fact

ELSEWHERE = {"received_hour", "lifetime_value"}
SPANS = {fact.key: fact.span for fact in CATALOGUE if fact.type is FactType.NUMBER}


@pytest.mark.parametrize("key", sorted(set(SPANS) - ELSEWHERE))
def test_a_number_of_a_lead_is_what_its_column_holds(key: str) -> None:
    assert SPANS[key] == _held(Lead._meta.get_field(key))


def _held(field: object) -> Span:
    if isinstance(field, models.DecimalField):
        most = (10**field.max_digits - 1) * Decimal(1).scaleb(-field.decimal_places)
        return Span(-most, most, field.decimal_places)
    assert isinstance(field, models.IntegerField)
    return Span(*connection.ops.integer_field_range(field.get_internal_type()), places=0)


@pytest.mark.django_db
def test_a_lifetime_value_is_never_negative() -> None:
    assert SPANS["lifetime_value"].high == _held(Account._meta.get_field("lifetime_value")).high
    assert SPANS["lifetime_value"].low == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(name="Acme", lifetime_value=-1)


def test_a_custom_number_is_what_is_kept_of_it() -> None:
    seats = Attribute(key="seats", label="seats", type="number")
    span = custom_fact({name: getattr(seats, name) for name in COLUMNS}).span
    for number in (10**15, "0.000001", "-7.5"):
        (kept,) = clean_attributes({"seats": number}, {"seats": seats}).values()
        assert Decimal(kept) in span
    assert 10**15 + 1 not in span and Decimal("0.0000001") not in span
