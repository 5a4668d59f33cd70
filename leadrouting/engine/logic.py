"""Filter logic: `1 AND (2 OR NOT 3)` over a rule's condition numbers, parsed by recursive descent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MAX_DEPTH = 30
_TOKEN = re.compile(r"\s*(?:(?P<number>[0-9]+)|(?P<word>[^\W\d_]+)|(?P<mark>[()])|(?P<bad>\S))")


class LogicError(ValueError):
    """The filter logic cannot be read; `column` (from 1) is where to look."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(f"{message} (column {column})")
        self.message = message
        self.column = column


@dataclass(frozen=True, slots=True)
class Ref:
    """Condition `number`, from 1."""

    number: int


@dataclass(frozen=True, slots=True)
class Not:
    term: Node


@dataclass(frozen=True, slots=True)
class And:
    """All terms; true without any."""

    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one term."""

    terms: tuple[Node, ...]


Node = Ref | Not | And | Or


def parse(text: str, count: int) -> Node:
    """Read the logic over `count` conditions; blank text means that all must hold.

    Each condition must be used, AND and OR mixed need parentheses, NOT binds most tightly, case is free.
    Raises `LogicError`.
    """
    if not text.strip():
        return And(tuple(Ref(number) for number in range(1, count + 1)))
    return _Parser(text, count).parse()


def evaluate(node: Node, truth: Callable[[int], bool]) -> bool:
    """Whether the logic holds; asks `truth` left to right, and for no more than it needs."""
    match node:
        case Ref(number):
            return truth(number)
        case Not(term):
            return not evaluate(term, truth)
        case And(terms):
            return all(evaluate(term, truth) for term in terms)
        case Or(terms):
            return any(evaluate(term, truth) for term in terms)


def numbers(node: Node) -> Iterator[int]:
    """The condition numbers in the order of reading, with repetitions."""
    match node:
        case Ref(number):
            yield number
        case Not(term):
            yield from numbers(term)
        case And(terms) | Or(terms):
            for term in terms:
                yield from numbers(term)


def render(
    node: Node, name: Callable[[int], str] = str, words: tuple[str, str, str] = ("AND", "OR", "NOT")
) -> str:
    """The logic as text, with parentheses where `parse` needs them. `parse(render(node)) == node`."""
    and_, or_, not_ = words

    def wrapped(inner: Node) -> str:
        text = render(inner, name, words)
        return f"({text})" if isinstance(inner, (And, Or)) else text

    match node:
        case Ref(number):
            return name(number)
        case Not(term):
            return f"{not_} {wrapped(term)}"
        case And(terms):
            return f" {and_} ".join(map(wrapped, terms))
        case Or(terms):
            return f" {or_} ".join(map(wrapped, terms))


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # "number", "and", "or", "not", "(", ")", "end"
    text: str
    column: int


def _tokens(text: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(text):
        kind, value = str(found.lastgroup), found.group(found.lastgroup or 0)
        column = found.start(kind) + 1
        if kind == "word" and value.upper() in ("AND", "OR", "NOT"):
            yield _Token(value.lower(), value, column)
        elif kind == "word":
            raise LogicError(
                f"“{value}” is not known: use condition numbers, AND, OR, NOT and parentheses", column
            )
        elif kind == "bad":
            raise LogicError(f"“{value}” does not belong here", column)
        else:
            yield _Token(value if kind == "mark" else kind, value, column)
    yield _Token("end", "", len(text.rstrip()) + 1)


class _Parser:
    """expression = term {AND term} | term {OR term};  term = NOT term | number | ( expression )."""

    def __init__(self, text: str, count: int) -> None:
        self._tokens = _tokens(text)
        self._token = next(self._tokens)
        self._count = count
        self._used: set[int] = set()

    def parse(self) -> Node:
        node = self._expression(depth=0)
        if self._token.kind == ")":
            raise LogicError("This “)” closes nothing", self._token.column)
        if self._token.kind != "end":
            raise self._unexpected("AND or OR is missing before")
        unused = sorted(set(range(1, self._count + 1)) - self._used)
        if unused:
            raise LogicError(f"Condition {unused[0]} is not used", self._token.column)
        return node

    def _expression(self, depth: int) -> Node:
        terms = [self._term(depth)]
        joined = self._token.kind
        while self._token.kind in ("and", "or"):
            if self._token.kind != joined:
                raise LogicError("AND and OR are mixed: add parentheses", self._token.column)
            self._advance()
            terms.append(self._term(depth))
        if len(terms) == 1:
            return terms[0]
        return And(tuple(terms)) if joined == "and" else Or(tuple(terms))

    def _term(self, depth: int) -> Node:
        token = self._token
        if depth > MAX_DEPTH:
            raise LogicError("This is nested too deeply", token.column)
        if token.kind == "not":
            self._advance()
            return Not(self._term(depth + 1))
        if token.kind == "(":
            self._advance()
            node = self._expression(depth + 1)
            if self._token.kind != ")":
                if self._token.kind == "end":
                    raise LogicError("This “(” is never closed", token.column)
                raise self._unexpected("AND or OR is missing before")
            self._advance()
            return node
        if token.kind == "number":
            self._advance()
            return Ref(self._known(token))
        raise self._unexpected("A condition number is missing before")

    def _known(self, token: _Token) -> int:
        # Compared as text first: int() of a very long number is slow, and refused.
        number = int(token.text) if len(token.text) <= 6 else 0
        if not 1 <= number <= self._count:
            have = f"there are {self._count}" if self._count != 1 else "there is only 1"
            raise LogicError(f"There is no condition {token.text}: {have}", token.column)
        self._used.add(number)
        return number

    def _advance(self) -> None:
        self._token = next(self._tokens)

    def _unexpected(self, what: str) -> LogicError:
        shown = f"“{self._token.text}”" if self._token.text else "the end"
        return LogicError(f"{what} {shown}", self._token.column)
