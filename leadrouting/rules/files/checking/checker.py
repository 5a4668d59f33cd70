"""The plain kinds of values, checked. What is wrong is noted, and something harmless stands in for it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from leadrouting.engine.facts import Catalogue
from leadrouting.engine.values import read_moment
from leadrouting.rules.files.names import Directory
from leadrouting.rules.files.tree import Listed, Mapped, Node, Problem, Spot, Text

YES = {"true", "yes", "on"}
NO = {"false", "no", "off"}
_NEVER = re.compile("[\0\ud800-\udfff]")  # what the database cannot hold
_WHOLE = re.compile(r"[0-9]{1,9}\Z")


class Checker:
    """What is known, and the problems found so far."""

    def __init__(self, names: Directory, facts: Catalogue) -> None:
        self.names = names
        self.facts = facts
        self.problems: list[Problem] = []

    def wrong(self, spot: Spot, reason: str) -> None:
        self.problems.append(Problem(spot, reason))

    def mapped(
        self, node: Node, what: str, known: Collection[str], needed: Collection[str] = ()
    ) -> Mapped | None:
        """A mapping that has only these names, and has those that are needed."""
        if not isinstance(node, Mapped):
            self.wrong(
                node.spot, f"{what} is written as names with values: {', '.join(list(known)[:3])} and so on."
            )
            return None
        for key, spot in node.keys.items():
            if key not in known:
                self.wrong(spot, unknown("name", key, known))
        for key in needed:
            if key not in node.entries:
                self.wrong(node.spot, f"{what} needs “{key}”.")
        return node

    def listed(self, node: Node | None, what: str) -> tuple[Node, ...]:
        if node is None or (isinstance(node, Text) and node.how in ("plain", "nothing") and not node.text):
            return ()
        if not isinstance(node, Listed):
            self.wrong(node.spot, f"{what} is a list: put “- ” before each, or [ ] around them.")
            return ()
        return node.items

    def text(self, node: Node | None, what: str, longest: int = 100_000, *, needed: bool = False) -> str:
        if node is None:
            return ""
        if not isinstance(node, Text) or node.how not in ("quoted", "plain"):
            self.wrong(node.spot, f"{what} is a text. Write it in quotes.")
            return ""
        return self.sound(node, what, longest, needed)

    def sound(self, node: Text, what: str, longest: int, needed: bool = False) -> str:
        """The text if the database can hold it."""
        text = node.text
        if needed and not text.strip():
            self.wrong(node.spot, f"{what} is empty. Write something.")
        elif len(text) > longest:
            self.wrong(node.spot, f"{what} has {len(text):,} characters. {longest:,} is the most.")
        elif _NEVER.search(text):
            self.wrong(node.spot, f"{what} holds a character that cannot be stored. Take it out.")
        else:
            return text
        return ""

    def flag(self, node: Node | None, what: str, usual: bool) -> bool:
        if node is None:
            return usual
        word = node.text.strip().lower() if isinstance(node, Text) else ""
        if word not in YES | NO:
            self.wrong(node.spot, f"{what} is true or false.")
            return usual
        return word in YES

    def whole(self, node: Node | None, what: str, low: int, high: int) -> int:
        if node is None:
            return low
        text = node.text if isinstance(node, Text) and node.how != "flag" else ""
        if not _WHOLE.match(text) or not low <= int(text) <= high:
            self.wrong(node.spot, f"{what} is a whole number from {low} to {high:,}.")
            return low
        return int(text)

    def moment(self, node: Node | None, what: str) -> datetime | None:
        if node is None or (text := self.text(node, what)) == "":
            return None
        if (at := read_moment(text)) is None:
            self.wrong(node.spot, f"{what} is a date and time with its zone, such as 2026-11-24T09:00+01:00.")
        return at

    def choice(self, node: Node | None, what: str, known: Collection[str], usual: str) -> str:
        text = self.text(node, what)
        if text and text not in known:
            self.wrong(at(node), f"{what} is one of {', '.join(known)}. “{text[:60]}” is not.")
        return text if text in known else usual

    def key(self, kind: str, node: Node, word: str = "") -> int:
        """The key of the pool, team, rep, queue or skill of this name; 0 when there is none."""
        name = self.text(node, f"The {kind}", needed=True)
        known = self.names.keys[kind]
        if name and name not in known:
            self.wrong(node.spot, unknown(kind, name, known))
        return known.get(name, 0)


def at(node: Node | None) -> Spot:
    return node.spot if node is not None else Spot()


def unknown(kind: str, name: str, known: Collection[str]) -> str:
    """`There is no pool “Snior closers”. Did you mean “Senior closers”?`"""
    said = f"There is no “{name[:120]}” here." if kind == "name" else f"There is no {kind} “{name[:120]}”."
    known = sorted(set(known))
    near = get_close_matches(name[:120].strip().lower(), [one.lower() for one in known], n=2, cutoff=0.6)
    meant = [next(one for one in known if one.lower() == low) for low in near]
    if meant:
        return f"{said} Did you mean {' or '.join(f'“{one}”' for one in meant)}?"
    if 0 < len(known) <= 14:
        return f"{said} Known: {', '.join(known)}."
    return f"{said} Make it first, or name another." if kind != "name" else said


def column_in(node: Text, column: int) -> Spot:
    """Where in the file a column of the text stands, when it is plain and so on one line."""
    spot = node.spot
    if spot.column is None or "\n" in node.text:
        return spot
    return replace(spot, column=spot.column + column - 1 + (node.how == "quoted"))


def plain_value(node: Node) -> Any:
    """A value of a test lead: what JSON would make of it. Texts in quotes stay texts."""
    if isinstance(node, Mapped):
        return {key: plain_value(one) for key, one in node.entries.items()}
    if isinstance(node, Listed):
        return [plain_value(one) for one in node.items]
    if node.how == "quoted":
        return node.text
    if node.text in ("true", "false"):
        return node.text == "true"
    if node.text in ("null", ""):
        return None
    return number(node.text)


_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,300})\Z")
_FLOAT = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\Z")


def number(text: str) -> int | float | str:
    if _INTEGER.match(text):
        return int(text)
    if _FLOAT.match(text) and len(text) < 400 and abs(float(text)) < 1e300:
        return float(text)
    return text
