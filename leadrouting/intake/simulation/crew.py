"""The people of the simulated company: what each does with a lead that comes to them, in the agenda."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random

from leadrouting.assignments import ownership
from leadrouting.assignments.orders import Outcome
from leadrouting.intake.simulation.agenda import Agenda
from leadrouting.intake.simulation.manners import Answer, Manner, answer, deal
from leadrouting.intake.simulation.market import Arrival
from leadrouting.leads.enums import Status
from leadrouting.leads.models import Activity
from leadrouting.sla import clocks
from leadrouting.sla import services as sla
from leadrouting.sla.models import Clock
from leadrouting.sla.models.policy import Kind
from leadrouting.sla.plan import Moment
from leadrouting.sla.terms import book
from leadrouting.teams.models import Rep, User
from leadrouting.teams.snapshot import People

Act = Callable[[datetime], object]
ANSWERS = [Activity.Kind.CALL, Activity.Kind.EMAIL, Activity.Kind.MESSAGE]
UNPROMISED = timedelta(hours=4)  # how soon leads without a clock are answered
SOONEST = 0.02


@dataclass(frozen=True, slots=True)
class Hold:
    """A lead in a rep's hands. `after(share)` is the instant when that share of the allowed time has passed."""

    lead: int
    assignment: int
    by: User
    after: Callable[[float], datetime]


class Crew:
    """Plans acts into `agenda`. An act whose lead has moved on meanwhile is passed over.

    `arrivals` are the simulated leads by their key. Each choice has a chance of its own, made from the seed,
    the number of the lead in the stream and what is chosen: so no choice disturbs another.
    """

    def __init__(self, agenda: Agenda, manners: dict[str, Manner], seed: int) -> None:
        self.agenda = agenda
        self.seed = seed
        self.arrivals: dict[int, Arrival] = {}
        self._decision: dict[int, int] = {}  # lead -> the decision that holds now
        self._hands: Counter[int] = Counter()
        self._answered: set[int] = set()  # decisions whose clocks stand still
        self._users = {user.pk: user for user in User.objects.all()}
        self._manners = {user.pk: manners.get(user.username, Manner()) for user in self._users.values()}
        self._ops = User.objects.get(username="ops")

    def chance(self, lead: int, what: str) -> Random:
        return Random(f"{self.seed}:{self.arrivals[lead].number}:{what}")

    def gets(self, outcome: Outcome, people: People) -> None:
        """A lead has come to a rep, or into a queue."""
        self._hands[outcome.lead] += 1
        self._decision[outcome.lead] = outcome.decision
        rng = self.chance(outcome.lead, f"hand {self._hands[outcome.lead]}")
        if outcome.verdict.rep is not None:
            self.plans(self.hold(outcome, people), answer(rng, self._manners[outcome.verdict.rep]))
        elif outcome.verdict.step is not None:  # a rule's queue: nothing that anybody could sell to
            at = outcome.decided_at + timedelta(hours=rng.uniform(8, 90))
            self.later(
                outcome.lead, at, partial(self.closes, outcome.lead, self._ops, reason="Not a sales enquiry")
            )
        elif outcome.route_at is None:  # the catch-all
            at = outcome.decided_at + timedelta(minutes=rng.uniform(10, 330))
            self.later(outcome.lead, at, partial(self.hands_out, outcome.lead, rng, people))

    def later(self, lead: int, at: datetime, act: Act) -> None:
        decision = self._decision[lead]
        self.agenda.push(at, lambda now: act(now) if self._decision[lead] == decision else None)

    def hold(self, outcome: Outcome, people: People) -> Hold:
        """Its clock's reminder and deadline go into the agenda too: here nobody else watches them."""
        person, start = people.reps[outcome.verdict.rep or 0], outcome.starts_at
        allowed, calendar = UNPROMISED, person.calendar
        policies = book(people.stamp)
        terms = policies.of(outcome.facts)
        if terms is not None and Kind.RESPOND in terms.promises:
            allowed = terms.promises[Kind.RESPOND].within
            calendar = policies.calendar(terms.counts[Kind.RESPOND], person.rep, people)
        for clock in clocks.started([outcome], people):
            for at in sorted({Moment.read(one).at for one in clock.plan}):
                self.later(outcome.lead, at, partial(self.clock_acts, outcome.lead, outcome.decision))

        def after(share: float) -> datetime:
            return calendar.add(start, allowed * share) if calendar else start + allowed * share

        return Hold(outcome.lead, outcome.decision, self._users[person.rep], after)

    def plans(self, hold: Hold, answer: Answer) -> None:
        if answer.share is None:
            return
        share = max(answer.share, SOONEST)
        lead, by = hold.lead, hold.by
        if answer.declines:
            act: Act = lambda at: ownership.decline(lead_id=lead, by=by, reason=answer.declines, now=at)  # noqa: E731
        else:
            act = partial(self.responds, hold, share)
        if answer.accepts and not answer.declines:
            self.later(lead, hold.after(share / 3), lambda at: ownership.accept(lead_id=lead, by=by, now=at))
        self.later(lead, hold.after(share), act)

    def responds(self, hold: Hold, share: float, at: datetime) -> None:
        """The first answer; the rest of the deal follows from it."""
        rng, arrival = self.chance(hold.lead, f"deal {hold.by.username}"), self.arrivals[hold.lead]
        self.writes(hold, rng.choice(ANSWERS), "First answer", at)
        self._answered.add(hold.assignment)
        size = float(arrival.values.get("deal_size", 5000))
        plan = deal(rng, self._manners[hold.by.pk], arrival.luck, size, share)
        if plan.call is not None:
            self.later(
                hold.lead,
                at + timedelta(days=plan.call),
                partial(self.writes, hold, Activity.Kind.CALL, "Called again"),
            )
        if plan.meeting is not None:
            self.later(
                hold.lead,
                at + timedelta(days=plan.meeting),
                partial(self.writes, hold, Activity.Kind.MEETING, "Showed the product"),
            )
        if plan.outcome:
            end = partial(
                self.closes,
                hold.lead,
                hold.by,
                outcome=plan.outcome,
                revenue=plan.revenue,
                reason=plan.reason,
            )
            self.later(hold.lead, at + timedelta(days=plan.end), end)

    def writes(self, hold: Hold, kind: str, text: str, at: datetime) -> None:
        ownership.respond(lead_id=hold.lead, by=hold.by, now=at, kind=kind, text=text)
        for clock in Clock.objects.filter(assignment=hold.assignment, ended_at=None):  # the follow-up
            for moment in sorted({Moment.read(one).at for one in clock.plan}):
                self.later(hold.lead, moment, partial(sla.act, clock.pk, hold.lead))

    def closes(
        self,
        lead: int,
        by: User,
        at: datetime,
        *,
        outcome: str = Status.JUNK,
        revenue: int | None = None,
        reason: str = "",
    ) -> None:
        amount = None if revenue is None else Decimal(revenue)
        ownership.close(lead_id=lead, by=by, outcome=outcome, revenue=amount, reason=reason, now=at)

    def hands_out(self, lead: int, rng: Random, people: People, at: datetime) -> None:
        """Sales ops look through the catch-all, and give each lead to somebody who is at work."""
        awake = sorted(rep for rep, person in people.reps.items() if person.unavailable(at) is None)
        to = Rep.objects.select_related("user", "team").get(pk=rng.choice(awake or sorted(people.reps)))
        ownership.reassign(lead_id=lead, to=to, by=self._ops, reason="Handed out from the queue", now=at)

    def clock_acts(self, lead: int, assignment: int, at: datetime) -> None:
        if assignment not in self._answered:
            running = Clock.objects.filter(assignment=assignment, wake_at__lte=at)
            for clock in running.values_list("id", flat=True):
                sla.act(clock, lead, at)
