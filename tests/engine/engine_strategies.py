"""Random facts, conditions, logic and rule sets: every type, every operator, awkward values on purpose."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from leadrouting.engine.facts import Catalogue, Fact, FactType
from leadrouting.engine.logic import And, Node, Not, Or, Ref, render
from leadrouting.engine.model import Condition, Rule, RuleSet
from leadrouting.engine.operators import Arity, Operator, arity, operators_for

CATALOGUE = Catalogue(
    [
        Fact("attributes.plan", FactType.CHOICE, "plan", choices=(("gold", "Gold"), ("basic", "Basic"))),
        Fact("attributes.seats", FactType.NUMBER, "seats"),
        Fact("attributes.note", FactType.TEXT, "note"),
    ]
)

# Few facts of each type, so that conditions meet values, and each other.
FACTS = (
    *("country", "source", "job_title", "city", "deal_size", "score", "is_repeat", "tags", "received_at"),
    *("territory", "attributes.plan", "attributes.seats", "attributes.note"),
)

TEXTS = (
    *("india", "India", " INDIA ", "São Paulo", "sao paulo", "SÃO  PAULO", "Zürich", "zurich", "STRASSE"),
    *("Straße", "İzmir", "izmir", "Łódź", "e", "é", "e\u0301", "chief executive", "Chief Exécutive Officer"),
    *("ﬁn", "fin", "x" * 300, "0", "1", "a.b", "in"),
)
BLANKS: tuple[Any, ...] = (None, "", "  ", "\u00a0", [], "\u0301")
NUMBERS: tuple[Any, ...] = (
    0,
    1,
    2,
    3,
    10,
    -1,
    0.1,
    0.5,
    2.5,
    "0.1",
    " 2 ",
    Decimal("0.1"),
    Decimal("2.50"),
    1e23,
)
START = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
CODES = ("world", "emea", "dach", "de", "de-by", "apac", "in")
PATTERNS = (
    "^in",
    "a$",
    "[0-9]+",
    "exé?c",
    "chief.*officer",
    "sao +paulo",
    r"\bof",
    "straße",
    "(?:a|b)\\.b",
    "",
)

moments = st.builds(
    lambda minutes, offset: (START + timedelta(minutes=minutes)).astimezone(
        timezone(timedelta(hours=offset))
    ),
    st.integers(-3, 3).map(lambda step: step * 30),
    st.integers(-2, 2),
)
texts = st.one_of(st.sampled_from(TEXTS), st.text(max_size=5))
members = st.sampled_from((*TEXTS, *CODES))

JUNK: tuple[Any, ...] = (
    *(
        ["a", "b"],
        {"a": 1},
        [["x"]],
        [None, ""],
        True,
        3.0,
        float("nan"),
        float("inf"),
        Decimal("sNaN"),
        "junk",
    ),
    *(
        datetime(2026, 1, 1),
        START,
        b"bytes",
        ("india",),
        frozenset({"de"}),
        {"in"},
        "2026-03-29T00:30Z",
        object,
    ),
)

_VALUES: dict[FactType, st.SearchStrategy[Any]] = {
    FactType.CHOICE: texts,
    FactType.TEXT: texts,
    FactType.NUMBER: st.one_of(st.sampled_from(NUMBERS), st.integers(-2, 12), st.decimals(-2, 12, places=1)),
    FactType.YES_NO: st.sampled_from((True, False, "yes", "No", "TRUE", "false", 1, 0)),
    FactType.SET: st.one_of(st.lists(members, max_size=4), members),
    FactType.MOMENT: st.one_of(moments, moments.map(datetime.isoformat)),
    FactType.PLACE: st.integers(0, len(CODES)).map(lambda depth: list(CODES[:depth])),
}


def raw_values(type_: FactType) -> st.SearchStrategy[Any]:
    """What may arrive for a fact of this type: mostly sensible, sometimes blank, now and then rubbish."""
    good = _VALUES[type_]
    return st.one_of(good, good, good, st.sampled_from(BLANKS), st.sampled_from(JUNK))


@st.composite
def facts(draw: st.DrawFn) -> dict[str, Any]:
    """A raw mapping, in which some facts are missing."""
    wanted = draw(st.lists(st.sampled_from(FACTS), unique=True, min_size=4))
    return {key: draw(raw_values(CATALOGUE[key].type)) for key in wanted}


def _operand(fact: Fact) -> st.SearchStrategy[Any]:
    if fact.choices:
        return st.sampled_from([value for value, _ in fact.choices])
    match fact.type:
        case FactType.CHOICE | FactType.TEXT:
            return st.sampled_from(TEXTS)
        case FactType.NUMBER:
            return st.sampled_from((0, 1, 2, 3, 10, 0.1, "0.1", Decimal("0.10"), Decimal("2.5"), -1))
        case FactType.PLACE:
            return st.sampled_from(CODES)
        case FactType.SET:
            return members
        case _:
            return _VALUES[fact.type]


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    fact = CATALOGUE[draw(st.sampled_from(FACTS))]
    operator = draw(st.sampled_from(operators_for(fact.type)))
    operand: Any
    if operator is Operator.MATCHES:
        operand = draw(st.sampled_from([pattern for pattern in PATTERNS if pattern]))
    else:
        match arity(operator):
            case Arity.NONE:
                operand = None
            case Arity.ONE:
                operand = draw(_operand(fact))
            case Arity.LIST:
                operand = tuple(draw(st.lists(_operand(fact), min_size=1, max_size=3)))
            case Arity.RANGE:
                operand = draw(ranges(fact))
    return Condition(fact.key, operator.value, operand)


def ranges(fact: Fact) -> st.SearchStrategy[tuple[Any, Any]]:
    if fact.type is FactType.MOMENT:
        return st.tuples(moments, moments).map(lambda pair: tuple(sorted(pair)))
    return st.sampled_from(((0, 0), (0, 2), ("0.1", 2), (-1, Decimal("0.1")), (2, 10)))


@st.composite
def logic(draw: st.DrawFn, count: int) -> Node:
    """A tree that uses each of `count` (at least one) conditions, some of them twice."""
    numbers = draw(
        st.permutations([*range(1, count + 1), *draw(st.lists(st.integers(1, count), max_size=1))])
    )
    return draw(_tree(list(numbers)))


@st.composite
def _tree(draw: st.DrawFn, numbers: list[int], nots: int = 2) -> Node:
    if nots and draw(st.integers(0, 3)) == 0:
        return Not(draw(_tree(numbers, nots - 1)))
    if len(numbers) == 1:
        return Ref(numbers[0])
    cut = draw(st.integers(1, len(numbers) - 1))
    parts = draw(_tree(numbers[:cut])), draw(_tree(numbers[cut:]))
    return draw(st.sampled_from((And, Or)))(parts)


@st.composite
def rules(draw: st.DrawFn, id_: int = 1) -> Rule:
    wanted = tuple(draw(st.lists(conditions(), max_size=6)))
    text = render(draw(logic(len(wanted)))) if wanted and draw(st.booleans()) else ""
    return Rule(id_, f"rule {id_}", wanted, text)


@st.composite
def rule_sets(draw: st.DrawFn) -> RuleSet:
    count = draw(st.integers(0, 8))
    return RuleSet(version=1, rules=tuple(draw(rules(number)) for number in range(1, count + 1)), catch_all=1)
