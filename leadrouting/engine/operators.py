"""The closed list of operators: the types that allow them, their wording, the number of operands."""

from __future__ import annotations

from enum import Enum, StrEnum

from leadrouting.engine.facts import FactType


class Operator(StrEnum):
    """A blank fact satisfies only `IS_BLANK`, `IS_NOT`, `IS_NONE_OF` and `INCLUDES_NONE`."""

    IS = "is"
    IS_NOT = "is_not"
    IS_ANY_OF = "is_any_of"
    IS_NONE_OF = "is_none_of"
    IS_BLANK = "is_blank"
    IS_NOT_BLANK = "is_not_blank"
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    BETWEEN = "between"
    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    MATCHES = "matches"
    INCLUDES_ANY = "includes_any"
    INCLUDES_ALL = "includes_all"
    INCLUDES_NONE = "includes_none"
    WITHIN = "within"


class Arity(Enum):
    """How many operands an operator takes: none, one, two ends of a range (both included), or a list."""

    NONE = "none"
    ONE = "one"
    RANGE = "range"
    LIST = "list"


_O = Operator
_BLANKS = (_O.IS_BLANK, _O.IS_NOT_BLANK)
_EQUAL = (_O.IS, _O.IS_NOT, _O.IS_ANY_OF, _O.IS_NONE_OF)
_ORDER = (_O.LESS, _O.AT_MOST, _O.MORE, _O.AT_LEAST, _O.BETWEEN)
SEARCHES = (_O.CONTAINS, _O.STARTS_WITH, _O.ENDS_WITH, _O.MATCHES)
_INCLUDES = (_O.INCLUDES_ANY, _O.INCLUDES_ALL, _O.INCLUDES_NONE)

_ALLOWED: dict[FactType, tuple[Operator, ...]] = {
    FactType.CHOICE: (*_EQUAL, *_BLANKS),
    FactType.TEXT: (*_EQUAL, *SEARCHES, *_BLANKS),
    FactType.NUMBER: (*_EQUAL, *_ORDER, *_BLANKS),
    FactType.YES_NO: (_O.IS, _O.IS_NOT, *_BLANKS),
    FactType.SET: (*_INCLUDES, *_BLANKS),
    FactType.MOMENT: (*_ORDER, *_BLANKS),
    FactType.PLACE: (_O.WITHIN, *_BLANKS),
}

_ARITY: dict[Operator, Arity] = {
    **dict.fromkeys(Operator, Arity.ONE),
    **dict.fromkeys(_BLANKS, Arity.NONE),
    **dict.fromkeys((_O.IS_ANY_OF, _O.IS_NONE_OF, *_INCLUDES), Arity.LIST),
    _O.BETWEEN: Arity.RANGE,
}

_LABELS: dict[Operator, str] = {
    _O.IS: "is",
    _O.IS_NOT: "is not",
    _O.IS_ANY_OF: "is any of",
    _O.IS_NONE_OF: "is none of",
    _O.IS_BLANK: "is blank",
    _O.IS_NOT_BLANK: "is not blank",
    _O.LESS: "is less than",
    _O.AT_MOST: "is at most",
    _O.MORE: "is more than",
    _O.AT_LEAST: "is at least",
    _O.BETWEEN: "is between",
    _O.CONTAINS: "contains",
    _O.STARTS_WITH: "starts with",
    _O.ENDS_WITH: "ends with",
    _O.MATCHES: "matches",
    _O.INCLUDES_ANY: "includes any of",
    _O.INCLUDES_ALL: "includes all of",
    _O.INCLUDES_NONE: "includes none of",
    _O.WITHIN: "is within",
}

_MOMENT_LABELS: dict[Operator, str] = {
    _O.LESS: "is before",
    _O.AT_MOST: "is at or before",
    _O.MORE: "is after",
    _O.AT_LEAST: "is at or after",
}


def operators_for(type_: FactType) -> tuple[Operator, ...]:
    """The operators that a fact type allows, in the order in which a form offers them."""
    return _ALLOWED[type_]


def arity(operator: Operator) -> Arity:
    """How many operands the operator takes."""
    return _ARITY[operator]


def label(operator: Operator, type_: FactType | None = None) -> str:
    """The operator in the middle of a sentence; moments are before and after rather than less and more."""
    if type_ is FactType.MOMENT and operator in _MOMENT_LABELS:
        return _MOMENT_LABELS[operator]
    return _LABELS[operator]
