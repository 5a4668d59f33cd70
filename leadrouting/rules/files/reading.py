"""From a file's text, or from JSON values, to a tree. All YAML scalars stay the texts that they are.

That way `NO` is Norway and `2026-01-01` is not turned into something else; the checks know what they expect.
Aliases, anchors, tags and second documents are refused: rules need none of them, and aliases make small files
large. Only events are read, so nothing is ever constructed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml
from yaml import events as on

from leadrouting.rules.files.tree import Listed, Mapped, Node, Problem, Spot, Text, WrongFile, below

LARGEST = 1_000_000  # bytes
DEEPEST = 12
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C parser is ten times as fast
_NEVER = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WORDS = {
    "mapping values are not allowed": "There is a “: ” inside a text. Put the text in quotes.",
    "cannot start any token": "This character cannot begin a text. Put the text in quotes; indent with spaces, not tabs.",
    "found unexpected end of stream": "A quote is opened and never closed.",
    "could not find expected ':'": "A “:” is missing after this name.",
    "did not find expected key": "This line is not indented like the others around it.",
    "did not find expected '-' indicator": "This line is not indented like the list above it.",
    "did not find expected ',' or ']'": "A “,” or the closing “]” is missing.",
    "did not find expected ',' or '}'": "A “,” or the closing “}” is missing.",
}


def decoded(content: bytes) -> str:
    """A file's bytes as text. Raises WrongFile."""
    if len(content) > LARGEST:
        raise WrongFile(
            [Problem(Spot(), "The file is larger than 1 MB. Rules need far less: is it the right file?")]
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise WrongFile([Problem(Spot(line=line), "This is not UTF-8. Save the file as UTF-8.")]) from None


def read_yaml(text: str) -> tuple[Node, list[Problem]]:
    """The tree, and what is wrong without making it unreadable. Raises WrongFile."""
    if len(text) > LARGEST or len(text.encode("utf-8", "replace")) > LARGEST:
        decoded(b" " * (LARGEST + 1))
    if found := _NEVER.search(text):
        raise WrongFile(
            [Problem(_spot_at(text, found.start()), "A control character does not belong into a file.")]
        )
    reader = _Reader(text)
    try:
        return reader.document(), reader.problems
    except yaml.MarkedYAMLError as error:
        raise WrongFile([*reader.problems, _unreadable(error)]) from None
    except yaml.YAMLError:
        raise WrongFile([Problem(Spot(), "This is no YAML.")]) from None


def read_json(value: Any, pointer: str = "", depth: int = 0) -> Node:
    """The same tree from JSON values, without lines. Raises WrongFile."""
    spot = Spot(pointer)
    if depth > DEEPEST:
        raise WrongFile([Problem(spot, "This is nested too deeply.")])
    match value:
        case str():
            return Text(spot, value)
        case bool():
            return Text(spot, "true" if value else "false", "flag")
        case int() | float():
            return Text(spot, repr(value), "number")
        case None:
            return Text(spot, "", "nothing")
        case Mapping():
            parts = {str(key): read_json(one, below(pointer, key), depth + 1) for key, one in value.items()}
            return Mapped(spot, parts, {key: part.spot for key, part in parts.items()})
        case Sequence():
            return Listed(
                spot, tuple(read_json(one, below(pointer, n), depth + 1) for n, one in enumerate(value))
            )
    raise TypeError(f"{type(value)} is not JSON")


class _Reader:
    def __init__(self, text: str) -> None:
        self.problems: list[Problem] = []
        self._events: Iterator[Any] = yaml.parse(str(text), Loader=LOADER)  # the C parser takes no subclass

    def document(self) -> Node:
        self._next()
        start = self._next()
        if isinstance(start, on.StreamEndEvent):
            raise WrongFile([Problem(Spot(line=1, column=1), "The file is empty.")])
        root = self._node(self._next(), "", 0)
        self._next()
        if not isinstance(after := self._next(), on.StreamEndEvent):
            self._refuse(after, "A second document begins here. A file holds one rule set.")
        return root

    def _next(self) -> Any:
        return next(self._events)

    def _node(self, event: Any, pointer: str, depth: int) -> Node:
        spot = _spot(event, pointer)
        if isinstance(event, on.AliasEvent):
            self._refuse(event, f"“*{event.anchor}” refers to another place. Write out what it stands for.")
        if event.anchor is not None:
            self._refuse(
                event, f"“&{event.anchor}” is a name for other places. Take it out, and write things out."
            )
        if event.tag is not None:
            self._refuse(event, f"“{event.tag[:60]}” is a tag. Take it out: every value here is a text.")
        if depth > DEEPEST:
            self._refuse(event, "This is nested too deeply.")
        if isinstance(event, on.ScalarEvent):
            return Text(spot, event.value, "plain" if not event.style else "quoted")
        if isinstance(event, on.SequenceStartEvent):
            items: list[Node] = []
            while not isinstance(inner := self._next(), on.SequenceEndEvent):
                items.append(self._node(inner, below(pointer, len(items)), depth + 1))
            return Listed(spot, tuple(items))
        return self._mapping(spot, depth)

    def _mapping(self, spot: Spot, depth: int) -> Mapped:
        found = Mapped(spot)
        while not isinstance(event := self._next(), on.MappingEndEvent):
            key = self._node(event, spot.pointer, depth + 1)
            if not isinstance(key, Text):
                self._refuse(event, "A list or a mapping cannot be a name. Put the name in quotes.")
                continue
            where = below(spot.pointer, key.text)
            value = self._node(self._next(), where, depth + 1)
            if key.text in found.entries:
                first = found.keys[key.text].line
                reason = f"“{key.text}” stands here a second time (first on line {first}). Keep one."
                self.problems.append(Problem(_spot(event, where), reason))
                continue
            found.entries[key.text], found.keys[key.text] = value, _spot(event, where)
        return found

    def _refuse(self, event: Any, reason: str) -> None:
        raise WrongFile([*self.problems, Problem(_spot(event, ""), reason)])


def _spot(event: Any, pointer: str) -> Spot:
    return Spot(pointer, event.start_mark.line + 1, event.start_mark.column + 1)


def _spot_at(text: str, index: int) -> Spot:
    return Spot("", text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))


def _unreadable(error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    spot = Spot("", mark.line + 1, mark.column + 1) if mark else Spot()
    said = error.problem or error.context or "it cannot be read"
    known = (words for part, words in _WORDS.items() if part in said)
    return Problem(spot, next(known, f"This is no YAML: {said}."))
