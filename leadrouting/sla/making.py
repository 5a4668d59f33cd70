"""A policy with all that belongs to it, in one call: for packs of data and whatever else writes no forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from django.db import transaction

from leadrouting.sla.models import Policy, PolicyCondition, Rung, Target

Ladder = Sequence[str | tuple[str, timedelta]]
"""What is done, at once or so long after the deadline."""

USUAL: Ladder = (Rung.Do.NOTIFY, Rung.Do.NEXT)


@transaction.atomic
def make(
    name: str,
    within: Mapping[str, timedelta],
    *,
    when: Iterable[Sequence[str]] = (),
    hours: str = Target.Hours.OWNER,
    reminders: Sequence[int] = (),
    ladder: Ladder = USUAL,
    ladders: Mapping[str, Ladder] | None = None,
    **values: object,
) -> Policy:
    """`within` is by the kind of deadline, `when` lists (fact, operator, value), `reminders` are percents of the
    time. `ladder` is what follows a missed deadline, unless `ladders` has another for its kind; `values` are the
    policy's own."""
    policy = Policy.objects.create(name=name, **values)
    PolicyCondition.objects.bulk_create(
        PolicyCondition(policy=policy, position=position, fact=fact, operator=operator, value=value)
        for position, (fact, operator, value) in enumerate(when, 1)
    )
    Target.objects.bulk_create(
        Target(policy=policy, kind=kind, within=span, hours=hours, reminders=list(reminders))
        for kind, span in within.items()
    )
    Rung.objects.bulk_create(
        rung(policy, kind, position, step)
        for kind in within
        for position, step in enumerate((ladders or {}).get(kind, ladder), 1)
    )
    return policy


def rung(policy: Policy, kind: str, position: int, step: str | tuple[str, timedelta]) -> Rung:
    do, after = (step, timedelta()) if isinstance(step, str) else step
    return Rung(policy=policy, kind=kind, position=position, do=do, after=after)
