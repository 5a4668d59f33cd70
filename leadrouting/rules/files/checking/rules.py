"""One rule of a file: its conditions, its filter logic, its targets."""

from __future__ import annotations

from typing import Any

from leadrouting.engine.conditions import ConditionError, check_condition
from leadrouting.engine.facts import FactType
from leadrouting.engine.logic import LogicError, parse
from leadrouting.engine.model import Condition, Rule, Step, StepKind
from leadrouting.engine.operators import Arity, Operator, arity, label, operators_for
from leadrouting.rules.documents import text_of
from leadrouting.rules.files.checking.checker import Checker, at, column_in, unknown
from leadrouting.rules.files.names import OWNER_WORDS, PLACES
from leadrouting.rules.files.said import RuleSaid, plain_lines
from leadrouting.rules.files.telling import OPTIONS
from leadrouting.rules.files.tree import Listed, Mapped, Node, Spot, Text

NAMES = ("name", "active", "note", "valid_from", "valid_until", "when", "logic", "skills", "give")
TARGET = (*PLACES, "owner", "wait", *OPTIONS)
LONGEST_VALUE, LONGEST_LOGIC, LONGEST_NAME, LONGEST_WAIT = 1000, 400, 120, 32767
_OWNERS = {word: kind for kind, word in OWNER_WORDS.items()}
_SAID = {
    words: one
    for one in Operator
    for words in (one.value, one.value.replace("_", " "), label(one), label(one, FactType.MOMENT))
}
"""Operators by everything that they may be called in a file: `is any of`, `is_any_of`, `>=`, `is at least`."""


def checked_rule(node: Node, check: Checker) -> RuleSaid:
    found = check.mapped(node, "A rule", NAMES, ["name"])
    parts = found.entries if found else {}
    active = check.flag(parts.get("active"), "“active”", True)
    conditions = tuple(checked_condition(one, check) for one in check.listed(parts.get("when"), "“when”"))
    ladder = tuple(checked_step(one, check) for one in check.listed(parts.get("give"), "“give”"))
    if found and active and not ladder:
        check.wrong(
            at(parts.get("give", node)), "This rule has no target: say under “give” who gets its leads."
        )
    begin, end = (check.moment(parts.get(key), f"“{key}”") for key in ("valid_from", "valid_until"))
    if begin and end and end <= begin:
        check.wrong(at(parts["valid_until"]), "“valid_until” must be later than “valid_from”.")
    rule = Rule(
        id=0,
        name=check.text(parts.get("name"), "The name", LONGEST_NAME, needed=True),
        conditions=conditions,
        logic=checked_logic(parts.get("logic"), len(conditions), check),
        ladder=ladder,
        skills=checked_skills(parts.get("skills"), check),
        valid_from=begin,
        valid_until=end,
    )
    return RuleSaid(rule, active, plain_lines(check.text(parts.get("note"), "The note")))


def checked_logic(node: Node | None, conditions: int, check: Checker) -> str:
    logic = check.text(node, "The filter logic", LONGEST_LOGIC)
    try:
        parse(logic, conditions)
    except LogicError as error:
        spot = column_in(node, error.column) if isinstance(node, Text) else at(node)
        check.wrong(spot, f"Filter logic: {error}.")
    return logic


def checked_condition(node: Node, check: Checker) -> Condition:
    parts = node.items if isinstance(node, Listed) else ()
    if not 2 <= len(parts) <= 3:
        check.wrong(node.spot, "A condition is [fact, operator, value], such as [country, is, DE].")
        return Condition("", "")
    key = check.text(parts[0], "The fact", 80, needed=True)
    said = " ".join(check.text(parts[1], "The operator", 40, needed=True).split()).lower()
    if not key or not said:
        return Condition("", "")
    operator = _SAID.get(said)
    operand = checked_operand(parts[2] if len(parts) == 3 else None, operator, check)
    condition = Condition(key, operator.value if operator else said, operand)
    before = len(check.problems)
    if len(text_of(operand)) > LONGEST_VALUE:
        check.wrong(
            parts[2].spot, f"These values have more than {LONGEST_VALUE:,} characters. Make two rules of it."
        )
    try:
        check_condition(condition, check.facts)
    except ConditionError as error:
        check.wrong(faulty(parts, key, operator, check), str(error))
    if len(check.problems) == before and key in check.names.codes and operand is not None:
        check_codes(parts[2], key, operand, check)
    return condition


def faulty(parts: tuple[Node, ...], key: str, operator: Operator | None, check: Checker) -> Spot:
    """Which of fact, operator and value is the one that is wrong."""
    if key not in check.facts:
        return parts[0].spot
    if operator not in operators_for(check.facts[key].type):
        return parts[1].spot
    return parts[-1].spot


def checked_operand(node: Node | None, operator: Operator | None, check: Checker) -> Any:
    """Nothing, a text, or a tuple of texts. A single value where several may stand is a list of one."""
    several = operator is not None and arity(operator) in (Arity.LIST, Arity.RANGE)
    if isinstance(node, Listed):
        return tuple(value_of(one, check) for one in node.items)
    if node is None or (isinstance(node, Text) and node.how != "quoted" and not node.text):
        return None
    value = value_of(node, check)
    if several:
        return (value,)
    return value.strip()


def value_of(node: Node, check: Checker) -> str:
    if not isinstance(node, Text):
        check.wrong(node.spot, "A value is a text or a number.")
        return "?"
    return check.sound(node, "The value", LONGEST_VALUE)


def check_codes(node: Node, key: str, operand: Any, check: Checker) -> None:
    nodes = node.items if isinstance(node, Listed) else (node,)
    for one in nodes:
        code = one.text.strip() if isinstance(one, Text) else ""
        if code.lower() not in check.names.codes[key]:
            check.wrong(one.spot, unknown(key, code, check.names.codes[key]))


def checked_step(node: Node, check: Checker) -> Step:
    found = check.mapped(node, "A target", TARGET)
    parts = found.entries if found else {}
    kind, key = place_in(node, parts, (*PLACES, "owner"), check) if found else (StepKind.QUEUE, 0)
    return Step(
        kind,
        key,
        wait=check.whole(parts.get("wait"), "“wait”, in minutes,", 0, LONGEST_WAIT),
        **{option: check.flag(parts.get(option), f"“{option}”", False) for option in OPTIONS},
    )


def place_in(
    node: Node, parts: dict[str, Node], words: tuple[str, ...], check: Checker
) -> tuple[StepKind, int]:
    """Exactly one pool, team, rep, queue or owner."""
    given = [word for word in words if word in parts]
    if len(given) != 1:
        check.wrong(node.spot, f"Say exactly one of {', '.join(words)}.")
        return StepKind.QUEUE, 0
    (word,) = given
    if word == "owner":
        said = check.text(parts[word], "“owner”")
        if said not in _OWNERS:
            check.wrong(parts[word].spot, f"“owner” is one of {', '.join(_OWNERS)}.")
        return _OWNERS.get(said, StepKind.ACCOUNT_OWNER), 0
    return StepKind.POOL if word == "team" else StepKind(word), check.key(word, parts[word])


def checked_skills(node: Node | None, check: Checker) -> tuple[tuple[int, int], ...]:
    if node is None:
        return ()
    if not isinstance(node, Mapped):
        check.wrong(node.spot, "“skills” are names with the lowest level, such as {German: 3}.")
        return ()
    known = check.names.keys["skill"]
    found = []
    for name, level in node.entries.items():
        if name not in known:
            check.wrong(node.keys[name], unknown("skill", name, known))
        found.append((known.get(name, 0), check.whole(level, "The level", 1, 5)))
    return tuple(sorted(found))
