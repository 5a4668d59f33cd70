"""Overlaps agree with asking every lead of a small universe; every sample lies in both."""

from hypothesis import given, settings

from leadrouting.engine.territories import walk
from leadrouting.engine.territories.nodes import Node, chain
from leadrouting.engine.territories.overlaps import overlaps
from leadrouting.engine.territories.postal import area
from leadrouting.engine.territories.reach import Reach
from tests.engine.territories.small_trees import SPOTS, trees


def by_asking(nodes: list[Node]) -> set[tuple[str, str]]:
    known = {node.code: node for node in nodes}
    paths = [chain(node, known) for node in nodes]
    found = set()
    for at in SPOTS:
        held = [(path, level(path, at)) for path in paths if walk.holds(path, at)]
        for number, (one, theirs) in enumerate(held):
            for two, others in held[number + 1 :]:
                if theirs == others and one[-1] not in two and two[-1] not in one:
                    found.add(tuple(sorted((one[-1].code, two[-1].code))))
    return found


def level(path: list[Node], at: object) -> tuple[bool, int, int]:
    accounts, place, kinds, *_ = walk.rank(path, at)
    return accounts, int(-place) if -place < 3 else 3, kinds


@settings(max_examples=120, deadline=None)
@given(trees(most=5))
def test_they_agree_with_asking_every_lead(nodes: list[Node]) -> None:
    found = overlaps(nodes, limit=None)
    assert {one[:2] for one in found} == by_asking(nodes)
    known = {node.code: node for node in nodes}
    for one in found:
        assert walk.holds(chain(known[one.one], known), one.sample)
        assert walk.holds(chain(known[one.two], known), one.sample)


def test_what_is_more_specific_is_no_overlap() -> None:
    germany = Node("germany", countries=frozenset({"DE"}))
    bavaria = Node("bavaria", regions=frozenset({"DE-BY"}))
    named = Node("named", accounts=frozenset({"acme.com"}))
    assert overlaps([germany, bavaria, named]) == []
    munich = [
        Node(code, areas=frozenset({area("DE", text)})) for code, text in (("a", "80"), ("b", "80000–81999"))
    ]
    assert [one[:2] for one in overlaps([germany, *munich])] == [("a", "b")]


def test_an_area_further_up_counts_past_a_parent_elsewhere() -> None:
    paris = Node("paris", areas=frozenset({area("FR", "80")}))
    big = Node("big", "paris", size_to=0)
    munich = Node("munich", "paris", areas=frozenset({area("DE", "8")}))
    region = Node("region", "munich", regions=frozenset({"FR-75"}), size_to=0)
    nodes = [paris, big, munich, region]
    assert {one[:2] for one in overlaps(nodes)} == by_asking(nodes) == {("big", "region")}


def outside(*nodes: Node) -> list[tuple[str, str, bool]]:
    return [tuple(one) for one in Reach(nodes).outside]


def test_what_lies_outside_the_parent_is_told() -> None:
    south = Node("south", areas=frozenset({area("DE", "80–86")}), size_to=50)
    found = outside(
        south,
        Node("fine", "south", areas=frozenset({area("DE", "80331"), area("DE", "81000–86999")}), size_to=20),
        Node("partly", "south", areas=frozenset({area("DE", "85–89")}), size_from=40),
        Node("wholly", "south", countries=frozenset({"FR"}), size_from=60),
    )
    assert found == [
        ("partly", "DE 85", False),
        ("partly", "its company size", False),
        ("wholly", "FR", True),
        ("wholly", "its company size", True),
    ]
