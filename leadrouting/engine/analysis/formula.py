"""Formulas over variables with finitely many values, and their normal forms.

A literal `(variable, values)` says that the variable has one of the values in the mask. Boolean logic with
such signed literals is what many-valued satisfiability works on; see R. Hähnle, "Short conjunctive normal forms
in finitely valued logics", 1994.
"""

from __future__ import annotations

from dataclasses import dataclass

Literal = tuple[int, int]  # variable, mask of its values
Clause = tuple[Literal, ...]  # at least one holds
Box = dict[int, int]  # all hold; a variable that is missing is free

MAX_CLAUSES = 32
MAX_BOXES = 64
OFF, ON = 1, 2  # the masks of a variable with two values


@dataclass(frozen=True, slots=True)
class Lit:
    """The variable has one of these values."""

    variable: int
    values: int


@dataclass(frozen=True, slots=True)
class All:
    """All parts hold; true without any."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part holds; false without any."""

    parts: tuple[Formula, ...]


Formula = Lit | All | Some


def negated(formula: Formula, full: list[int]) -> Formula:
    """The opposite, with NOT pushed down to the literals. `full[variable]` is the mask of all its values."""
    match formula:
        case Lit(variable, values):
            return Lit(variable, full[variable] ^ values)
        case All(parts):
            return Some(tuple(negated(part, full) for part in parts))
        case Some(parts):
            return All(tuple(negated(part, full) for part in parts))


def clauses(formula: Formula, full: list[int]) -> list[Clause]:
    """Clauses that can be satisfied together with any others exactly when the formula can.

    Where multiplying out would take more than MAX_CLAUSES, a new variable (added to `full`) stands for the
    part; since it is used in one direction only, one direction is all that is said of it (Plaisted and
    Greenbaum, 1986).
    """
    extra: list[Box] = []
    found = _clauses(formula, full, extra)
    return [tuple(clause.items()) for clause in (*found, *extra)]


def _clauses(formula: Formula, full: list[int], extra: list[Box]) -> list[Box]:
    match formula:
        case Lit(variable, values):
            return [{variable: values} if values else {}] if values != full[variable] else []
        case All(parts):
            return [clause for part in parts for clause in _clauses(part, full, extra)]
        case Some(parts):
            options = [_clauses(part, full, extra) for part in parts]
            result: list[Box] = [{}]
            for option in sorted(options, key=len):
                if len(result) * len(option) > MAX_CLAUSES:
                    option = [_switch(option, full, extra)]
                joined = (_either(one, other, full) for one in result for other in option)
                result = [clause for clause in joined if clause is not None]
            return result


def _switch(option: list[Box], full: list[int], extra: list[Box]) -> Box:
    full.append(OFF | ON)
    switch = len(full) - 1
    extra += [{switch: OFF, **clause} for clause in option]
    return {switch: ON}


def _either(one: Box, other: Box, full: list[int]) -> Box | None:
    """Both clauses as one; None when it always holds."""
    joined = dict(one)
    for variable, values in other.items():
        joined[variable] = joined.get(variable, 0) | values
        if joined[variable] == full[variable]:
            return None
    return joined


def boxes(formula: Formula, full: list[int]) -> list[Box] | None:
    """The formula as alternatives, each of which asks every variable by itself; None beyond MAX_BOXES."""
    match formula:
        case Lit(variable, values):
            return [{variable: values}] if values else []
        case Some(parts):
            found: list[Box] = []
            for part in parts:
                more = boxes(part, full)
                if more is None or len(found) + len(more) > MAX_BOXES:
                    return None
                found += more
            return found
        case All(parts):
            result: list[Box] = [{}]
            for part in parts:
                more = boxes(part, full)
                if more is None or len(result) * len(more) > MAX_BOXES:
                    return None
                met = (both(one, other) for one in result for other in more)
                result = [box for box in met if box is not None]
            return result


def both(one: Box, other: Box) -> Box | None:
    """Where two boxes meet; None when nowhere."""
    met = dict(one)
    for variable, values in other.items():
        met[variable] = met.get(variable, -1) & values
        if not met[variable]:
            return None
    return met
