"""The compiled tree agrees with asking every node; the order in which nodes win; codes that people mix up."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadrouting.engine.territories import walk
from leadrouting.engine.territories.compile import Compiled
from leadrouting.engine.territories.nodes import Node, spot
from leadrouting.engine.territories.postal import Area, PostalError, after, area, key_of
from tests.engine.territories.small_trees import SPOTS, trees


@settings(max_examples=300, deadline=None)
@given(trees(most=9), st.randoms(use_true_random=False))
def test_it_agrees_with_the_walk(nodes: list[Node], chance: random.Random) -> None:
    compiled = Compiled(nodes)
    for at in chance.sample(SPOTS, 60):
        assert compiled.match(at) == walk.match(nodes, at)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.text("019AZ", min_size=1, max_size=3), st.text("019AZ", max_size=3)), max_size=8)
)
def test_a_key_lies_in_an_area_or_not(texts: list[tuple[str, str]]) -> None:
    for low, high in texts:
        high = high.ljust(len(low), "Z")[: len(low)]
        if low <= high:
            one = Area("CA", low, high)
            for key, _ in texts:
                inside = len(key) >= len(low) and one.low <= key < one.end
                assert one.holds(key) == inside


def test_after() -> None:
    assert [after(key) for key in ("80", "89", "8Z", "ZZ", "A")] == ["81", "8A", "9", "~", "B"]


def placed(*nodes: Node, **values: object) -> str:
    path = Compiled(nodes).match(spot(**values))
    return path[-1] if path else ""


def area_of(text: str) -> Area:
    return area(*text.split(" ", 1))


def test_the_most_specific_wins() -> None:
    everything = [
        Node("country", countries=frozenset({"DE"})),
        Node("country-and-size", countries=frozenset({"DE"}), size_from=10),
        Node("region", regions=frozenset({"DE-BY"})),
        Node("prefix", areas=frozenset({area("DE", "80")})),
        Node("range", areas=frozenset({area("DE", "80330–80339")})),
        Node("account", accounts=frozenset({"acme.com"})),
    ]
    assert placed(*everything, country="DE") == "country"
    assert placed(*everything, country="DE", size=10) == "country-and-size"
    assert placed(*everything, country="DE", region="by", size=10) == "region"
    assert placed(*everything, country="DE", region="DE-BY", postal_code="80999") == "prefix"
    assert placed(*everything, country="DE", region="DE-BY", postal_code="80331") == "range"
    assert placed(*everything, country="DE", postal_code="80331", account="eu.acme.com") == "account"
    assert placed(*everything, country="FR", postal_code="80331") == ""


def test_a_child_wins_over_its_parent_and_holds_also_what_lies_outside() -> None:
    germany = Node("germany", countries=frozenset({"DE"}))
    software = Node("software", "germany", industries=frozenset({"software"}))
    abroad = Node("abroad", "germany", countries=frozenset({"FR"}))
    assert placed(germany, software, abroad, country="DE", industry="Software") == "software"
    assert placed(germany, software, abroad, country="FR", industry="Software") == "abroad"
    assert placed(germany, software, abroad, region="DE-BY") == "germany"


def test_a_node_that_names_nothing_holds_what_its_children_hold() -> None:
    world = Node("world")
    assert placed(world, Node("de", "world", countries=frozenset({"DE"})), country="DE") == "de"
    assert placed(world, country="DE") == ""


def test_a_tie_goes_to_the_code_that_comes_first() -> None:
    twins = [Node(code, countries=frozenset({"DE"})) for code in ("b", "a")]
    assert placed(*twins, country="DE") == "a"


@pytest.mark.parametrize(
    ("where", "inside", "outside"),
    [
        ("DE 80", "80331", "81000"),
        ("DE 80000–86999", "86999", "87000"),
        ("DE 80-82", "82999", "8"),
        ("GB SW1", "sw1a 1aa", "SW11 1AA"),
        ("GB M1", "M11AE", "M11 1AE"),
        ("GB M2–M20", "M11 1AE", "M1 1AE"),
        ("GB SW", "SW20 0AA", "S1 1AA"),
        ("GB SW1A 1", "SW1A1AA", "SW1A 2AA"),
        ("NL 1000–1109", "1017 AB", "1110 AA"),
        ("CA M5V", "m5v 3l9", "M5W 1E6"),
        ("PT 1000-001", "1000-001", "1000-002"),
        ("BR 01310-100", "01310100", "01310-200"),
        ("US 94105", "94105-1234", "9410"),
        ("PL 00-950", "00-950", "00-951"),
    ],
)
def test_postal_areas_as_people_write_them(where: str, inside: str, outside: str) -> None:
    one = area_of(where)
    assert one.holds(key_of(one.country, inside))
    assert not one.holds(key_of(one.country, outside))


def test_areas_are_shown_as_they_are_written() -> None:
    assert str(area_of("GB M2-M20")) == "GB M2–M20"
    assert str(area_of("GB SW1A 1AA")) == "GB SW1A 1AA"
    assert str(area_of("DE 80")) == "DE 80"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("8-86999", "differ in length"),
        ("86999–80000", "lower code first"),
        ("–", "is no postal code"),
        ("1234567890123", "too long"),
    ],
)
def test_what_is_no_area_says_what_to_write(text: str, said: str) -> None:
    with pytest.raises(PostalError, match=said):
        area("DE", text)
