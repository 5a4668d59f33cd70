"""What a file was exported from, so that an import can tell whether somebody has changed the draft since."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

MARKED = ("rule_set", "catch_all", "on_update", "note", "rules", "tests")


@dataclass(frozen=True, slots=True)
class Mark:
    """A digest of the draft (`whole`, which decides), and a short one of each rule, to name those that differ."""

    whole: str
    rules: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return " ".join((self.whole, *self.rules))


def mark_of(document: Mapping[str, Any]) -> Mark:
    """The mark of a draft as `told` tells it."""
    marked = {name: document[name] for name in MARKED if name in document}
    return Mark(digest(marked)[:16], tuple(digest(rule)[:4] for rule in document["rules"]))


def mark_from(text: str) -> Mark | None:
    """None for an empty text: then nothing is known."""
    whole, *rules = text.split() or [""]
    return Mark(whole, tuple(rules)) if whole else None


def digest(value: Any) -> str:
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def changed_since(mark: Mark, now: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    """What of the draft (`now`) is not what it was when the file was exported; empty when all is.

    `wanted` is what the file says: a rule that was deleted since is named if the file still has it as it was.
    """
    today = mark_of(now)
    if today.whole == mark.whole:
        return ""
    changed = [rule["name"] for rule in now["rules"] if digest(rule)[:4] not in mark.rules]
    here = {rule["name"] for rule in now["rules"]}
    deleted = [
        rule["name"]
        for rule in wanted["rules"]
        if rule["name"] not in here and digest(rule)[:4] in mark.rules and digest(rule)[:4] not in today.rules
    ]
    said = [
        *([f"changed or added {named(changed)}"] if changed else []),
        *([f"deleted {named(deleted)}"] if deleted else []),
    ] or ["changed the order, the settings, the test leads, or deleted a rule"]
    return f"Since this file was exported, somebody {' and '.join(said)}."


def named(names: list[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:5])
    return f"{shown} and {len(names) - 5} more" if len(names) > 5 else shown
