"""The difference between two versions, told by past leads: which of them would go elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leadrouting.assignments.insight.past import Past
from leadrouting.assignments.insight.sending import Place, Sent


@dataclass(frozen=True, slots=True)
class Moved:
    """A lead that would go elsewhere."""

    lead: Past
    before: Sent
    after: Sent


@dataclass(frozen=True, slots=True)
class Difference:
    """Each lead is counted once: it goes elsewhere (`moved`), or to the same place with other steps or skills
    (`other_way`), or with the same ones by another rule (`other_rule`), or all is the same."""

    leads: int
    moved: Sequence[Moved]
    other_way: int
    other_rule: int
    flows: Mapping[tuple[Place, Place], int]

    @property
    def same(self) -> int:
        return self.leads - len(self.moved) - self.other_way - self.other_rule


def difference(leads: Sequence[Past], before: Sequence[Sent], after: Sequence[Sent]) -> Difference:
    """`before` and `after` are where the two versions send these leads, in their order."""
    moved: list[Moved] = []
    other_way = other_rule = 0
    for lead, old, new in zip(leads, before, after, strict=True):
        if old.place != new.place:
            moved.append(Moved(lead, old, new))
        elif old.way != new.way:
            other_way += 1
        else:
            other_rule += rule_of(old) != rule_of(new)
    flows = Counter((one.before.place, one.after.place) for one in moved)
    return Difference(len(leads), moved, other_way, other_rule, flows)


def rule_of(sent: Sent) -> int | None:
    return sent.rule.id if sent.rule is not None else None
