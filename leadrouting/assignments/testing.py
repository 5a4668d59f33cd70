"""The test leads of a rule set, tried together: what they share is read once. Nothing is written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count

from leadrouting.assignments.known import KnownTogether
from leadrouting.assignments.models import Decision
from leadrouting.assignments.rehearsal import Rehearsal, rehearse_all
from leadrouting.assignments.supposing import Supposed, supposed
from leadrouting.engine.model import StepKind
from leadrouting.engine.verdict import Verdict
from leadrouting.rules.expectations import Result
from leadrouting.rules.live import ready
from leadrouting.rules.models import Expectation

LONG_AGO = timedelta(days=30)
"""Longer than any step of a ladder can wait."""
SHOWN = 6
"""Rules that are named in the answer for one test lead."""


def tried(expectations: Sequence[Expectation], document: Mapping[str, Any], now: datetime) -> list[Result]:
    """Each on its own, as if no other were there, at its own moment or `now`; in the same order.

    Waits are over: the question is where a lead comes to rest, not where it is held on its way.
    """
    live, known = ready(document), KnownTogether(one.given for one in expectations)
    runs: dict[int, tuple[Supposed, datetime]] = {}
    problems: dict[int, str] = {}
    for number, one in enumerate(expectations):
        at = one.at or now
        try:
            runs[number] = replace(supposed(one.given, now=at, known=known), since=at - LONG_AGO), at
        except ValidationError as error:
            problems[number] = f"It cannot be tried: {' '.join(error.messages)}"
    went = dict(zip(runs, rehearse_all(runs.values(), live=live), strict=True))
    return [
        result_of(one, went[number])
        if number in went
        else Result(one, passed=False, problem=problems[number])
        for number, one in enumerate(expectations)
    ]


def result_of(one: Expectation, run: Rehearsal) -> Result:
    why = [*shortened(run), *run.explanation]
    return Result(one, passed=met(one, run.verdict), went=run.sentence, why=why)


def shortened(run: Rehearsal) -> list[str]:
    """The rule that matched and the ones just above it: a page of test leads is no list of all rules."""
    above = len(run.asked) - SHOWN
    return [f"{above} rules above did not match.", *run.trace(last=SHOWN)] if above > 1 else run.trace()


def met(one: Expectation, verdict: Verdict) -> bool:
    """A pool's lead may go to any of its members, but by this pool and not by another way."""
    match one.kind:
        case StepKind.POOL:
            won = verdict.won or (verdict.tried[-1] if verdict.held else None)
            return won is not None and (won.kind, won.id) == (StepKind.POOL, one.pool_id)
        case StepKind.QUEUE:
            return verdict.queue == one.queue_id
        case _:
            return verdict.rep == one.rep_id


def decided_by(versions: Collection[int]) -> dict[int, int]:
    """How many leads each version decided about, by its key. One query."""
    rows = Decision.objects.filter(version__in=versions).order_by().values_list("version")
    return dict(rows.annotate(leads=Count("lead", distinct=True)))
