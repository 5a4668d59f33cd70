"""On a narrow screen the labels of both columns have room beside each other, whatever the names."""

from __future__ import annotations

import pytest

from leadrouting.assignments.admin.insight.flows import NARROW, Label, flow_picture
from leadrouting.assignments.insight.sending import Place
from leadrouting.engine.model import StepKind
from leadrouting.engine.sentences import Names

LETTER = 6.4
"""Width of a letter of the narrow picture's 11px text, in its units: on the wide side."""


@pytest.mark.parametrize("count", [1, 12, 1_234, 10_000])
def test_narrow_labels_do_not_meet(count: int) -> None:
    long = {1: "Enterprise closers of Southern Europe", 2: "United Kingdom and Nordics"}
    names = Names(reps={}, pools=long, queues={}, skills={})
    here, there = (Place(StepKind.POOL, key) for key in long)
    (_, narrow) = flow_picture({(here, there): count, (there, here): 1}, names)["pictures"]
    for label in narrow["labels"]:
        length = LETTER * len(said(label))
        if label.anchor == "start":
            assert label.x + length <= NARROW["width"] / 2
        else:
            assert label.x - length >= NARROW["width"] / 2
        assert label.short.endswith("…")


def said(label: Label) -> str:
    return f"{label.short} {label.node.count:,}"
