"""The whole of a file: the rule set's own settings, its rules, its test leads."""

from __future__ import annotations

from collections.abc import Iterable

from leadrouting.engine.facts import CUSTOM_PREFIX
from leadrouting.engine.model import StepKind
from leadrouting.leads.models import Attribute
from leadrouting.leads.services import FIELDS
from leadrouting.rules.files.checking.checker import Checker, plain_value, unknown
from leadrouting.rules.files.checking.rules import LONGEST_NAME, checked_rule, place_in
from leadrouting.rules.files.marks import Mark, mark_from
from leadrouting.rules.files.names import OWNER_WORDS, PLACES
from leadrouting.rules.files.said import DraftSaid, TestSaid, plain_lines
from leadrouting.rules.files.tree import Listed, Mapped, Node, Problem, Text, WrongFile
from leadrouting.rules.models import RuleSet

NAMES = ("rule_set", "catch_all", "on_update", "note", "attributes", "rules", "tests", "based_on")
ATTRIBUTE = ("label", "type", "choices", "unit")
TEST = ("name", "given", "at", "goes_to")
GIVEN = {*FIELDS, *(str(kind) for kind in OWNER_WORDS), "received_at"}
LONGEST_SET_NAME = 80


def name_in(root: Node) -> str:
    """Which rule set the file is about, before anything is checked; empty when it does not say."""
    node = root.entries.get("rule_set") if isinstance(root, Mapped) else None
    return (
        node.text
        if isinstance(node, Text) and len(node.text) <= LONGEST_SET_NAME and "\0" not in node.text
        else ""
    )


def checked(root: Node, check: Checker, found: Iterable[Problem] = ()) -> tuple[DraftSaid, Mark | None]:
    """What the file says, and what it was exported from. Raises WrongFile with everything that is wrong."""
    check.problems += found
    whole = check.mapped(root, "A file of rules", NAMES, ["rule_set", "catch_all", "rules"])
    parts = whole.entries if whole else {}
    check_attributes(parts.get("attributes"), check)
    draft = DraftSaid(
        name=check.text(parts.get("rule_set"), "The name of the rule set", LONGEST_SET_NAME, needed=True),
        catch_all=check.key("queue", parts["catch_all"]) if "catch_all" in parts else 0,
        on_update=check.choice(
            parts.get("on_update"), "“on_update”", RuleSet.OnUpdate.values, RuleSet.OnUpdate.NEVER
        ),
        note=plain_lines(check.text(parts.get("note"), "The note")),
        rules=tuple(checked_rule(one, check) for one in check.listed(parts.get("rules"), "“rules”")),
        tests=tuple(checked_test(one, check) for one in check.listed(parts.get("tests"), "“tests”")),
    )
    check_names(parts.get("rules"), "rule", check)
    check_names(parts.get("tests"), "test lead", check)
    mark = mark_from(check.text(parts.get("based_on"), "“based_on”"))
    if check.problems:
        raise WrongFile(check.problems)
    return draft, mark


def check_names(node: Node | None, kind: str, check: Checker) -> None:
    """Each name once."""
    seen: dict[str, Text] = {}
    for one in node.items if isinstance(node, Listed) else ():
        name = one.entries.get("name") if isinstance(one, Mapped) else None
        if not isinstance(name, Text) or not name.text:
            continue
        if first := seen.get(name.text):
            where = f"line {first.spot.line}" if first.spot.line else first.spot.pointer
            check.wrong(
                name.spot, f"There is another {kind} “{name.text[:120]}” ({where}). Give each its own name."
            )
        seen.setdefault(name.text, name)


def check_attributes(node: Node | None, check: Checker) -> None:
    """They are for readers; but rules cannot ask about an attribute that is not there or of another type."""
    if node is None:
        return
    if not isinstance(node, Mapped):
        check.wrong(node.spot, "“attributes” are keys with label and type.")
        return
    here = check.names.attributes
    for key, one in node.entries.items():
        parts = check.mapped(one, "An attribute", ATTRIBUTE, ["type"])
        if key not in here:
            said = unknown("custom attribute", key, here).removesuffix(" Make it first, or name another.")
            check.wrong(node.keys[key], f"{said} Define it under Custom attributes first.")
        elif parts and "type" in parts.entries:
            kind = check.choice(parts.entries["type"], "The type", Attribute.Type.values, here[key]["type"])
            if kind != here[key]["type"]:
                reason = f"“{key}” is of the type {here[key]['type']} here, and a type never changes."
                check.wrong(parts.entries["type"].spot, reason)


def checked_test(node: Node, check: Checker) -> TestSaid:
    found = check.mapped(node, "A test lead", TEST, ["name", "goes_to"])
    parts = found.entries if found else {}
    given = parts.get("given", Mapped(node.spot))
    if not isinstance(given, Mapped):
        check.wrong(given.spot, "“given” is what is known of the lead, such as {country: DE}.")
        given = Mapped(node.spot)
    for fact, spot in given.keys.items():
        if fact not in GIVEN and fact not in check.facts and not fact.startswith(CUSTOM_PREFIX):
            check.wrong(spot, unknown("fact or lead field", fact, [*GIVEN, *check.facts]))
    own = given.entries.get("attributes", given)
    if not isinstance(own, Mapped):
        check.wrong(own.spot, "“attributes” are keys with values, such as {plan: pro}.")
    for text in texts_in(given):
        check.sound(text, "The value", 10_000)
    target = parts.get("goes_to", Mapped(node.spot))
    place = check.mapped(target, "“goes_to”", PLACES)
    kind, key = (
        place_in(target, place.entries if place else {}, PLACES, check)
        if "goes_to" in parts
        else (StepKind.QUEUE, 0)
    )
    return TestSaid(
        name=check.text(parts.get("name"), "The name", LONGEST_NAME, needed=True),
        kind=kind,
        key=key,
        given=plain_value(given),
        at=check.moment(parts.get("at"), "“at”"),
    )


def texts_in(node: Node) -> Iterable[Text]:
    """All texts below, keys included."""
    if isinstance(node, Mapped):
        for key, one in node.entries.items():
            yield Text(node.keys[key], key)
            yield from texts_in(one)
    elif isinstance(node, Listed):
        for one in node.items:
            yield from texts_in(one)
    else:
        yield node
