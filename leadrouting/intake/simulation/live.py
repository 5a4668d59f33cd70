"""Traffic for a running system, in real time: leads come in, and reps answer most of them.

Everything happens as from outside: a lead is received and routed on commit, an owner is whoever the database
names, be it this process or a worker that gave them the lead after somebody's missed deadline.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from leadrouting.assignments import ownership
from leadrouting.assignments.errors import Refused
from leadrouting.assignments.models import Assignment
from leadrouting.intake.simulation.agenda import Agenda
from leadrouting.intake.simulation.crew import ANSWERS
from leadrouting.intake.simulation.manners import Manner, answer, deal
from leadrouting.intake.simulation.market import Market
from leadrouting.intake.simulation.own import still_defined
from leadrouting.leads.attributes import definitions
from leadrouting.leads.services import receive_lead
from leadrouting.sla.models.policy import Kind

LATEST = timedelta(seconds=75)  # what can be answered is answered within this, however long the promise
DAY = timedelta(seconds=20)  # deals move on as if a day were this long
BACK = timedelta(minutes=5)  # older assignments are not looked at

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Rate:
    """Leads in so much time, e.g. “20/min”."""

    pause: timedelta

    @classmethod
    def parse(cls, text: str) -> Rate:
        """ValueError: not a number from above zero, a slash, and sec, min or hour."""
        units = {"s": 1, "sec": 1, "min": 60, "m": 60, "h": 3600, "hour": 3600}
        number, _, unit = text.partition("/")
        if unit not in units or not number.isdecimal() or int(number) == 0:
            raise ValueError(f"“{text}” is no rate. Write, for example, 20/min.")
        return cls(timedelta(seconds=units[unit] / int(number)))


class Traffic:
    def __init__(self, pack: Mapping[str, Any], *, seed: str, rate: Rate, say: Say) -> None:
        self.market = Market(pack, seed)
        self.manners = {entry["username"]: Manner.of(entry) for entry in pack["reps"]}
        self.chance = Random(seed)
        self.rate = rate
        self.say = say
        self.agenda = Agenda()
        self.arrived = 0
        self._seen: set[int] = set()

    def start(self, now: datetime) -> None:
        """Leads that others had before are theirs to answer: only what comes from now on is looked at."""
        self._seen = set(Assignment.objects.filter(started_at__gte=now - BACK).values_list("pk", flat=True))
        self.agenda.push(now, self.arrives)

    def step(self, now: datetime) -> None:
        """All that is due at `now`, and plans for those who have got a lead since the last step."""
        while (entry := self.agenda.due(now)) is not None:
            try:
                entry.event(now)
            except Refused as refused:
                self.say(f"  {refused}")
        new = Assignment.objects.filter(ended_at=None, started_at__gte=now - BACK).exclude(pk__in=self._seen)
        for assignment in new.select_related("rep__user", "lead"):
            self._seen.add(assignment.pk)
            self.plans(assignment)

    def arrives(self, now: datetime) -> None:
        self.arrived += 1
        pause = self.rate.pause * self.chance.expovariate(1)
        self.agenda.push(now + pause, self.arrives)
        values = still_defined(self.market.lead_now(self.arrived, now).values, definitions())
        lead = receive_lead(now=now, **values).lead
        lead.refresh_from_db()
        went = lead.owner or lead.queue
        self.say(
            f"{now:%H:%M:%S}  {lead.name}, {lead.city or 'somewhere'}, by {lead.get_channel_display()} -> {went}"
        )

    def plans(self, assignment: Assignment) -> None:
        rep, clock = assignment.rep.user, assignment.clocks.filter(kind=Kind.RESPOND).first()
        plan = answer(self.chance, self.manners.get(rep.username, Manner()))
        if plan.share is None or plan.share > 1:
            return  # the deadline passes, and the pulse moves the lead on
        allowed = clock.due_at - clock.started_at if clock else LATEST
        at = assignment.started_at + min(allowed, LATEST) * max(plan.share, 0.1)
        if plan.declines:
            self.agenda.push(
                at,
                lambda now: ownership.decline(
                    lead_id=assignment.lead_id, by=rep, reason=plan.declines, now=now
                ),
            )
        else:
            self.agenda.push(at, lambda now: self.responds(assignment, plan.share or 0, now))

    def responds(self, assignment: Assignment, share: float, now: datetime) -> None:
        lead, rep = assignment.lead, assignment.rep.user
        kind = self.chance.choice(ANSWERS)
        ownership.respond(lead_id=lead.pk, by=rep, now=now, kind=kind, text="First answer")
        self.say(f"{now:%H:%M:%S}    {rep} answers {lead}")
        manner = self.manners.get(rep.username, Manner())
        plan = deal(self.chance, manner, 1.0, float(lead.deal_size or 5000), share)
        if plan.outcome:
            self.agenda.push(
                now + DAY * plan.end,
                lambda at: ownership.close(
                    lead_id=lead.pk,
                    by=rep,
                    outcome=plan.outcome,
                    revenue=None if plan.revenue is None else Decimal(plan.revenue),
                    reason=plan.reason,
                    now=at,
                ),
            )
