"""Findings on rule sets written by hand: what is found, how certain it is, and what it says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leadrouting.engine.analysis import (
    Analysis,
    Cause,
    Certainty,
    NeverFires,
    Witness,
    World,
    analyse,
    example_of,
    say,
    say_box,
    say_gaps,
)
from leadrouting.engine.facts import Catalogue, Fact, FactType
from leadrouting.engine.model import Condition, Rule, RuleSet, Step, StepKind

TIERS = (("vip", "VIP"), ("plus", "Plus"), ("standard", "Standard"))
CATALOGUE = Catalogue([Fact("tier", FactType.CHOICE, "tier", choices=TIERS)])
PATHS = {"world": ("world",), "emea": ("world", "emea"), "dach": ("world", "emea", "dach")}
WORLD = World(CATALOGUE, PATHS)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
Said = tuple[str, str, Any]


def rule(name: str, *conditions: Said | tuple[str, str], logic: str = "", pool: int = 1, **more: Any) -> Rule:
    asked = tuple(Condition(*condition) for condition in conditions)
    return Rule(0, name, asked, logic, (Step(StepKind.POOL, pool),), **more)


def analysed(*rules: Rule, world: World = WORLD, **options: Any) -> Analysis:
    return analyse(rule_set(*rules), world, **options)


def rule_set(*rules: Rule) -> RuleSet:
    numbered = (
        Rule(number, *(getattr(one, name) for name in FIELDS)) for number, one in enumerate(rules, start=1)
    )
    return RuleSet(1, tuple(numbered), catch_all=1)


FIELDS = ("name", "conditions", "logic", "ladder", "skills", "valid_from", "valid_until")


def only(found: Analysis) -> NeverFires:
    (finding,) = found.never
    return finding


INDIA = rule("India", ("country", "is", "IN"))
VIP = rule("VIP", ("tier", "is", "vip"))
ALL = rule("All")

CONTRADICTIONS: dict[str, tuple[Said | tuple[str, str], ...]] = {
    "two values": (("country", "is", "IN"), ("country", "is", "DE")),
    "blank and not": (("score", "is_blank"), ("score", ">", 3)),
    "an empty range": (("score", ">", 3), ("score", "<", 3)),
    "a point left out": (("score", "between", (3, 3)), ("score", "is_not", 3)),
    "no whole number between": (("received_hour", ">", 5), ("received_hour", "<", 6)),
    "no half employee": (("company_size", ">", 5), ("company_size", "<", 6)),
    "fewer than none": (("company_size", "<", 0),),
    "more than the column holds": (("score", ">", 32767),),
    "no half cent": (("budget", ">", "9.99"), ("budget", "<", 10)),
    "no such hour": (("received_hour", ">", 23),),
    "never blank": (("received_at", "is_blank"),),
    "no moment between": (
        ("received_at", ">", NOON),
        ("received_at", "<", NOON + timedelta(microseconds=1)),
    ),
    "a member and none": (("tags", "includes_all", ("a", "b")), ("tags", "includes_none", ("b", "c"))),
    "a member of nothing": (("tags", "includes_any", ("a",)), ("tags", "is_blank")),
    "an unknown place": (("territory", "within", "atlantis"),),
    "yes and no": (("is_repeat", "is", True), ("is_repeat", "is", False)),
    "neither yes nor no": (("is_repeat", "is_not", True), ("is_repeat", "is_not", False)),
    "every choice left out": (("tier", "is_none_of", ("vip", "plus", "standard")), ("tier", "is_not_blank")),
    "a text left out": (("job_title", "is", "Buyer"), ("job_title", "is_not", " buyer")),
    "a text without a part": (("job_title", "is", "Buyer"), ("job_title", "contains", "chief")),
    "a part that another has": (("job_title", "contains", "chief"), ("job_title", "is_blank")),
}


@pytest.mark.parametrize("conditions", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_rule_that_contradicts_itself(conditions: tuple[Said, ...]) -> None:
    finding = only(analysed(rule("Odd", ("language", "is", "en"), *conditions)))
    assert (finding.certainty, finding.cause) == (Certainty.PROVEN, Cause.CONTRADICTION)
    assert finding.conditions == tuple(range(2, len(conditions) + 2)), (
        "the language has nothing to do with it"
    )
    assert finding.witness is None


POSSIBLE: dict[str, tuple[Said | tuple[str, str], ...]] = {
    "a number between": (("deal_size", ">", 3), ("deal_size", "<", 4)),
    "a cent between": (("deal_size", ">", 3), ("deal_size", "<", "3.02")),
    "the very point": (("score", ">=", 3), ("score", "<=", 3)),
    "an hour between": (("received_hour", ">", 5), ("received_hour", "<", 7)),
    "a choice left": (("tier", "is_none_of", ("vip", "plus")), ("tier", "is_not_blank")),
    "a retired choice": (("tier", "is", "bronze"),),
    "another text": (("job_title", "is_not", "x"), ("job_title", "is_not_blank")),
    "another member": (("tags", "includes_none", ("a", "b")), ("tags", "is_not_blank")),
    "below a place but not there": (("territory", "within", "world"), ("territory", "within", "emea")),
    "a moment between": (("received_at", ">", NOON), ("received_at", "<", NOON + timedelta(seconds=1))),
    "several texts at once": (
        ("job_title", "starts_with", "head"),
        ("job_title", "contains", "sales"),
        ("job_title", "ends_with", "emea"),
        ("job_title", "matches", r"\b(regional|global)\b [a-z]+"),
    ),
}


@pytest.mark.parametrize("conditions", POSSIBLE.values(), ids=POSSIBLE)
def test_a_rule_that_can_fire_has_an_example(conditions: tuple[Said, ...]) -> None:
    found = analysed(rule("Fine", *conditions))
    assert found.never == ()
    assert found.examples[1] == example_of(rule_set(rule("Fine", *conditions)), 1, WORLD)


def test_a_specific_rule_below_a_broad_one_is_shadowed() -> None:
    below = rule("India VIP", ("country", "is", "IN"), ("tier", "is", "vip"))
    found = analysed(INDIA, below)
    finding = only(found)
    assert finding.cause is Cause.ONE_ABOVE and [one.name for one in finding.above] == ["India"]
    assert say(finding, WORLD) == (
        "“India VIP” can never fire: everything that it asks for is taken before by “India”. For example, "
        "a lead with country IN and tier VIP goes to “India”."
    )


def test_several_rules_together_shadow_one_and_no_more_are_named_than_needed() -> None:
    parts = [rule(tier, ("tier", "is", tier)) for tier in ("vip", "plus", "standard")]
    none = rule("No tier", ("tier", "is_blank"))
    finding = only(analysed(VIP, INDIA, *parts[1:], none, rule("Repeat", ("is_repeat", "is", True))))
    assert finding.cause is Cause.SEVERAL_ABOVE
    assert [one.name for one in finding.above] == ["VIP", "plus", "standard", "No tier"]
    assert "“VIP”, “plus”, “standard” and “No tier” together" in say(finding, WORLD)


def test_a_blank_that_nobody_takes_lets_a_rule_fire() -> None:
    parts = [rule(tier, ("tier", "is", tier)) for tier in ("vip", "plus", "standard")]
    found = analysed(*parts, rule("Repeat", ("is_repeat", "is", True)))
    assert found.never == ()
    assert found.examples[4].facts == {"is_repeat": True}


def test_a_rule_taken_by_two_overlapping_ranges() -> None:
    low, high = rule("Low", ("budget", "<=", 50)), rule("High", ("budget", ">", 50))
    assert only(analysed(low, high, rule("Some", ("budget", "is_not_blank")))).cause is Cause.SEVERAL_ABOVE
    above = rule("High", ("budget", ">=", "50.02"))
    fires = analysed(low, above, rule("Some", ("budget", "is_not_blank")))
    assert fires.never == () and fires.examples[3].facts == {"budget": "50.01"}


def test_bands_of_whole_numbers_leave_nothing_between() -> None:
    bands = ("between", (0, 50)), ("between", (51, 200)), (">", 200), ("is_blank",)
    rules = [rule(f"Band {n}", ("company_size", *band)) for n, band in enumerate(bands)]
    assert analysed(*rules).gaps == ()
    (gap,) = analysed(*rules[1:]).gaps
    assert gap.witness.facts == {"company_size": 50}


def test_filter_logic_counts() -> None:
    either = rule("Either", ("country", "is", "IN"), ("tier", "is", "vip"), logic="NOT (1 OR 2)")
    found = analysed(either, VIP, INDIA, rule("Rest", ("score", ">", 0)))
    assert [one.rule.name for one in found.never] == ["Rest"]


def test_what_two_patterns_have_in_common_is_not_guessed() -> None:
    found = analysed(
        rule("A", ("job_title", "matches", "^(chief|head) .*officer$")),
        rule("B", ("job_title", "matches", "^chief financial officer$")),
    )
    finding = only(found)
    assert (finding.certainty, finding.cause) == (Certainty.CANNOT_TELL, Cause.UNKNOWN)
    assert say(finding, WORLD).startswith("We cannot tell whether “B” ever fires")


def test_parts_of_parts_are_known() -> None:
    found = analysed(rule("A", ("city", "contains", "burg")), rule("B", ("city", "starts_with", "Würzburg")))
    assert only(found).certainty is Certainty.PROVEN


def test_a_temporary_rule_does_not_shadow_a_permanent_one() -> None:
    fair = rule("Fair", ("country", "is", "IN"), valid_from=NOON, valid_until=NOON + timedelta(days=1))
    below = rule("Below", ("country", "is", "IN"))
    found = analysed(fair, below)
    assert found.never == ()
    assert found.examples[1].at is not None and found.examples[2].at is not None
    assert fair.is_valid(found.examples[1].at) and not fair.is_valid(found.examples[2].at)
    late = World(CATALOGUE, PATHS, since=NOON + timedelta(days=2))
    finding = only(analysed(fair, below, world=late))
    assert (
        say(finding, late) == "“Fair” can never fire: the time in which it is valid is over, or never comes."
    )


def test_rules_that_cross_with_different_targets_overlap() -> None:
    found = analysed(INDIA, rule("VIP", ("tier", "is", "vip"), pool=2))
    (overlap,) = found.overlaps
    assert found.overlap_count == 1 and overlap.certainty is Certainty.PROVEN
    assert say(overlap, WORLD) == (
        "“India” and “VIP” claim the same leads but send them to different targets: a lead with country IN and "
        "tier VIP goes to “India”, and would go to “VIP” without it."
    )
    assert analysed(INDIA, VIP).overlaps == (), "the same target"
    specific = rule("India VIP", ("country", "is", "IN"), ("tier", "is", "vip"), pool=2)
    assert analysed(specific, INDIA).overlaps == (), "that is what precedence is for"


def test_an_overlap_that_another_rule_hides_has_no_witness() -> None:
    both = rule("Both", ("country", "is", "IN"), ("tier", "is", "vip"), pool=3)
    found = analysed(both, INDIA, rule("VIP", ("tier", "is", "vip"), pool=2))
    assert [(one.higher.name, one.lower.name, one.witness) for one in found.overlaps] == [
        ("India", "VIP", None)
    ]


def test_a_gap_is_a_box_as_wide_as_can_be() -> None:
    found = analysed(INDIA, rule("Score", ("score", ">=", 10)), rule("DACH", ("territory", "within", "dach")))
    (gap,) = found.gaps
    assert found.gaps_certainty is Certainty.PROVEN
    assert say(gap, WORLD) == (
        "No rule takes a lead of which country is not IN, score is blank or less than 10 points, territory is not "
        "within dach. For example, a lead with no country, no score and no territory goes to the catch-all."
    )
    assert say_gaps(found) == "These are gaps that are certain."


BOXES: dict[str, tuple[tuple[Rule, ...], str]] = {
    "both ends": (
        (rule("A", ("score", "<", 3)), rule("B", ("score", ">=", 9)), rule("C", ("score", "is_blank"))),
        "score is at least 3 points, score is less than 9 points",
    ),
    "all but blank": ((rule("A", ("score", "is_not_blank")),), "score is blank"),
    "patterns": (
        (rule("A", ("city", "contains", "burg")), rule("B", ("city", "is", "Berlin"))),
        "city is not “Berlin”, city does not contain “burg”",
    ),
    "members": ((rule("A", ("tags", "includes_any", ("a", "b"))),), "tags includes none of a or b"),
    "yes": ((rule("A", ("is_repeat", "is", False)),), "repeat enquiry is yes"),
    "choices and blank": (
        (rule("A", ("tier", "is_any_of", ("vip", "plus"))),),
        "tier is none of Plus or VIP",
    ),
    "some choices or blank": (
        (rule("A", ("tier", "is_none_of", ("vip", "plus")), ("tier", "is_not_blank")),),
        "tier is any of Plus or VIP or is blank",
    ),
    "within one but not another": (
        (
            rule("A", ("territory", "within", "emea"), logic="NOT 1"),
            rule("B", ("territory", "within", "dach")),
        ),
        "territory is within emea, territory is not within dach",
    ),
    "a long list": (
        (rule("A", ("country", "is_any_of", tuple("ABCDEFGH"))),),
        "country is none of A, B, C, D, E or 3 others",
    ),
}


@pytest.mark.parametrize(("rules", "said"), BOXES.values(), ids=BOXES)
def test_a_box_in_words(rules: tuple[Rule, ...], said: str) -> None:
    (gap,) = analysed(*rules).gaps
    assert say_box(gap.box, CATALOGUE) == said


def test_no_gap_below_a_rule_for_every_lead() -> None:
    found = analysed(INDIA, ALL)
    assert found.gaps == () and say_gaps(found) == "Every lead is covered by some rule."


def test_without_rules_everything_is_a_gap() -> None:
    (gap,) = analysed().gaps
    assert say(gap, WORLD) == "No rule takes any lead: all go to the catch-all."


def test_there_are_ten_gaps_at_most() -> None:
    rules = [rule(str(n), ("score", "is", n), ("budget", "is_not", n)) for n in range(12)]
    assert len(analysed(*rules, rule("Rest", ("score", "is_none_of", tuple(range(12))))).gaps) == 10


def test_a_wrong_rule_is_left_out_and_reported() -> None:
    found = analysed(rule("Wrong", ("nonsense", "is", 1)), INDIA)
    assert [error.rule.name for error in found.wrong] == ["Wrong"]
    assert list(found.examples) == [2]


def test_a_spent_budget_is_said() -> None:
    found = analysed(INDIA, VIP, budget=1)
    assert {one.certainty for one in found.never} == {Certainty.NOT_DECIDED}
    assert found.gaps_certainty is Certainty.NOT_DECIDED
    assert "is not decided" in say(found.never[0], WORLD)


def test_the_same_input_gives_the_same_findings() -> None:
    rules = [
        rule(str(n), ("score", "between", (n, n + 3)), ("country", "is", "IN"), pool=n) for n in range(9)
    ]
    assert analysed(*rules) == analysed(*rules)


def test_example_of_a_rule_that_is_not_there() -> None:
    assert example_of(rule_set(INDIA), 7, WORLD) is None
    assert isinstance(example_of(rule_set(INDIA), 1, WORLD), Witness)
