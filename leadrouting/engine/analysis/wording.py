"""Findings as sentences for ops. The names of rules are quoted; facts are said as the rules say them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from leadrouting.engine.analysis.boxwording import say_box
from leadrouting.engine.analysis.findings import (
    Analysis,
    Cause,
    Certainty,
    Gap,
    NeverFires,
    Overlap,
    Witness,
    World,
)
from leadrouting.engine.describe import describe_condition, describe_value
from leadrouting.engine.facts import Fact, FactType
from leadrouting.engine.model import Rule


def say(finding: NeverFires | Overlap | Gap, world: World) -> str:
    """One finding as a sentence or two."""
    match finding:
        case NeverFires():
            return _never(finding, world)
        case Overlap():
            return _overlap(finding, world)
        case Gap():
            return _gap(finding, world)


def say_lead(witness: Witness, world: World, about: Iterable[Rule] = ()) -> str:
    """`a lead with country India and no tier`, without where it goes; with `about`, only what these rules ask."""
    asked = [condition.fact for rule in about for condition in rule.conditions]
    keys = dict.fromkeys(key for key in asked or witness.facts if key in world.catalogue)
    facts = [_fact(world.catalogue[key], witness.facts.get(key)) for key in keys]
    said = f"a lead with {listed(facts)}" if facts else "a lead of which nothing is known"
    return f"{said} at {witness.at:%Y-%m-%d %H:%M} UTC" if witness.at else said


def _fact(fact: Fact, raw: Any) -> str:
    if raw is None:
        return f"no {fact.label}"
    if fact.type is FactType.PLACE:
        raw = raw[-1]  # the territories above go without saying
    return f"{fact.label} {describe_value(raw, fact)}"


def say_gaps(analysis: Analysis) -> str:
    """What the list of gaps is worth, as a sentence."""
    match analysis.gaps_certainty:
        case Certainty.CANNOT_TELL:
            return "There may be other gaps: it depends on what texts the patterns can have in common."
        case Certainty.NOT_DECIDED:
            return "There may be other gaps: the search was ended before it was through."
    return "These are gaps that are certain." if analysis.gaps else "Every lead is covered by some rule."


def listed(items: Iterable[str], word: str = "and") -> str:
    """`a, b and c`."""
    *most, last = list(items)
    return f"{', '.join(most)} {word} {last}" if most else last


def _quoted(rule: Rule) -> str:
    return f"“{rule.name}”"


def _goes(witness: Witness) -> str:
    return f"goes to {_quoted(witness.rule)}" if witness.rule else "goes to the catch-all"


def _never(finding: NeverFires, world: World) -> str:
    name = _quoted(finding.rule)
    if finding.certainty is Certainty.CANNOT_TELL:
        return f"We cannot tell whether {name} ever fires: it depends on what texts the patterns can have in common."
    if finding.certainty is Certainty.NOT_DECIDED:
        return f"Whether {name} ever fires is not decided: the search was ended before it was through."
    if finding.cause is Cause.CONTRADICTION:
        return f"{name} can never fire: {_contradiction(finding, world)}."
    taken = listed(_quoted(rule) for rule in finding.above)
    said = f"{name} can never fire: everything that it asks for is taken before by {taken}"
    if finding.cause is Cause.SEVERAL_ABOVE:
        said += " together"
    if finding.witness is None:
        return f"{said}."
    rules = (finding.rule, *((finding.witness.rule,) if finding.witness.rule else ()))
    return f"{said}. For example, {say_lead(finding.witness, world, rules)} {_goes(finding.witness)}."


def _contradiction(finding: NeverFires, world: World) -> str:
    if not finding.conditions:
        return "the time in which it is valid is over, or never comes"
    said = [describe_condition(finding.rule.conditions[n - 1], world.catalogue) for n in finding.conditions]
    if len(said) == 1:
        return f"no lead satisfies “{said[0]}”"
    return f"no lead satisfies {listed(f'“{one}”' for one in said)} as it asks"


def _overlap(finding: Overlap, world: World) -> str:
    higher, lower = _quoted(finding.higher), _quoted(finding.lower)
    said = f"{higher} and {lower} claim the same leads but send them to different targets"
    if finding.certainty is not Certainty.PROVEN:
        said = f"{higher} and {lower} may claim the same leads and send them to different targets"
    if finding.witness is None:
        return f"{said}."
    lead = say_lead(finding.witness, world, (finding.higher, finding.lower))
    return f"{said}: {lead} {_goes(finding.witness)}, and would go to {lower} without it."


def _gap(finding: Gap, world: World) -> str:
    valid = _valid(finding.box)
    if not finding.box.conditions:
        return f"No rule takes any lead{valid}: all go to the catch-all."
    said = say_box(finding.box, world.catalogue)
    lead = say_lead(finding.witness, world, (finding.box,))
    return f"No rule takes a lead of which {said}{valid}. For example, {lead} goes to the catch-all."


def _valid(rule: Rule) -> str:
    """` from 2026-03-29 12:00 UTC until ...`; nothing for a rule without a limit."""
    start = f" from {rule.valid_from:%Y-%m-%d %H:%M} UTC" if rule.valid_from else ""
    return f"{start} until {rule.valid_until:%Y-%m-%d %H:%M} UTC" if rule.valid_until else start
