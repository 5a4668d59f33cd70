"""A run of the replay: decisions are recomputed in chunks, what differs is kept, and upper rooms are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from leadrouting.assignments.models import Decision, Replay
from leadrouting.assignments.replaying import CHUNK, Difference, differences
from leadrouting.assignments.signals import replayed
from leadrouting.engine.sentences import Names
from leadrouting.rules.wording import all_names

KEPT = 100
"""Differences that a run lists; the others are only counted."""
OVERLAP = timedelta(days=1)


@dataclass(slots=True)
class Run:
    """What a run found so far. `kept` are the first KEPT differences."""

    since: datetime
    checked: int = 0
    different: int = 0
    kept: list[Difference] = field(default_factory=list)


def recompute(
    since: datetime, *, until: datetime, limit: int | None = None, seen: Callable[[int], None] | None = None
) -> Run:
    """Decide again what was decided in `[since, until]`, oldest first, at most `limit`; in constant memory.

    `seen` is called with the number of each chunk's decisions.
    """
    run = Run(since)
    for chunk in chunks(decided(since, until), limit):
        for difference in differences(chunk):
            run.different += 1
            if len(run.kept) < KEPT:
                run.kept.append(difference)
        run.checked += len(chunk)
        if seen is not None:
            seen(len(chunk))
    return run


def decided(since: datetime, until: datetime) -> QuerySet[Decision]:
    return Decision.objects.filter(decided_at__gte=since, decided_at__lte=until)


def chunks(decisions: QuerySet[Decision], limit: int | None) -> Iterator[list[Decision]]:
    """By key, without a cursor of the server's, which a pooler would lose."""
    last, left = 0, limit
    while left is None or left > 0:
        size = CHUNK if left is None else min(CHUNK, left)
        chunk = list(decisions.filter(pk__gt=last).order_by("pk")[:size])
        if not chunk:
            return
        yield chunk
        last = chunk[-1].pk
        left = None if left is None else left - len(chunk)


@transaction.atomic
def keep(run: Run, *, started_at: datetime, finished_at: datetime) -> Replay:
    """Store the run and tell who wants to know."""
    names = all_names() if run.kept else Names()
    replay = Replay.objects.create(
        since=run.since,
        started_at=started_at,
        finished_at=finished_at,
        checked=run.checked,
        different=run.different,
        differing=[as_stored(one, names) for one in run.kept],
    )
    replayed.send(Replay, replay=replay, now=finished_at)
    return replay


def told(run: Run, shown: int) -> list[str]:
    """The first differences in sentences."""
    names = all_names() if run.kept else Names()
    return [said(one, names) for one in run.kept[:shown]]


def as_stored(difference: Difference, names: Names) -> dict[str, Any]:
    return {
        "decision": difference.decision,
        "lead": difference.lead,
        "says": said(difference, names),
        "was": difference.was,
        "now": difference.now,
    }


def said(difference: Difference, names: Names) -> str:
    """`Decision 12 about lead 5: Ann stands there, Ben comes out.`"""
    opening = f"Decision {difference.decision} about lead {difference.lead}"
    if difference.problem:
        return f"{opening}: {difference.problem}."
    was, now = difference.was, difference.now
    if was.get("rule") != now.get("rule"):
        return f"{opening}: its facts lead to {rule_of(now, names)}, but {rule_of(was, names)} stands there."
    if (was.get("rep"), was.get("queue")) != (now.get("rep"), now.get("queue")):
        return f"{opening}: {owner_of(was, names)} stands there, {owner_of(now, names)} comes out."
    what = "the steps that were tried" if "tried" in difference.parts else " and ".join(difference.parts)
    return f"{opening}: {what} come out otherwise."


def rule_of(verdict: dict[str, Any], names: Names) -> str:
    return "no rule" if verdict.get("rule") is None else f"rule {verdict['rule']}"


def owner_of(verdict: dict[str, Any], names: Names) -> str:
    if (rep := verdict.get("rep")) is not None:
        return names.rep(rep)
    return names.queue(verdict.get("queue") or 0)


def next_since() -> datetime | None:
    """Where a differing run began that no later one has cleared; else a day before the last clean run started;
    else the first decision. None: nothing was ever decided."""
    if (alarm := unsettled()) is not None:
        return alarm.since
    clean = Replay.objects.filter(different=0).order_by("-started_at").first()
    if clean is not None:
        return clean.started_at - OVERLAP
    return Decision.objects.order_by("decided_at").values_list("decided_at", flat=True).first()


def unsettled() -> Replay | None:
    """The last run that found differences, unless a later one that reached as far back found none. One query."""
    clean = Replay.objects.filter(
        different=0, since__lte=OuterRef("since"), started_at__gt=OuterRef("started_at")
    )
    return Replay.objects.filter(~Exists(clean), different__gt=0).order_by("-started_at", "-pk").first()
