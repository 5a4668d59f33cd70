"""A file as it was written: texts, lists and mappings, each with its place. What it means comes later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

How = Literal["quoted", "plain", "number", "flag", "nothing"]


@dataclass(frozen=True, slots=True)
class Spot:
    """A JSON pointer; in a YAML file also line and column, from 1."""

    pointer: str = ""
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """`how` it was written: YAML knows quoted and plain texts only; JSON knows numbers, flags and null too."""

    spot: Spot
    text: str
    how: How = "quoted"


@dataclass(frozen=True, slots=True)
class Listed:
    spot: Spot
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Mapped:
    """`keys` says where each key stands."""

    spot: Spot
    entries: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Spot] = field(default_factory=dict)


Node = Text | Listed | Mapped


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong where, and what to do."""

    spot: Spot
    reason: str

    def __str__(self) -> str:
        place = self.spot.pointer or "the whole"
        if self.spot.line is not None:
            place = f"line {self.spot.line}"
        return f"{place}: {self.reason}"

    def document(self) -> dict[str, Any]:
        """For JSON answers."""
        spot = self.spot
        return {"line": spot.line, "column": spot.column, "pointer": spot.pointer, "reason": self.reason}


class WrongFile(Exception):
    """The file cannot be taken; `problems` lists all that is wrong, from the top. Nothing was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(problems, key=lambda one: (one.spot.line or 0, one.spot.column or 0))
        super().__init__(" ".join(map(str, self.problems)))


def below(pointer: str, key: str | int) -> str:
    """The JSON pointer (RFC 6901) of a part."""
    return f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"
