"""What a draft would change against a published version, rule by rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from leadrouting.engine.facts import Catalogue
from leadrouting.engine.sentences import Names
from leadrouting.rules.documents import rule_from
from leadrouting.rules.wording import rule_in_words

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """`what` is new, gone, changed or moved; `before` and `after` are sentences, empty where there is none."""

    what: str
    name: str
    before: str = ""
    after: str = ""


def changes(before: Document, after: Document, names: Names, facts: Catalogue) -> list[Change]:
    """In the order of the new document, what is gone last. Empty when both say the same."""
    found = [*changed_rules(before, after, names, facts), *gone_rules(before, after, names, facts)]
    if before["catch_all"] != after["catch_all"]:
        old, new = (names.queue(document["catch_all"]) for document in (before, after))
        found.append(Change("changed", "Catch-all", old, new))
    return found


def changed_rules(before: Document, after: Document, names: Names, facts: Catalogue) -> Iterator[Change]:
    known = {rule["id"]: rule for rule in before["rules"]}
    places = {rule["id"]: place for place, rule in enumerate(before["rules"], start=1)}
    moved = moved_rules(before, after)
    for place, rule in enumerate(after["rules"], start=1):
        old = known.get(rule["id"])
        words = rule_in_words(rule_from(rule), names, facts)
        if old is None:
            yield Change("new", rule["name"], after=words)
            continue
        was = rule_in_words(rule_from(old), names, facts)
        if old["name"] != rule["name"]:
            yield Change("changed", rule["name"], f"Named “{old['name']}”", f"Named “{rule['name']}”")
        if {**old, "name": ""} != {**rule, "name": ""}:
            yield Change("changed", rule["name"], was, words)
        if rule["id"] in moved:
            yield Change("moved", rule["name"], after=f"From place {places[rule['id']]} to place {place}.")


def gone_rules(before: Document, after: Document, names: Names, facts: Catalogue) -> Iterator[Change]:
    kept = {rule["id"] for rule in after["rules"]}
    for rule in before["rules"]:
        if rule["id"] not in kept:
            yield Change("gone", rule["name"], before=rule_in_words(rule_from(rule), names, facts))


def moved_rules(before: Document, after: Document) -> set[int]:
    """As few rules as explain the new order: those outside what both orders have in common."""
    new = {rule["id"] for rule in after["rules"]}
    old_order = [rule["id"] for rule in before["rules"] if rule["id"] in new]
    new_order = [rule["id"] for rule in after["rules"] if rule["id"] in set(old_order)]
    same = SequenceMatcher(None, old_order, new_order, autojunk=False).get_matching_blocks()
    return set(new_order) - {rule for block in same for rule in old_order[block.a : block.a + block.size]}
