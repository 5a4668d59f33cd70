"""What waits is tried again when something stirs or its time has come: the most urgent first, then the oldest.

Anything that may find somebody an owner stirs: triggers write a `Stir` when a lead leaves its owner, when anything
of the configuration changes (presence, absences, members, hours, caps), when rules go live, and when somebody opens
their pages. What the clock alone brings (an opening, a return, a new day's count) is in the leads' `route_at`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import BooleanField, Case, ExpressionWrapper, Q, When
from django.db.models.functions import Now

from leadrouting.assignments.careful import routed
from leadrouting.assignments.models import Stir
from leadrouting.assignments.orders import Cause, Order, Outcome
from leadrouting.assignments.routing import CHUNK
from leadrouting.leads.enums import Status
from leadrouting.leads.models import Lead

FIRST = 8
"""So many are tried together at first, then twice as many each time: often there is one place, and one kind."""

PUT_OFF = """
    WITH mine AS (
        SELECT id FROM leads_lead WHERE id = ANY(%(leads)s) AND route_at <= %(now)s
        ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE leads_lead SET route_at = later.at
    FROM mine JOIN unnest(%(leads)s::bigint[], %(at)s::timestamptz[]) AS later(id, at) USING (id)
    WHERE leads_lead.id = mine.id
"""


class Waiting(NamedTuple):
    """`kind` is None for a lead that was never tried: it is never passed over."""

    lead: int
    kind: int | None
    is_due: bool


@dataclass(slots=True)
class Drain:
    """One look at what waits, in turn. `in_vain`: when leads of a kind that found nobody are tried again."""

    now: datetime
    in_vain: dict[int, datetime] = field(default_factory=dict)
    passed_over: list[tuple[int, datetime]] = field(default_factory=list)
    tried: int = 0
    found: int = 0
    found_waiting: int = 0

    def go(self, waiting: Iterable[Waiting], limit: int) -> bool:
        """Try them in chunks until `limit` have found an owner. Whether that was all of them."""
        line, size = iter(waiting), FIRST
        while self.found < limit:
            if not (chunk := self.chunk(line, min(size, limit))):
                return True
            orders = [
                Order(one.lead, Cause.SWEEP if one.kind or one.is_due else Cause.ARRIVAL) for one in chunk
            ]
            kinds = {one.lead: one.kind for one in chunk}
            for outcome in routed(orders, self.now):
                self.note(outcome, kinds[outcome.lead])
            self.tried += len(chunk)
            size *= 2
        return False

    def chunk(self, line: Iterator[Waiting], size: int) -> list[Waiting]:
        """The next in line, without those whose kind has been tried in vain. A step's wait may be over for one
        and not for another (kinds below zero): who is due is tried."""
        chunk: list[Waiting] = []
        for one in line:
            later = self.in_vain.get(one.kind or 0)
            if later is None or (one.is_due and one.kind is not None and one.kind < 0):
                chunk.append(one)
                if len(chunk) == size:
                    break
            elif one.is_due:
                self.passed_over.append((one.lead, later))
        return chunk

    def note(self, outcome: Outcome, kind: int | None) -> None:
        if outcome.verdict.rep is not None:
            self.found += 1
            self.found_waiting += kind is not None
        elif outcome.waits_as is not None and outcome.route_at is not None:
            self.in_vain.setdefault(outcome.waits_as, outcome.route_at)


def route_due(now: datetime, limit: int = CHUNK) -> int:
    """Route what no signal saw, what is due, and, if something has stirred, all that waits; in turn. Returns how
    many leads were tried or put off; fewer than `limit` means that nothing is left to do.

    1. Read what has stirred, then the line: with a stir all that wait, without one what is due and its kinds.
    2. Try in turn, passing over a kind once one of it has found nobody; those of it that are due are put off.
    3. Forget the stirs, if the line was tried to its end. If one that waited found somebody by the clock alone,
       others may, too: that stirs.
    """
    stirs = list(Stir.objects.values_list("pk", flat=True))
    drain = Drain(now)
    is_all = drain.go(line(now, everybody=bool(stirs)), limit)
    put_off_kinds(drain.passed_over, now)
    if is_all:
        Stir.objects.filter(pk__in=stirs).delete()
    elif stirs:
        Stir.objects.filter(pk__in=stirs).update(at=Now())
    if drain.found_waiting and not stirs:
        Stir.objects.create()
    done = drain.tried + len(drain.passed_over)
    return done if is_all else max(done, limit)


def line(now: datetime, *, everybody: bool) -> list[Waiting]:
    """Who is to be tried, in turn. One query, and one for the kinds that are due."""
    due = Q(route_at__lte=now)
    if everybody:
        asked = due | Q(route_at__isnull=False, route_failures=0)
    else:
        kinds = Lead.objects.filter(due, waits_as__isnull=False).order_by().values_list("waits_as").distinct()
        asked = due | Q(route_at__isnull=False, route_failures=0, waits_as__in=[kind for (kind,) in kinds])
    kind = Case(When(status=Status.QUEUED, then="waits_as"))
    rows = (
        Lead.objects.filter(asked).in_turn().values_list("id", kind, ExpressionWrapper(due, BooleanField()))
    )
    return list(map(Waiting._make, rows))  # no instants: thousands of them would take most of the time


def put_off_kinds(passed_over: list[tuple[int, datetime]], now: datetime) -> None:
    """Who is due and was passed over is tried again when the one of its kind is that was tried."""
    if passed_over:
        leads, at = zip(*passed_over, strict=True)
        with connection.cursor() as cursor:
            cursor.execute(PUT_OFF, {"leads": list(leads), "at": list(at), "now": now})
