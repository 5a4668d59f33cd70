"""Export, import, export: the same file, byte for byte, and the same draft; whatever strings it holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadrouting.engine.facts import FactType
from leadrouting.engine.model import OWNERS, StepKind
from leadrouting.engine.operators import Arity, Operator, arity, operators_for
from leadrouting.rules.catalogue import catalogue
from leadrouting.rules.documents import draft_of, text_of
from leadrouting.rules.files import exported, exported_yaml, import_json, import_yaml
from leadrouting.rules.files.printing import printed
from leadrouting.rules.files.reading import read_json, read_yaml
from leadrouting.rules.files.said import said_by
from leadrouting.rules.models import Condition, Expectation, Rule, RuleSet, RuleSkill, Target
from leadrouting.teams.models import Skill
from tests import world

pytestmark = pytest.mark.django_db

TRICKY = st.sampled_from(
    [
        *(
            "yes",
            "no",
            "on",
            "off",
            "NO",
            "null",
            "~",
            "true",
            "False",
            "1",
            "007",
            "1.50",
            "0x1F",
            "1e3",
            "12:30",
        ),
        *(
            "2026-01-01",
            "2026-01-01T08:00Z",
            "2026-01-01 08:00:00",
            "=",
            "<<",
            "- a",
            "? b",
            ": c",
            "a: b",
            "a #b",
        ),
        *(
            'say "hi"',
            "it's",
            "Acme, Inc.",
            "[a]",
            "{b}",
            "*c",
            "&d",
            "!e",
            "%f",
            "@g",
            "`h",
            "|",
            ">",
            "---",
            "...",
        ),
        *(
            " lead",
            "trail ",
            "two  spaces",
            "tab\there",
            "a\nb",
            "\n",
            "a\n\n",
            "\na",
            "Łódź",
            "東京",
            "😀",
            "\x85",
            "\u2028",
        ),
        *(
            "\ufeffx",
            "\x07",
            "x" * 111 + " " + "y" * 60,
            "a\r\nb",
            "\\",
            '"',
            "'",
            "#",
            "a\n# b\n  c\n",
            "x\n \ny",
        ),
    ]
)
TEXTS = st.one_of(
    TRICKY, st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
)
NAMES = TEXTS.map(lambda text: text[:120]).filter(str.strip)
MOMENTS = st.none() | st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))
BOUNDED = settings(
    max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
)


@st.composite
def conditions(draw: Any) -> tuple[str, str, Any]:
    """One that the checks accept: any fact without closed choices, any operator, odd values."""
    facts = [fact for fact in catalogue().values() if fact.key not in ("territory", "campaign")]
    fact = draw(st.sampled_from(facts))
    operator = draw(st.sampled_from([one for one in operators_for(fact.type) if one is not Operator.MATCHES]))
    values = {
        FactType.NUMBER: st.sampled_from(["0", "10", "-3", "1.50", "007", "1e3", "12345678901234567", " 5 "]),
        FactType.YES_NO: st.sampled_from(["yes", "no", "true", "False", "1"]),
        FactType.MOMENT: st.sampled_from(["2026-01-01T08:00Z", "2026-01-01 08:00:00+01:00"]),
    }.get(fact.type, TEXTS.filter(lambda text: bool(text.strip()) and read_ok(text)))
    if fact.choices:
        values = st.sampled_from([value for value, _ in fact.choices])
    elif fact.codes is not None and fact.codes.names:
        values = st.sampled_from(list(fact.codes.names))  # Norway among them, and Norwegian
    match arity(operator):
        case Arity.NONE:
            return fact.key, operator, ""
        case Arity.ONE:
            return fact.key, operator, text_of(draw(values).strip())
        case Arity.RANGE:
            value = draw(values)
            return fact.key, operator, text_of([value, value])
    return fact.key, operator, text_of(draw(st.lists(values, min_size=1, max_size=3)))


def read_ok(text: str) -> bool:
    from leadrouting.engine.values import fold

    return bool(fold(text))


LOGIC = {
    0: st.just(""),
    1: st.sampled_from(["", "1", "NOT 1"]),
    2: st.sampled_from(["", "1 OR 2", "1 AND (NOT 2)"]),
}
GIVEN = st.dictionaries(
    st.sampled_from(["country", "tags", "deal_size", "message", "attributes.x"]),
    st.recursive(
        TEXTS
        | st.booleans()
        | st.none()
        | st.integers(-(10**15), 10**15)
        | st.sampled_from([0.5, -1.25, 1e20]),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
        max_leaves=4,
    ),
)


@pytest.fixture
def office() -> dict[str, Any]:
    rep = world.rep("Lena “Lenny” Brandt # boss")
    return {
        "rules": world.rule_set("Inbound: “all”", catch_all=world.queue("yes")),
        "pool": world.pool(rep, name="on, off: {x}"),
        "rep": rep,
        "skill": Skill.objects.create(name="C++: no"),
    }


def fill(data: Any, office: dict[str, Any]) -> RuleSet:
    rules: RuleSet = office["rules"]
    rules.rules.all().delete()
    rules.expectations.all().delete()
    rules.note, rules.on_update = data.draw(TEXTS), data.draw(st.sampled_from(RuleSet.OnUpdate.values))
    rules.save()
    for place, name in enumerate(data.draw(st.lists(NAMES, max_size=4, unique=True))):
        asked = data.draw(st.lists(conditions(), max_size=2))
        begin = data.draw(MOMENTS)
        rule = Rule.objects.create(
            rule_set=rules,
            name=name,
            precedence=place,
            is_active=data.draw(st.booleans()),
            note=data.draw(TEXTS),
            logic=data.draw(LOGIC[len(asked)]),
            valid_from=begin,
            valid_until=begin and begin + timedelta(microseconds=data.draw(st.integers(1, 10**12))),
        )
        for position, (fact, operator, value) in enumerate(asked):
            Condition.objects.create(rule=rule, position=position, fact=fact, operator=operator, value=value)
        for position, kind in enumerate(
            data.draw(st.lists(st.sampled_from(StepKind), min_size=1, max_size=3))
        ):
            where = {"pool": office["pool"], "rep": office["rep"], "queue": rules.catch_all}.get(kind)
            options = {
                name: data.draw(st.booleans())
                for name in ("ignore_hours", "ignore_capacity", "drop_skills", "only_present")
            }
            Target.objects.create(
                rule=rule,
                position=position,
                kind=kind,
                wait=data.draw(st.sampled_from([0, 5, 32767])),
                **({} if kind in OWNERS else {kind.value: where}),
                **options,
            )
        if data.draw(st.booleans()):
            RuleSkill.objects.create(rule=rule, skill=office["skill"], level=2)
    for name in data.draw(st.lists(NAMES, max_size=2, unique=True)):
        Expectation.objects.create(
            rule_set=rules,
            name=name,
            given=data.draw(GIVEN),
            at=data.draw(MOMENTS),
            kind=StepKind.QUEUE,
            queue=rules.catch_all,
        )
    return rules


@BOUNDED
@given(data=st.data())
def test_a_draft_survives(office: dict[str, Any], data: Any) -> None:
    rules = fill(data, office)
    said, draft, file, document = said_by(rules), draft_of(rules), exported_yaml(rules), exported(rules)

    same = import_yaml(file, by=None, now=world.NOON)
    assert same.plan.is_empty and exported_yaml(rules) == file and draft_of(rules) == draft
    assert set(rules.rules.values_list("edition", flat=True)) <= {1}

    for bring_back in (import_yaml, import_json):
        rules.rules.all().delete()
        rules.expectations.all().delete()
        RuleSet.objects.filter(pk=rules.pk).update(note="", on_update="never")
        bring_back(file if bring_back is import_yaml else document, by=None, now=world.NOON, force=True)
        rules.refresh_from_db()
        assert said_by(rules) == said
        assert exported_yaml(rules) == file
        again = draft_of(rules)
        assert without_keys(again) == without_keys(draft)


def without_keys(draft: dict[str, Any]) -> dict[str, Any]:
    return {**draft, "rules": [{**rule, "id": 0} for rule in draft["rules"]]}


@BOUNDED
@given(data=st.data())
def test_any_reader_of_yaml_reads_the_same(office: dict[str, Any], data: Any) -> None:
    """Texts are quoted where another reader would take them for something else."""
    rules = fill(data, office)
    assert yaml.safe_load(exported_yaml(rules)) == exported(rules)


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(st.lists(TEXTS), TEXTS)
def test_texts_survive_printing(values: list[str], note: str) -> None:
    rule = {
        "name": "x",
        "note": note,
        "when": [["a", "is", values], [note, "b"]],
        "skills": {note: 1},
        "give": [{"queue": note}],
    }
    file = printed({"rule_set": note, "catch_all": "c", "note": note, "rules": [rule, rule]}, {})
    tree, problems = read_yaml(file)
    assert problems == [] and plain(tree) == plain(
        read_json({"rule_set": note, "catch_all": "c", "note": note, "rules": [rule, rule]})
    )


def plain(node: Any) -> Any:
    if hasattr(node, "entries"):
        return {key: plain(one) for key, one in node.entries.items()}
    return [plain(one) for one in node.items] if hasattr(node, "items") else node.text


def test_a_file_is_pleasant_to_read(inbound: RuleSet) -> None:
    file = exported_yaml(inbound)
    assert "  - name: India VIP\n    note: |-\n      Agreed with sales.\n" in file
    assert "    when:\n      - [country, is, IN]\n      - [tier, is any of, [vip, gold]]\n" in file
    assert "      - {rep: lena.brandt, ignore_hours: true}  # Lena Brandt\n" in file
    assert "      - [country, is, 'NO']\n" in file
    assert max(map(len, file.splitlines())) <= 110
    same = import_yaml(file, by=None, now=world.NOON)
    assert same.plan.is_empty and exported_yaml(inbound) == file
