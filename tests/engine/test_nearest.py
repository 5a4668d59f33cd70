"""The nearest miss: true by the plain walk, and none is overlooked that one changed fact would do."""

from itertools import product
from random import Random
from time import perf_counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leadrouting.engine.facts import Catalogue
from leadrouting.engine.model import Condition, Rule, RuleSet, Step, StepKind
from leadrouting.engine.nearest import Nearby, destination, nearest_miss
from leadrouting.engine.walk import Walk
from tests.engine import small_worlds

POOLS = [(Step(StepKind.POOL, number),) for number in range(4)]
CATALOGUE = Catalogue()


def rules(*conditions: tuple[Condition, ...]) -> RuleSet:
    return RuleSet(
        1, tuple(Rule(n, f"Rule {n}", asks, ladder=POOLS[n % 4]) for n, asks in enumerate(conditions)), 9
    )


@given(st.integers(0, 10**9))
@example(83977893)  # a set with a closed list of choices, all of them ruled out
@example(27101)  # an instant of which a rule only asks whether there is one
@example(32674)  # a choice that is not on the list, named only by a rule that is not valid yet
def test_agrees_with_brute_force(seed):
    r = Random(seed)
    case = small_worlds.case(r)
    ruleset = case.ruleset.at(case.leads[0][1])
    nearby = Nearby(ruleset, small_worlds.CATALOGUE, places=small_worlds.WORLD.places)
    walk = Walk(ruleset, small_worlds.CATALOGUE)
    leads = (lead for lead, _ in case.leads if small_worlds.is_possible(lead, ruleset.rules))
    everybody = list({repr(sorted(lead.items())): lead for lead in leads}.values())
    for lead in r.sample(everybody, min(3, len(everybody))):
        here = destination(walk.match(lead), 1)
        found = nearby.of(lead)
        if found is not None:
            changed = lead | {change.fact: change.after for change in found.changes}
            assert destination(walk.match(changed), 1) == destination(found.rule, 1) != here
            assert walk.match(changed) == found.rule
        if case.exact:
            sizes = [apart(lead, other) for other in everybody if destination(walk.match(other), 1) != here]
            least = min(sizes, default=9)
            if least <= 2:
                assert found is not None
                assert len(found.changes) == least
            elif found is not None:
                assert len(found.changes) > 2


def apart(one, other):
    return sum(one.get(key) != other.get(key) for key in one.keys() | other.keys())


def test_says_what_would_have_to_be_different():
    ruleset = rules(
        (Condition("country", "is", "IN"), Condition("tier", "is", "VIP")),
        (Condition("country", "is", "DE"),),
    )
    lead = {"country": "DE", "tier": "VIP"}
    assert nearest_miss(ruleset, lead, CATALOGUE).sentence == (
        "If country were IN instead of DE, rule “Rule 0” would have matched."
    )


def test_a_number_that_is_nearly_there_comes_first():
    ruleset = rules((Condition("country", "is", "IN"),), (Condition("score", ">=", "80"),))
    found = nearest_miss(ruleset, {"score": 79, "country": "DE"}, CATALOGUE)
    assert found.sentence == "If score were 80 points instead of 79 points, rule “Rule 1” would have matched."


def test_the_rule_of_which_most_is_fulfilled_comes_first():
    ruleset = rules(
        (Condition("source", "is", "Fair"),),
        (Condition("country", "is", "AT"), Condition("tier", "is", "VIP"), Condition("score", ">", "50")),
    )
    found = nearest_miss(ruleset, {"source": "Web", "tier": "VIP", "score": 79, "country": "DE"}, CATALOGUE)
    assert found.sentence == "If country were AT instead of DE, rule “Rule 1” would have matched."


def test_then_the_rule_next_to_its_own():
    ruleset = rules(*((Condition("country", "is", code),) for code in ("AT", "BE", "CH", "DE", "ES")))
    assert nearest_miss(ruleset, {"country": "DE"}, CATALOGUE).rule.name == "Rule 2"
    assert nearest_miss(ruleset, {"country": "US"}, CATALOGUE).rule.name == "Rule 4"


def test_when_it_came_is_the_last_resort():
    ruleset = rules((Condition("received_hour", "<", "9"),), (Condition("country", "is", "DE"),))
    found = nearest_miss(ruleset, {"received_hour": 9, "country": "DE"}, CATALOGUE)
    assert [change.fact for change in found.changes] == ["country"]
    assert found.rule is None
    assert found.sentence == "If country were anything else than DE, no rule would have matched."


def test_a_number_that_a_lead_can_have():
    ruleset = rules((Condition("company_size", ">", "5"), Condition("company_size", "is_not", "6")))
    found = nearest_miss(ruleset, {"company_size": 5}, CATALOGUE)
    assert found.sentence.startswith("If company size were 7 employees")


def test_an_instant_of_which_rules_only_ask_whether_there_is_one():
    ruleset = rules((Condition("attributes.call_at", "is_not_blank"),))
    found = nearest_miss(ruleset, {}, small_worlds.CATALOGUE)
    assert found.sentence == "If call at were not blank, rule “Rule 0” would have matched."


def test_two_facts_when_one_does_not_do():
    ruleset = rules((Condition("country", "is", "IN"), Condition("tags", "includes_any", ("vip",))))
    found = nearest_miss(ruleset, {"country": "DE", "tags": ["trial"]}, CATALOGUE)
    assert found.sentence == (
        "If country were IN instead of DE and tags also included vip, rule “Rule 0” would have matched."
    )


def test_none_when_everything_goes_to_the_same_place():
    ruleset = RuleSet(1, (Rule(1, "All", (), ladder=(Step(StepKind.QUEUE, 9),)),), 9)
    assert nearest_miss(ruleset, {"country": "DE"}, CATALOGUE) is None


def thousand() -> RuleSet:
    r = Random(1)
    codes = [a + b for a, b in product("ABCDEFGHIJ", repeat=2)]
    made = []
    for _ in range(1000):
        asks = [
            Condition("country", "is_any_of", tuple(r.sample(codes, 3))),
            Condition("source", "is", f"s{r.randrange(40)}"),
        ]
        if r.random() < 0.5:
            asks.append(Condition("company_size", ">=", str(r.randrange(1, 5000))))
        if r.random() < 0.3:
            asks.append(Condition("tags", "includes_any", (f"t{r.randrange(30)}",)))
        if r.random() < 0.3:
            asks.append(Condition("job_title", "contains", r.choice(["chief", "head", "sales", "vice"])))
        made.append(tuple(asks))
    return rules(*made)


def test_quick_with_a_thousand_rules():
    nearby = Nearby(thousand(), CATALOGUE)
    lead = {"country": "AB", "source": "s3", "company_size": 120, "tags": ["t1"], "job_title": "Head of IT"}
    nearby.of(lead)
    took = []
    for size in range(10):
        start = perf_counter()
        nearby.of(lead | {"company_size": 100 * size})
        took.append(perf_counter() - start)
    assert min(took) < 0.1


@pytest.mark.parametrize("city", ["Berlin", "Ulm", None])
def test_a_search_that_leaves_out_a_name_has_a_nearest_miss(city):
    """“Contains ulm” and “is not Ulm” ask for a longer text, which no rule names."""
    conditions = (Condition("city", "contains", "ulm"), Condition("city", "is_not", "Ulm"))
    step = (Step(StepKind.QUEUE, 1),)
    rules = RuleSet(1, (Rule(1, "Greater Ulm", conditions, "", step),), 9)
    found = nearest_miss(rules, {"city": city} if city else {}, Catalogue())
    assert found is not None and found.rule is not None
    assert len(found.changes) == 1
