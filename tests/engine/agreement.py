"""The analysis against brute force: every lead of a small universe is tried with the plain matcher."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from leadrouting.engine.analysis import Cause, Certainty, Gap, NeverFires, Overlap, Witness, analyse
from leadrouting.engine.analysis.gaps import MAX_GAPS
from leadrouting.engine.analysis.overlaps import MAX_OVERLAPS
from leadrouting.engine.logic import And, numbers, parse, render
from leadrouting.engine.model import Rule, RuleSet
from leadrouting.engine.walk import Walk
from tests.engine.small_worlds import WORLD, Case, exists

ANY_TIME = datetime(2026, 3, 29, 12, tzinfo=UTC)


class Brute:
    """For each rule the set of leads that satisfy it, as a mask with a bit per lead of the universe."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.asked = {rule.id: self.mask(rule) for rule in case.ruleset.rules}
        self.all = (1 << len(case.leads)) - 1
        self.taken: dict[int, int] = {}
        self.left = self.all
        for rule in case.ruleset.rules:
            self.taken[rule.id] = self.asked[rule.id] & self.left
            self.left &= ~self.asked[rule.id]

    def mask(self, rule: Rule) -> int:
        walk = Walk(RuleSet(1, (rule,), 1), WORLD.catalogue)
        return sum(
            1 << place
            for place, (lead, at) in enumerate(self.case.leads)
            if rule.is_valid(at) and walk.match(lead) is not None
        )

    def union(self, rules: Iterable[Rule]) -> int:
        united = 0
        for rule in rules:
            united |= self.asked[rule.id]
        return united


def disagreements(case: Case) -> list[str]:
    """What the analysis says wrongly or misses; empty when it agrees in all."""
    return list(_disagreements(case))


def _disagreements(case: Case) -> Iterator[str]:
    brute = Brute(case)
    try:
        found = analyse(case.ruleset, WORLD)
    except AssertionError as error:
        yield f"the analyser itself: {error}"
        return
    never = {finding.rule.id: finding for finding in found.never}
    for rule in case.ruleset.rules:
        if (rule.id in never) is (rule.id in found.examples):
            yield f"{rule.name} is both or neither"
        elif rule.id in never:
            yield from _about_never(brute, never[rule.id])
        else:
            yield from _about_witness(brute, found.examples[rule.id], rule)
            if case.exact and not brute.taken[rule.id]:
                yield f"{rule.name} never fires: missed, or the universe is too small"
    alive = [rule for rule in case.ruleset.rules if never.get(rule.id) is None or not _proven(never[rule.id])]
    yield from _about_overlaps(brute, alive, found.overlaps, found.overlap_count)
    yield from _about_gaps(brute, found.gaps, found.gaps_certainty)


def _proven(finding: NeverFires) -> bool:
    return finding.certainty is Certainty.PROVEN


def _about_never(brute: Brute, finding: NeverFires) -> Iterator[str]:
    rule = finding.rule
    if not _proven(finding):
        if brute.case.exact:
            yield f"{rule.name} is left open without need"
        return
    if brute.taken[rule.id]:
        yield f"{rule.name} fires"
    if finding.cause is Cause.CONTRADICTION and brute.asked[rule.id]:
        yield f"{rule.name} does not contradict itself"
    if finding.cause is Cause.CONTRADICTION:
        return
    asked = brute.asked[rule.id]
    if asked & ~brute.union(finding.above):
        yield f"{rule.name} is not taken by those named"
    if brute.case.exact:
        for one in finding.above:
            if not asked & ~brute.union(other for other in finding.above if other is not one):
                yield f"{rule.name} is taken without {one.name} too"
        if finding.witness is None:
            yield f"{rule.name} has no witness"
    if finding.witness is not None:
        if finding.witness.rule not in finding.above and brute.case.exact:
            yield f"{rule.name}: the witness goes to a rule that was not named"
        if not _holds(rule, finding.witness):
            yield f"{rule.name} does not ask for its witness"
        yield from _about_witness(brute, finding.witness, finding.witness.rule)


def _holds(rule: Rule, witness: Witness) -> bool:
    walk = Walk(RuleSet(1, (rule,), 1), WORLD.catalogue)
    return rule.is_valid(witness.at or ANY_TIME) and walk.match(witness.facts) is not None


def _winner(ruleset: RuleSet, witness: Witness, without: Rule | None = None) -> int | None:
    rules = tuple(rule for rule in ruleset.rules if rule is not without)
    valid = RuleSet(1, rules, 1).at(witness.at or ANY_TIME)
    winner = Walk(valid, WORLD.catalogue).match(witness.facts)
    return None if winner is None else winner.id


def _about_witness(brute: Brute, witness: Witness, rule: Rule | None) -> Iterator[str]:
    if not exists(witness.facts):
        yield f"there can be no lead with {witness.facts}"
    winner = _winner(brute.case.ruleset, witness)
    if winner != (None if rule is None else rule.id):
        yield f"{witness.facts} should go to {rule}, and goes to {winner}"


def _about_overlaps(brute: Brute, alive: list[Rule], found: tuple[Overlap, ...], count: int) -> Iterator[str]:
    listed = {(overlap.higher.id, overlap.lower.id): overlap for overlap in found}
    if count != len(listed) and count <= MAX_OVERLAPS:
        yield f"{count} overlaps, but {len(listed)} listed"
    for place, higher in enumerate(alive):
        for lower in alive[place + 1 :]:
            overlap = listed.pop((higher.id, lower.id), None)
            one, other = brute.asked[higher.id], brute.asked[lower.id]
            real = bool(higher.ladder != lower.ladder and one & other and one & ~other and other & ~one)
            if real and overlap is None:
                yield f"{higher.name} and {lower.name} overlap"
            if overlap and not real and (brute.case.exact or higher.ladder == lower.ladder):
                yield f"{higher.name} and {lower.name} do not overlap"
            if overlap:
                yield from _about_overlap(brute, overlap)
    if listed:
        yield f"overlaps of rules that never fire: {list(listed)}"


def _about_overlap(brute: Brute, overlap: Overlap) -> Iterator[str]:
    rules = brute.case.ruleset.rules
    higher, lower = overlap.higher, overlap.lower
    before = rules[: rules.index(lower)]
    shared = brute.taken[higher.id] & brute.asked[lower.id]
    shared &= ~brute.union(rule for rule in before if rule is not higher)
    if brute.case.exact and (overlap.certainty is not Certainty.PROVEN):
        yield f"{higher.name} and {lower.name} are left open without need"
    if overlap.witness is None:
        if shared and brute.case.exact:
            yield f"{higher.name} and {lower.name} have a witness"
        return
    yield from _about_witness(brute, overlap.witness, higher)
    if _winner(brute.case.ruleset, overlap.witness, without=higher) != lower.id:
        yield f"without {higher.name}, {overlap.witness.facts} does not go to {lower.name}"


def _about_gaps(brute: Brute, found: tuple[Gap, ...], certainty: Certainty) -> Iterator[str]:
    outside = brute.left
    for gap in found:
        yield from _about_witness(brute, gap.witness, None)
        if not _holds(gap.box, gap.witness):
            yield f"a gap's box {gap.box} leaves out its witness {gap.witness}"
        inside = brute.mask(gap.box)
        if inside & ~brute.left:
            yield f"a gap's box is covered in part: {gap.box}"
        outside &= ~inside
        if brute.case.exact:
            yield from _about_width(brute, gap.box)
    if certainty is not Certainty.PROVEN and brute.case.exact:
        yield "gaps are left open without need"
    if outside and certainty is Certainty.PROVEN and len(found) < MAX_GAPS:
        yield f"a gap is missed: {brute.case.leads[outside.bit_length() - 1]}"
    if found and not brute.left and brute.case.exact:
        yield f"there is no gap: {found}"


def _about_width(brute: Brute, box: Rule) -> Iterator[str]:
    """Each thing that a box says is needed: without it, a rule would meet it."""
    node = parse(box.logic, len(box.conditions))
    terms = node.terms if isinstance(node, And) else (node,)
    for one in terms:
        wider = _rule_of(box, And(tuple(term for term in terms if term is not one)))
        if not brute.mask(wider) & ~brute.left:
            yield f"a gap's box could be wider: {box} without {render(one)}"


def _rule_of(box: Rule, node: And) -> Rule:
    """The rule with this logic; conditions that are not used any more are renumbered away."""
    used = sorted(set(numbers(node)))
    text = render(node, lambda number: str(used.index(number) + 1))
    kept: tuple[Any, ...] = tuple(box.conditions[number - 1] for number in used)
    return Rule(0, box.name, kept, text, valid_from=box.valid_from, valid_until=box.valid_until)
