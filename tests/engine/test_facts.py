"""The catalogue is closed and typed; reading raw values is total and idempotent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadrouting.engine.facts import CATALOGUE, Catalogue, Fact, FactConflictError, FactType, UnknownFactError
from leadrouting.engine.values import fold, reader
from tests.engine.engine_strategies import raw_values


def test_built_in_keys_are_unique_and_labelled() -> None:
    assert len({fact.key for fact in CATALOGUE}) == len(CATALOGUE)
    assert all(fact.label and fact.group for fact in CATALOGUE)
    assert {fact.type for fact in CATALOGUE} == set(FactType)


def test_an_unknown_fact_names_the_nearest() -> None:
    with pytest.raises(UnknownFactError) as caught:
        Catalogue()["contry"]
    assert str(caught.value) == "There is no fact “contry”. Did you mean “country”?"
    assert caught.value.near == ("country",)
    assert str(UnknownFactError("zzz", ["country"])) == "There is no fact “zzz”."


def test_a_custom_fact_is_known_by_its_prefix() -> None:
    plan = Fact("attributes.plan", FactType.CHOICE, "plan")
    assert Catalogue([plan])["attributes.plan"] is plan
    assert "attributes.plan" not in Catalogue()


def test_a_built_in_fact_can_be_given_its_choices() -> None:
    channel = Fact("channel", FactType.CHOICE, "channel", choices=(("form", "Form"),))
    assert Catalogue([channel])["channel"].choices == (("form", "Form"),)


@pytest.mark.parametrize(
    ("custom", "said"),
    [
        ([Fact("plan", FactType.CHOICE, "plan")], "“plan” is not built in"),
        ([Fact("country", FactType.NUMBER, "country")], "cannot become a number"),
        (
            [Fact("attributes.a", FactType.TEXT, "a"), Fact("attributes.a", FactType.TEXT, "b")],
            "defined twice",
        ),
    ],
)
def test_conflicts_are_refused(custom: list[Fact], said: str) -> None:
    with pytest.raises(FactConflictError, match=said):
        Catalogue(custom)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  India ", "india"),
        ("SÃO Paulo", "sao paulo"),
        ("Zu\u0308rich", "zurich"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("İzmir", "izmir"),
        ("Łódź", "lodz"),
        ("Ærø", "aero"),
        ("ＡＢＣ", "abc"),
        ("ﬁn", "fin"),
        ("서울", "서울"),
        ("\u00a0\u2003", ""),
        ("\ud800x", "x"),
    ],
)
def test_text_folds(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
@settings(max_examples=300)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("type_", "raw", "value"),
    [
        (FactType.NUMBER, 0.1, Decimal("0.1")),
        (FactType.NUMBER, " 12.50 ", Decimal("12.50")),
        (FactType.NUMBER, True, 1),
        (FactType.NUMBER, "many", None),
        (FactType.NUMBER, float("nan"), None),
        (FactType.NUMBER, "inf", None),
        (FactType.NUMBER, "1e400", Decimal("1e400")),
        (FactType.YES_NO, "Yes", True),
        (FactType.YES_NO, "FALSE", False),
        (FactType.YES_NO, 1, True),
        (FactType.YES_NO, "perhaps", None),
        (FactType.TEXT, 42, "42"),
        (FactType.TEXT, ["a"], None),
        (FactType.SET, ["A", " a", "", None], frozenset({"a"})),
        (FactType.SET, "Vip", frozenset({"vip"})),
        (FactType.SET, ["", None], None),
        (FactType.PLACE, ("World", "DE"), frozenset({"world", "de"})),
        (FactType.MOMENT, "2026-03-29T02:30+02:00", datetime(2026, 3, 29, 0, 30, tzinfo=UTC)),
        (FactType.MOMENT, "2026-03-29T00:30Z", datetime(2026, 3, 29, 0, 30, tzinfo=UTC)),
        (FactType.MOMENT, datetime(2026, 3, 29), None),
        (FactType.MOMENT, "yesterday", None),
        (FactType.MOMENT, datetime.min.replace(tzinfo=timezone(timedelta(hours=2))), None),
    ],
)
def test_reading(type_: FactType, raw: Any, value: Any) -> None:
    assert reader(type_)(raw) == value


@given(st.data(), st.sampled_from(FactType))
@settings(max_examples=200, deadline=None)
def test_reading_twice_changes_nothing(data: st.DataObject, type_: FactType) -> None:
    once = reader(type_)(data.draw(raw_values(type_)))
    assert reader(type_)(once) == once
