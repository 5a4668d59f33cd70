"""What each operator means, case by case, and what is said about a condition that is wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from leadrouting.engine.conditions import ConditionError, check_condition, holds
from leadrouting.engine.facts import FactType
from leadrouting.engine.model import Condition
from leadrouting.engine.operators import Arity, Operator, arity, label, operators_for
from tests.engine.engine_strategies import CATALOGUE

BLANK_SATISFIES = {"is_blank", "is_not", "is_none_of", "includes_none"}
NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)
PATH = ["world", "emea", "dach", "de"]

# fact, operator, operand, values that satisfy it, values that do not
CASES: list[tuple[str, str, Any, list[Any], list[Any]]] = [
    ("country", "is", "India", ["india", " INDIA "], ["indiana", "in"]),
    ("country", "is_not", "India", ["de"], ["india"]),
    ("country", "is_any_of", ("IN", "DE"), ["in", "De"], ["fr"]),
    ("country", "is_none_of", ("IN", "DE"), ["fr"], ["in", "DE"]),
    ("country", "is_not_blank", None, ["x", 0], []),
    ("city", "is", "São Paulo", ["sao paulo", "SÃO PAULO "], ["sao  paulo"]),
    ("job_title", "contains", "Exécut", ["Chief EXECUTIVE"], ["chief"]),
    ("job_title", "starts_with", "Chief ", ["chief x", "CHIEF"], ["vice chief"]),
    ("job_title", "ends_with", "officer", ["Chief Officer "], ["officers"]),
    (
        "job_title",
        "matches",
        r"chief\b.*OFFICER",
        ["Chief of all officers"],
        ["officer, chief", "chiefofficer"],
    ),
    ("job_title", "matches", "^straße$", ["Strasse", "STRASSE"], ["strasse 1"]),
    ("job_title", "matches", "[0-9]{3}", ["room 101"], ["room 10"]),
    ("deal_size", "is", "0.1", [0.1, Decimal("0.10"), "0.1"], [0.10000000000000002, 0]),
    ("deal_size", "is_not", 5, [4, "junk"], [5, 5.0, "5.00"]),
    ("deal_size", "is_any_of", (1, 2.5), [1, True, "2.50"], [2]),
    ("deal_size", "is_none_of", (1, 2.5), [2], [1, Decimal("2.5")]),
    ("deal_size", "<", 5, [4.999, -1], [5, 6]),
    ("deal_size", "<=", 5, [5, Decimal("5.0")], [5.001]),
    ("deal_size", ">", 0.3, [0.30000000000000004, 1], [0.3, Decimal("0.3")]),
    ("deal_size", ">=", "0.3", [0.3, Decimal("0.3")], [0.29]),
    ("deal_size", "between", (5, 10), [5, 7.5, 10], [4.99, 10.01]),
    ("is_repeat", "is", True, [True, "yes", "True", 1], [False, "no", 0]),
    ("is_repeat", "is_not", "yes", [False, "no"], [True]),
    ("tags", "includes_any", ("vip", "Expo"), [["VIP"], ["a", "éxpo"], "vip"], [["a"], ["vips"]]),
    ("tags", "includes_all", ("vip", "expo"), [["EXPO", "vip", "x"]], [["vip"], ["expo"]]),
    ("tags", "includes_none", ("vip", "expo"), [["a"]], [["a", "vip"]]),
    ("tags", "is_not_blank", None, [["a"]], [[""], ["", None]]),
    ("received_at", "<", NOON, ["2026-03-29T13:59+02:00"], ["2026-03-29T14:00+02:00", NOON]),
    ("received_at", "<=", NOON, [NOON], ["2026-03-29T12:00:00.000001Z"]),
    ("received_at", ">", "2026-03-29T12:00Z", ["2026-03-29T12:00:00.000001Z"], [NOON]),
    ("received_at", ">=", NOON, ["2026-03-29T14:00+02:00"], ["2026-03-29T13:59+02:00"]),
    (
        "received_at",
        "between",
        (NOON, "2026-03-29T13:00Z"),
        [NOON, "2026-03-29T13:00Z"],
        ["2026-03-29T13:01Z"],
    ),
    ("territory", "within", "DACH", [PATH, ("dach",)], [["world", "emea"], ["world", "apac"]]),
    ("attributes.plan", "is", "Gold", ["gold"], ["basic"]),
    *[
        (fact, "is_blank", None, [None, "", "  ", []], ["x", ["x"]] if fact == "tags" else ["x"])
        for fact in ("country", "city", "tags", "territory")
    ],
    ("score", "is_blank", None, ["junk", float("nan")], [0]),
    ("is_repeat", "is_blank", None, ["perhaps"], [False]),
    ("received_at", "is_blank", None, ["soon"], [NOON]),
]


@pytest.mark.parametrize(("fact", "operator", "operand", "yes", "no"), CASES)
def test_meaning(fact: str, operator: str, operand: Any, yes: list[Any], no: list[Any]) -> None:
    condition = Condition(fact, operator, operand)
    assert [value for value in yes if not holds(condition, {fact: value}, CATALOGUE)] == []
    assert [value for value in no if holds(condition, {fact: value}, CATALOGUE)] == []


@pytest.mark.parametrize(("fact", "operator", "operand"), [case[:3] for case in CASES])
@pytest.mark.parametrize("blank", [{}, None, "", " \t", []])
def test_a_blank_fact_satisfies_only_the_negative_operators(
    fact: str, operator: str, operand: Any, blank: Any
) -> None:
    facts = blank if blank == {} else {fact: blank}
    assert holds(Condition(fact, operator, operand), facts, CATALOGUE) is (operator in BLANK_SATISFIES)


def test_the_table_has_every_operator_of_every_type() -> None:
    tried = {(CATALOGUE[fact].type, operator) for fact, operator, *_ in CASES}
    blank_checks = {Operator.IS_BLANK, Operator.IS_NOT_BLANK}
    missing = {
        (type_, operator)
        for type_ in FactType
        for operator in operators_for(type_)
        if operator not in blank_checks and (type_, operator.value) not in tried
    }
    assert {pair for pair in missing if pair[0] is not FactType.TEXT} == set()
    assert all(label(operator) and arity(operator) in Arity for operator in Operator)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (("contry", "is", "x"), "There is no fact “contry”. Did you mean “country”?"),
        (("country", "like", "x"), "There is no operator “like”. For country choose one of: is, is not,"),
        (("country", ">", 5), "A choice fact does not allow “>”. For country choose one of: is,"),
        (("received_at", "is", NOON), "For time received choose one of: is before, is at or before,"),
        (("country", "is", None), "“country is” needs a value."),
        (("country", "is", "  "), "“country is” needs a value."),
        (("country", "is", ("a", "b")), "“country is” takes one value, not a list."),
        (("country", "is_any_of", "a"), "“country is any of” needs a list with at least one value."),
        (("country", "is_any_of", ()), "needs a list with at least one value."),
        (("country", "is_any_of", ("a", "")), "“country is any of” needs a value."),
        (("country", "is_blank", "x"), "“country is blank” takes no value: leave it empty."),
        (("score", "between", (9, 3)), "“score is between” 9 and 3 is reversed: the lower end goes first."),
        (("score", "between", 9), "needs two values: the lower and the upper end."),
        (("score", ">", "lots"), "“score is more than”: “lots” is not a number."),
        (("score", ">", "nan"), "“nan” is not a number."),
        (("score", ">", 10**18), "is too large."),
        (("score", ">", "0.1234567890123"), "has more than 12 decimal places."),
        (("is_repeat", "is", "perhaps"), "“perhaps” is not yes or no."),
        (("received_at", "<", "2026-03-29T12:00"), "is not a date and time with its zone, such as 2026"),
        (("job_title", "matches", "(chief"), "the pattern cannot be used (missing )"),
        (("job_title", "matches", r"(a)\1"), "the pattern cannot be used"),
        (("job_title", "matches", "a" * 501), "the pattern is longer than 500 characters."),
        (("job_title", "matches", 5), "needs a pattern written as text."),
        (("attributes.plan", "is", "golden"), "“golden” is not a known plan. Choose for example “gold”."),
        (("received_weekday", "is_any_of", ("monday", "Mo")), "“Mo” is not a known received weekday."),
        (("tags", "includes_any", (["a", "b"],)), "is not one value."),
    ],
)
def test_what_is_said_about_a_wrong_condition(condition: tuple[str, str, Any], said: str) -> None:
    with pytest.raises(ConditionError) as caught:
        check_condition(Condition(*condition), CATALOGUE)
    assert said in str(caught.value)


def test_an_ops_friendly_list_from_json_is_as_good_as_a_tuple() -> None:
    check_condition(Condition("country", "is_any_of", ["IN", "DE"]), CATALOGUE)


def test_a_retired_choice_stops_no_published_version() -> None:
    retired = Condition("attributes.plan", "is", "silver")
    assert holds(retired, {"attributes.plan": "Silver"}, CATALOGUE)
    with pytest.raises(ConditionError, match="not a known plan"):
        check_condition(retired, CATALOGUE)
