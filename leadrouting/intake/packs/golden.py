"""Golden cases: sample leads with the rule and the place that they must come to, tried on the live rules."""

from __future__ import annotations

from collections.abc import Iterator

from leadrouting.assignments.rehearsal import Rehearsal, rehearse
from leadrouting.assignments.supposing import supposed
from leadrouting.engine.model import StepKind
from leadrouting.intake.packs.files import Pack
from leadrouting.intake.packs.rules import WEDNESDAY
from leadrouting.teams.models import Pool, Queue, Rep


def failures(pack: Pack) -> Iterator[str]:
    """A sentence for each golden case that does not go where the pack says. Nothing is written."""
    for case in pack.get("golden", []):
        wanted = {key: case[key] for key in ("rule", "pool", "queue", "rep") if key in case}
        at = case.get("at", WEDNESDAY)
        got = place(rehearse(supposed(case["lead"], now=at), now=at))
        if different := {key: got[key] for key, value in wanted.items() if got[key] != value}:
            yield f"{case['name']}: wanted {wanted}, got {different}"


def place(rehearsal: Rehearsal) -> dict[str, str]:
    verdict = rehearsal.verdict
    won = verdict.won
    return {
        "rule": rehearsal.rule_name,
        "pool": Pool.objects.get(pk=won.id).name if won and won.kind == StepKind.POOL else "",
        "queue": Queue.objects.get(pk=verdict.queue).name if verdict.queue else "",
        "rep": Rep.objects.get(pk=verdict.rep).user.username if verdict.rep else "",
    }
