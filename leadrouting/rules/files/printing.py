"""A draft's document as YAML for people: a rule is a paragraph, a condition and a target are a line each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from typing import Any

import yaml

WIDTH = 110
INTRODUCTION = """\
# The draft of one rule set. From the top, the first rule that matches decides.
# Put it back with: manage.py rules import FILE
"""
_ODD = re.compile("[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010fffe]")
_ORDER = ("rule_set", "catch_all", "on_update", "note", "attributes", "rules", "tests", "based_on")


def printed(document: Mapping[str, Any], people: Mapping[str, str]) -> str:
    """`people` are reps' names by their log-ins: they stand beside them as a comment."""
    parts = [INTRODUCTION]
    for key in _ORDER:
        if key not in document:
            continue
        value = document[key]
        if key in ("rules", "tests"):
            parts.append(f"\n{key}: []\n" if not value else f"\n{key}:\n")
            parts.append("\n".join("".join(paragraph(one, people)) for one in value))
        elif key == "attributes":
            parts += [f"\n{key}:\n", *(indented(entry(name, one), 2) for name, one in value.items())]
        else:
            parts.append(("\n" if key == "based_on" else "") + entry(key, value, block=True))
    return "".join(parts)


def paragraph(part: Mapping[str, Any], people: Mapping[str, str]) -> Iterator[str]:
    """One rule or one test, as an item of a list."""
    text = "".join(lines_of(part, people))
    yield "  - " + indented(text, 4)[4:]


def lines_of(part: Mapping[str, Any], people: Mapping[str, str]) -> Iterator[str]:
    for key, value in part.items():
        if key in ("when", "give"):
            yield f"{key}:\n"
            for one in value:
                yield with_name(indented(written([one]), 2), one, people)
        elif key == "goes_to":
            yield with_name(entry(key, value), value, people)
        else:
            yield entry(key, value, block=True)


def with_name(text: str, target: Any, people: Mapping[str, str]) -> str:
    login = target.get("rep") if isinstance(target, dict) else None
    if login is None or not (name := " ".join(_ODD.sub(" ", people.get(login, "")).split())):
        return text
    return f"{text.removesuffix(chr(10))}  # {name}\n"


def entry(key: str, value: Any, *, block: bool = False) -> str:
    """`key: value`; several lines of text as a block where that loses nothing."""
    node = yaml.MappingNode("tag:yaml.org,2002:map", [(scalar(key), node_of(value, block))], flow_style=False)
    return serialized(node)


def written(items: Iterable[Any]) -> str:
    node = yaml.SequenceNode("tag:yaml.org,2002:seq", [node_of(one) for one in items], flow_style=False)
    return serialized(node)


def serialized(node: yaml.Node) -> str:
    text: str = yaml.serialize(node, Dumper=yaml.SafeDumper, allow_unicode=True, width=WIDTH - 6)
    return text


def indented(text: str, by: int) -> str:
    return "".join(" " * by + line if line.strip("\n") else line for line in text.splitlines(keepends=True))


def node_of(value: Any, block: bool = False) -> yaml.Node:
    match value:
        case str():
            return scalar(value, block)
        case bool():
            return yaml.ScalarNode("tag:yaml.org,2002:bool", "true" if value else "false")
        case int():
            return yaml.ScalarNode("tag:yaml.org,2002:int", str(value))
        case float():
            return yaml.SafeDumper(StringIO()).represent_float(value)
        case None:
            return yaml.ScalarNode("tag:yaml.org,2002:null", "null")
        case dict():
            pairs = [(scalar(key), node_of(one)) for key, one in value.items()]
            return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=True)
    return yaml.SequenceNode("tag:yaml.org,2002:seq", [node_of(one) for one in value], flow_style=True)


def scalar(text: str, block: bool = False) -> yaml.ScalarNode:
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, style=style_of(text, block))


def style_of(text: str, block: bool) -> str | None:
    """None leaves it to the library, which puts in quotes what would be read as something else."""
    if _ODD.search(text):
        return '"'
    if "\n" not in text:
        return None
    lines = text.removesuffix("\n").split("\n")
    plain = text[0] not in "\n " and lines[-1] and all(line == line.rstrip() for line in lines)
    return "|" if block and plain else '"'
