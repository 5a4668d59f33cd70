"""What one document changes against another: a draft against the live version, or a version against the draft."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from leadrouting.engine.facts import Catalogue
from leadrouting.engine.sentences import Names
from leadrouting.rules.catalogue import catalogue_of
from leadrouting.rules.documents import rule_from
from leadrouting.rules.models import RuleSet
from leadrouting.rules.wording import rule_in_words

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """`what` is new, gone, changed or moved; `before` and `after` are sentences, empty where there is none.

    `place` says where a new rule sits: `at place 1 of 28`.
    """

    what: str
    name: str
    before: str = ""
    after: str = ""
    place: str = ""


def changes(before: Document, after: Document, names: Names) -> list[Change]:
    """In the order of the new document, what is gone last. Empty when both say the same. No queries."""
    return [
        *changed_rules(before, after, names),
        *gone_rules(before, after, names),
        *settings(before, after, names),
    ]


WORDS = {"new": "New", "changed": "Changed", "moved": "Moved", "gone": "Gone"}


def in_a_line(found: list[Change], width: int = 200) -> str:
    """`New: Spain. Changed: Germany, France.`, cut to a width."""
    named = {
        word: list(dict.fromkeys(one.name for one in found if one.what == what))
        for what, word in WORDS.items()
    }
    line = " ".join(f"{word}: {', '.join(names)}." for word, names in named.items() if names)
    return line if len(line) <= width else f"{line[: width - 1].rstrip()}…"


def changed_rules(before: Document, after: Document, names: Names) -> Iterator[Change]:
    known = {rule["id"]: rule for rule in before["rules"]}
    places = {rule["id"]: place for place, rule in enumerate(before["rules"], start=1)}
    moved = moved_rules(before, after)
    facts, old_facts = catalogue_of(after), catalogue_of(before)
    for place, rule in enumerate(after["rules"], start=1):
        old = known.get(rule["id"])
        if old is None:
            where = f"at place {place} of {len(after['rules'])}"
            yield Change("new", rule["name"], after=words(rule, names, facts), place=where)
            continue
        if old["name"] != rule["name"]:
            yield Change("changed", rule["name"], f"Named “{old['name']}”", f"Named “{rule['name']}”")
        if {**old, "name": ""} != {**rule, "name": ""}:
            yield Change("changed", rule["name"], words(old, names, old_facts), words(rule, names, facts))
        if rule["id"] in moved:
            yield Change("moved", rule["name"], after=f"From place {places[rule['id']]} to place {place}.")


def gone_rules(before: Document, after: Document, names: Names) -> Iterator[Change]:
    kept = {rule["id"] for rule in after["rules"]}
    facts = catalogue_of(before)
    for rule in before["rules"]:
        if rule["id"] not in kept:
            yield Change("gone", rule["name"], before=words(rule, names, facts))


def settings(before: Document, after: Document, names: Names) -> Iterator[Change]:
    """What is said of the rule set as a whole, and what its facts were when it was published."""
    if before["catch_all"] != after["catch_all"]:
        old, new = (names.queue(document["catch_all"]) for document in (before, after))
        yield Change("changed", "Catch-all", old, new)
    old, new = (on_update(document) for document in (before, after))
    if old != new:
        yield Change("changed", "Owned leads that change", old, new)
    was, now = (attributes(document) for document in (before, after))
    for key in sorted(was.keys() & now.keys()):
        if was[key] != now[key]:
            yield Change("changed", f"Your own fact “{key}”", was[key], now[key])


def words(rule: Document, names: Names, facts: Catalogue) -> str:
    return rule_in_words(rule_from(dict(rule)), names, facts)


def on_update(document: Document) -> str:
    return RuleSet.OnUpdate(document.get("on_update", RuleSet.OnUpdate.NEVER)).label


def attributes(document: Document) -> dict[str, str]:
    """By key, how the facts that ops define were, for those that the rules ask about."""
    return {one["key"]: attribute_in_words(one) for one in document.get("attributes", ())}


def attribute_in_words(attribute: Document) -> str:
    choices = f": {', '.join(attribute['choices'])}" if attribute["choices"] else ""
    unit = f", in {attribute['unit']}" if attribute["unit"] else ""
    return f"{attribute['label']} ({attribute['type']}{unit}){choices}"


def moved_rules(before: Document, after: Document) -> set[int]:
    """As few rules as explain the new order: those outside what both orders have in common."""
    new = {rule["id"] for rule in after["rules"]}
    old_order = [rule["id"] for rule in before["rules"] if rule["id"] in new]
    known = set(old_order)
    new_order = [rule["id"] for rule in after["rules"] if rule["id"] in known]
    same = SequenceMatcher(None, old_order, new_order, autojunk=False).get_matching_blocks()
    return set(new_order) - {rule for block in same for rule in old_order[block.a : block.a + block.size]}
