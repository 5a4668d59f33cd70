"""Everything that is wrong with a file is said at once, each with its line and column; and nothing is written."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadrouting.rules.documents import draft_of
from leadrouting.rules.files import WrongFile, exported, exported_yaml, import_json, import_yaml
from leadrouting.rules.files.reading import LARGEST, decoded
from leadrouting.rules.models import RuleSet
from tests import world

pytestmark = pytest.mark.django_db

HEAD = "rule_set: Inbound\ncatch_all: Triage\n"
RULE = HEAD + "rules:\n  - name: A\n"
GIVE = "    give: [{queue: Triage}]\n"


def problems(text: str, **how: Any) -> list[tuple[int | None, int | None, str]]:
    with pytest.raises(WrongFile) as wrong:
        import_yaml(text, by=None, now=world.NOON, **how)
    return [(one.spot.line, one.spot.column, one.reason) for one in wrong.value.problems]


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("", 1, 1, "The file is empty"),
        ("- a\n", 1, 1, "written as names with values"),
        ("rule_set: Inbound\nrules: []\n", 1, 1, "needs “catch_all”"),
        (HEAD, 1, 1, "needs “rules”"),
        ("rule_set: Inbound\ncatch_all: Triag\nrules: []\n", 2, 12, "There is no queue “Triag”. Did you mean “Triage”?"),
        (HEAD + "rulez: []\nrules: []\n", 3, 1, "“rulez” here. Did you mean “rules”"),
        (HEAD + "rules: []\nrules: []\n", 4, 1, "a second time (first on line 3)"),
        (HEAD + "rules: nothing\n", 3, 8, "“rules” is a list"),
        (HEAD + "on_update: perhaps\nrules: []\n", 3, 12, "one of never, unaccepted, propose"),
        (HEAD + "rules: &all []\n", 3, 8, "“&all” is a name for other places"),
        (HEAD + "rules: *all\n", 3, 8, "“*all” refers to another place"),
        (HEAD + "rules: !!python/object:os.system []\n", 3, 8, "is a tag"),
        (HEAD + "rules: []\n---\na: b\n", 4, 1, "A second document"),
        (HEAD + "note: a: b\nrules: []\n", 3, 8, "in quotes"),
        (HEAD + "rules:\n\t- a\n", 4, 1, "indent with spaces, not tabs"),
        (HEAD + "rules: [a\n", 4, 1, "closing “]”"),
        (HEAD + "note: a\x00b\nrules: []\n", 3, 8, "control character"),
        (HEAD + 'note: "a\\0b"\nrules: []\n', 3, 7, "cannot be stored"),
        (HEAD + "rules: " + "[" * 50 + "]" * 50, 3, 20, "nested too deeply"),
        (RULE, 4, 5, "has no target"),
        (RULE + "    give: []\n", 5, 11, "has no target"),
        (RULE + GIVE + "  - name: A\n" + GIVE, 6, 11, "another rule “A” (line 4)"),
        (HEAD + "rules:\n  - give: [{queue: Triage}]\n", 4, 5, "needs “name”"),
        (HEAD + f"rules:\n  - name: {'x' * 121}\n{GIVE}", 4, 11, "121 characters. 120 is the most"),
        (RULE + GIVE + "    when: [[contry, is, DE]]\n", 6, 13, "Did you mean “country”"),
        (RULE + GIVE + "    when: [[country, iss, DE]]\n", 6, 22, "There is no operator “iss”"),
        (RULE + GIVE + "    when: [[country, contains, DE]]\n", 6, 22, "does not allow"),
        (RULE + GIVE + "    when: [[deal_size, '>', lots]]\n", 6, 29, "is not a number"),
        (RULE + GIVE + "    when: [[country, is]]\n", 6, 22, "needs a value"),
        (RULE + GIVE + "    when: [[channel, is, pigeon]]\n", 6, 26, "not a known channel"),
        (RULE + GIVE + "    when: [[landing_page, matches, '(']]\n", 6, 36, "pattern cannot be used"),
        (RULE + GIVE + "    when: [[deal_size, is between, [9, 1]]]\n", 6, 36, "reversed"),
        (RULE + GIVE + "    when: [[territory, is within, mars]]\n", 6, 35, "There is no territory “mars”"),
        (RULE + GIVE + "    when: [[source, is blank, x]]\n", 6, 31, "takes no value"),
        (RULE + GIVE + "    when: [country]\n", 6, 12, "[fact, operator, value]"),
        (RULE + GIVE + "    when: [[country, is, DE]]\n    logic: 1 AND 2\n", 7, 18, "There is no condition 2"),
        (RULE + GIVE + "    when: [[country, is, DE]]\n    logic: '1 )'\n", 7, 15, "closes nothing"),
        (RULE + GIVE + "    valid_from: 2026-01-01\n", 6, 17, "with its zone"),
        (RULE + GIVE + "    valid_from: 2026-01-02T00:00Z\n    valid_until: 2026-01-01T00:00Z\n", 7, 18, "must be later"),
        (RULE + GIVE + "    active: perhaps\n", 6, 13, "true or false"),
        (RULE + GIVE + "    skills: {Klingon: 3}\n", 6, 14, "There is no skill “Klingon”"),
        (RULE + GIVE + "    skills: {Hindi: 6}\n", 6, 21, "from 1 to 5"),
        (RULE + "    give: [{pool: Senior closer}]\n", 5, 19, "Did you mean “Senior closers”"),
        (RULE + "    give: [{team: Paris}]\n", 5, 19, "There is no team “Paris”"),
        (RULE + "    give: [{rep: lena}]\n", 5, 18, "There is no rep “lena”"),
        (RULE + "    give: [{owner: house}]\n", 5, 20, "account, previous, territory"),
        (RULE + "    give: [{wait: 5}]\n", 5, 12, "Say exactly one of"),
        (RULE + "    give: [{queue: Triage, pool: Senior closers}]\n", 5, 12, "Say exactly one of"),
        (RULE + "    give: [{queue: Triage, wait: soon}]\n", 5, 34, "a whole number from 0"),
        (RULE + "    give: [{queue: Triage, wiat: 5}]\n", 5, 28, "Did you mean “wait”"),
        (HEAD + "rules: []\nattributes: {plam: {type: text}}\n", 4, 14, "Did you mean “plan”"),
        (HEAD + "rules: []\nattributes: {plan: {type: text}}\n", 4, 27, "is of the type choice here"),
        (HEAD + "rules: []\ntests: [{name: T, given: {contry: DE}, goes_to: {queue: Triage}}]\n", 4, 27, "“country”"),
        (HEAD + "rules: []\ntests: [{name: T}]\n", 4, 9, "needs “goes_to”"),
        (HEAD + "rules: []\ntests: [{name: T, goes_to: {owner: account}}]\n", 4, 29, "no “owner” here"),
    ],
)  # fmt: skip
def test_each_error_says_where_and_what(
    inbound: RuleSet, text: str, line: int, column: int, says: str
) -> None:
    before = exported_yaml(inbound)
    found = problems(text)
    assert any(says in reason and (line, column) == (at, place) for at, place, reason in found), found
    assert exported_yaml(inbound) == before


def test_all_errors_are_told_at_once_from_the_top(inbound: RuleSet) -> None:
    file = exported_yaml(inbound)
    for right, wrong in (
        ("Senior closers", "Snior"),
        ("[tier,", "[teir,"),
        ("NOT 3", "NOT 4"),
        ("rep: lena", "rep: x"),
    ):
        file = file.replace(right, wrong)
    found = problems(file)
    assert [line for line, _, _ in found] == sorted(line or 0 for line, _, _ in found)
    assert len(found) == 5  # the pool is named by a rule and by a test lead


def test_a_file_that_is_too_large_or_no_text(inbound: RuleSet) -> None:
    with pytest.raises(WrongFile, match="larger than 1 MB"):
        decoded(b"x" * (LARGEST + 1))
    with pytest.raises(WrongFile, match="larger than 1 MB"):
        import_yaml("x" * (LARGEST + 1), by=None, now=world.NOON)
    with pytest.raises(WrongFile, match="line 2: This is not UTF-8"):
        decoded(b"a: b\nc: \xe4\n")


def test_json_has_pointers_in_place_of_lines(inbound: RuleSet) -> None:
    document = exported(inbound)
    document["rules"][0]["when"][1][0] = "teir"
    document["rules"][1]["name"] = 5
    with pytest.raises(WrongFile) as wrong:
        import_json(document, by=None, now=world.NOON)
    assert [one.document() for one in wrong.value.problems] == [
        {
            "line": None,
            "column": None,
            "pointer": "/rules/0/when/1/0",
            "reason": "There is no fact “teir”. Did you mean “tier”?",
        },
        {"line": None, "column": None, "pointer": "/rules/1/name", "reason": "The name is a text. Write it in quotes."},
    ]  # fmt: skip


def told(wrong: WrongFile) -> None:
    assert wrong.problems and all(one.reason for one in wrong.problems)


QUIET = settings(
    max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
)
PIECES = st.sampled_from(
    "rule_set: |catch_all: |rules:|tests:| - name: |  |\n|: |- |[|]|{|}|,|'|\"|&a |*a|!!str |#|| |\\|<<: |? |%|---\n"
    "|Inbound|Triage|when|give|country|is|DE|[[country, is, DE]]|{queue: Triage}|\x00|\ud800|é|😀|\t|>".split(
        "|"
    )
)


@QUIET
@given(
    st.binary(max_size=200)
    | st.lists(PIECES, max_size=30).map(lambda parts: "".join(parts).encode("utf-8", "surrogatepass"))
)
def test_no_bytes_break_the_import(inbound: RuleSet, content: bytes) -> None:
    try:
        import_yaml(decoded(content), by=None, now=world.NOON, into=inbound, force=True)
    except WrongFile as wrong:
        told(wrong)


@QUIET
@given(st.data())
def test_a_file_with_a_piece_changed_is_taken_or_refused_as_a_whole(inbound: RuleSet, data: Any) -> None:
    file, before = exported_yaml(inbound), draft_of(inbound)
    start = data.draw(st.integers(0, len(file)))
    end = data.draw(st.integers(start, min(len(file), start + 12)))
    mangled = file[:start] + data.draw(PIECES) + file[end:]
    try:
        done = import_yaml(mangled, by=None, now=world.NOON, force=True)
    except WrongFile:
        assert draft_of(inbound) == before and exported_yaml(inbound) == file
    else:
        assert import_yaml(mangled, by=None, now=world.NOON, force=True).plan.is_empty
        if done.rule_set == inbound:
            import_yaml(file, by=None, now=world.NOON, force=True)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["\0", "Triage"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["name", "when", "give", "queue", "pool", "given", "goes_to", "skills", "x", "wait"]
            ),
            inner,
        )
    ),
    max_leaves=12,
)


@QUIET
@given(
    st.dictionaries(
        st.sampled_from(["rule_set", "catch_all", "rules", "tests", "note", "attributes", "based_on"]), VALUES
    )
)
def test_no_json_breaks_the_import(inbound: RuleSet, document: Any) -> None:
    for one in (document, {"rule_set": "Inbound", "catch_all": "Triage", "rules": [], **document}):
        try:
            import_json(json.loads(json.dumps(one)), by=None, now=world.NOON, dry_run=True)
        except WrongFile as wrong:
            told(wrong)
