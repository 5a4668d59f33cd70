"""Made-up history: weeks of leads, lived through the real services with a clock of its own.

All of it is one transaction. So nobody, a running pulse least of all, sees yesterday's clocks before the
simulated reps have answered them; and history is there as a whole or not at all. In a running system real
leads for the same pools wait until it is over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from leadrouting.analytics.reports import make_reports
from leadrouting.assignments.errors import Refused
from leadrouting.assignments.orders import Cause, Outcome
from leadrouting.assignments.rosters import stored_rosters
from leadrouting.assignments.services import route
from leadrouting.assignments.signals import decided
from leadrouting.intake.simulation.agenda import Agenda
from leadrouting.intake.simulation.crew import Crew
from leadrouting.intake.simulation.manners import Manner
from leadrouting.intake.simulation.market import Arrival, Market
from leadrouting.intake.simulation.own import still_defined
from leadrouting.leads.attributes import definitions
from leadrouting.leads.bulk import Enquiry, receive_many
from leadrouting.leads.services import Received
from leadrouting.notifications.models import Event, Message
from leadrouting.teams.snapshot import People, people_now

FRESH = timedelta(days=1)  # messages younger than this are left unread
REPORTS = time(6, 0, tzinfo=UTC)  # on Mondays, as scheduled

OnDay = Callable[[date], None]


def nobody(day: date) -> None:
    """Hears of a day that is over."""


def make_history(
    pack: Mapping[str, Any], *, leads: int, days: int, seed: int, until: datetime, on_day: OnDay = nobody
) -> int:
    """`leads` leads over the `days` before `until`, with all that came of them. Returns how many were saved.

    The same pack, numbers, seed and instant give the same history.
    """
    remember_rosters()
    arrivals = Market(pack, seed).stream(leads, days, until)
    manners = {entry["username"]: Manner.of(entry) for entry in pack["reps"]}
    return History(arrivals, manners, seed, until).live(on_day)


def remember_rosters() -> None:
    """Routing remembers a roster once it is committed: so before the one long transaction, not in it."""
    who = people_now()
    stored_rosters(who, who.pools)


class History:
    """1. Each day's leads are saved. 2. Each is routed as it comes. 3. Whoever gets one plans what to do with it
    (see `Crew`); clocks that run out first act. 4. On Mondays the reports are made."""

    def __init__(
        self, arrivals: list[Arrival], manners: dict[str, Manner], seed: int, until: datetime
    ) -> None:
        self.arrivals = arrivals
        self.until = until
        self.agenda = Agenda(until)
        self.crew = Crew(self.agenda, manners, seed)

    @transaction.atomic
    def live(self, on_day: OnDay) -> int:
        newest = Message.objects.order_by("-id").values_list("id", flat=True).first() or 0
        happened = Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
        days: dict[date, list[Arrival]] = {}
        for arrival in self.arrivals:
            days.setdefault(arrival.at.date(), []).append(arrival)
        decided.connect(self.on_decided, dispatch_uid="simulation")
        try:
            for day, arrivals in days.items():
                self.live_until(datetime.combine(day, time(), UTC))
                if day.weekday() == 0:
                    self.agenda.push(datetime.combine(day, REPORTS), report)
                self.save(arrivals)
                on_day(day)
            self.live_until(self.until)
        finally:
            decided.disconnect(dispatch_uid="simulation")
        self.settle(newest, happened)
        return len(self.crew.arrivals)

    def save(self, arrivals: list[Arrival]) -> None:
        known = definitions()
        received = receive_many([Enquiry(still_defined(one.values, known), one.at) for one in arrivals])
        for arrival, got in zip(arrivals, received, strict=True):
            if isinstance(got, Received) and got.created:
                self.crew.arrivals[got.lead.pk] = arrival
                lag = timedelta(milliseconds=self.crew.chance(got.lead.pk, "lag").randint(60, 700))
                self.agenda.push(arrival.at + lag, self.routes(got.lead.pk))

    def routes(self, lead: int, cause: Cause = Cause.ARRIVAL) -> Callable[[datetime], None]:
        def act(at: datetime) -> None:
            outcome = route(lead, now=at, cause=cause)
            if outcome is not None and outcome.route_at is not None:
                self.agenda.push(outcome.route_at, self.routes(lead, Cause.SWEEP))

        return act

    def on_decided(self, outcomes: list[Outcome], people: People, **signal: Any) -> None:
        for outcome in outcomes:
            if outcome.lead in self.crew.arrivals:
                self.crew.gets(outcome, people)

    def live_until(self, end: datetime) -> None:
        while (entry := self.agenda.due(end)) is not None:
            try:
                entry.event(entry.at)
            except Refused:
                continue  # somebody was faster: the lead has moved on, or is closed

    def settle(self, newest: int, happened: int) -> None:
        """Messages of the past need not be sent, and are no news."""
        Event.objects.filter(pk__gt=happened).update(spread_at=F("at"))
        written = Message.objects.filter(pk__gt=newest)
        written.update(spread_at=F("created_at"))
        written.filter(created_at__lt=self.until - FRESH).update(read_at=F("created_at"))


def report(at: datetime) -> None:
    make_reports(slot=at, now=at)
