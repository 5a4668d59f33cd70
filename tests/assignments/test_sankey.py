"""Properties of the flow picture: nothing is lost, nothing overlaps, nothing is negative."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouting.assignments.admin.insight.sankey import HEIGHT, LINE, Flows, Node, Rest, picture

names = st.integers(1, 14)
all_flows = st.dictionaries(st.tuples(names, names), st.integers(0, 5000), max_size=40)
sizes = st.sampled_from([(900, 250), (320, 0)])


@given(all_flows, sizes)
def test_flows_sum_up(flows: Flows, size: tuple[int, int]) -> None:
    laid = picture(flows, width=size[0], margin=size[1])
    total = sum(flows.values())
    assert sum(band.count for band in laid.bands) == total
    for nodes in (laid.before, laid.after):
        assert sum(node.count for node in nodes) == total
        assert sum(node.height for node in nodes) == pytest.approx(
            HEIGHT if total else 0, abs=0.01 * len(nodes)
        )


@given(all_flows, sizes)
def test_bands_fill_their_nodes_exactly(flows: Flows, size: tuple[int, int]) -> None:
    laid = picture(flows, width=size[0], margin=size[1])
    out: Counter[object] = Counter()
    into: Counter[object] = Counter()
    for band in laid.bands:
        out[band.before] += band.count
        into[band.after] += band.count
    assert out == {node.key: node.count for node in laid.before}
    assert into == {node.key: node.count for node in laid.after}
    for node in laid.before:
        inside(node, [(band.y0, band.width) for band in laid.bands if band.before == node.key])
    for node in laid.after:
        inside(node, [(band.y1, band.width) for band in laid.bands if band.after == node.key])


def inside(node: Node, spans: list[tuple[float, float]]) -> None:
    """One below the other, from the node's upper to its lower edge."""
    y = node.y
    for start, width in sorted(spans):
        assert start == pytest.approx(y, abs=0.05)
        y = start + width
    assert y == pytest.approx(node.y + node.height, abs=0.2)


@given(all_flows, sizes)
def test_all_is_within_the_picture_and_labels_have_room(flows: Flows, size: tuple[int, int]) -> None:
    laid = picture(flows, width=size[0], margin=size[1])
    for nodes in (laid.before, laid.after):
        assert all(node.height >= 0 and node.y >= 0 for node in nodes)
        assert all(node.y + node.height <= laid.height + 0.05 for node in nodes)
        middles = [node.middle for node in nodes]
        assert all(low - high >= LINE for high, low in pairwise(middles))
    assert all(band.width >= 0 and band.x0 < band.x1 for band in laid.bands)
    assert all(0 <= node.x <= size[0] for node in (*laid.before, *laid.after))


@given(all_flows)
def test_small_nodes_are_folded_together_and_come_last(flows: Flows) -> None:
    laid = picture(flows, width=900, margin=250, shown=4)
    for nodes, side in ((laid.before, 0), (laid.after, 1)):
        there = {ends[side] for ends, count in flows.items() if count}
        assert len(nodes) == min(len(there), 4)
        assert all(not isinstance(node.key, Rest) for node in nodes[:-1])
        if len(there) > 4:
            assert nodes[-1].key == Rest(len(there) - 3)
    counts = [node.count for node in laid.before if not isinstance(node.key, Rest)]
    assert counts == sorted(counts, reverse=True)


def test_by_hand() -> None:
    laid = picture({("a", "x"): 3, ("a", "y"): 1}, width=320, margin=0)
    assert [(node.key, node.height, node.y) for node in laid.before] == [("a", 260, 0)]
    assert [(node.key, node.height, node.y) for node in laid.after] == [("x", 195, 0), ("y", 65, 203)]
    assert laid.height == 268
    assert (
        laid.bands[1].path
        == "M10 195.0C160.0 195.0 160.0 203.0 310 203.0V268.0C160.0 268.0 160.0 260.0 10 260.0Z"
    )


def test_nothing_to_draw() -> None:
    laid = picture({}, width=320, margin=0)
    assert (laid.before, laid.after, laid.bands, laid.height) == ((), (), (), 0)
