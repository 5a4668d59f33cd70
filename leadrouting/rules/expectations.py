"""The test leads of a rule set: what each is expected to do, and what it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leadrouting.engine.describe import describe_value
from leadrouting.engine.facts import Catalogue
from leadrouting.engine.model import OWNERS, StepKind
from leadrouting.rules.models import Expectation, RuleSet
from leadrouting.rules.signals import gathered, rehearsing


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one test lead. `went` is a sentence, `why` the steps to it, rule by rule.

    `problem` says why it could not be tried at all, e.g. because a fact is gone: then it has not passed.
    """

    expectation: Expectation
    passed: bool
    went: str = ""
    why: Sequence[str] = ()
    problem: str = ""

    @property
    def said(self) -> str:
        """One sentence for a list of what fails."""
        came = self.problem or f"It would go to: {self.went}"
        return f"Test lead “{self.expectation}” should go to {wanted_in_words(self.expectation)}. {came}"


def results(rule_set: RuleSet, document: Mapping[str, Any], *, now: datetime) -> list[Result]:
    """Every test lead of the rule set tried on this document, which must have no problems. Writes nothing."""
    expectations = list(rule_set.expectations.select_related("pool", "rep__user", "queue"))
    if not expectations:
        return []
    return gathered(rehearsing, rule_set=rule_set, document=document, expectations=expectations, now=now)


def wanted_in_words(expectation: Expectation) -> str:
    match expectation.kind:
        case StepKind.POOL:
            return f"somebody in {expectation.pool}"
        case StepKind.QUEUE:
            return f"queue “{expectation.queue}”"
        case _:
            return str(expectation.rep)


def given_in_words(given: Mapping[str, Any], known: Catalogue, reps: Mapping[int, str] | None = None) -> str:
    """`country DE, score 50 points`; attributes by their own names, owners by theirs from `reps`."""
    flat = {key: value for key, value in given.items() if key != "attributes"}
    flat |= {f"attributes.{key}": value for key, value in given.get("attributes", {}).items()}
    parts = []
    for key, value in flat.items():
        fact = known.get(key)
        label = fact.label if fact else key.removeprefix("attributes.").replace("_", " ")
        if key in OWNERS and str(value).isdecimal():
            value = (reps or {}).get(int(value), f"rep {value}")
        parts.append(f"{label} {describe_value(value, fact)}")
    return ", ".join(parts) or "nothing is known"
