"""What a manager watches: who carries what, which clocks run out, what waits in the queues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from leadrouting.analytics.models import RebalanceReport
from leadrouting.analytics.today import is_alarming
from leadrouting.assignments.explaining import sentences
from leadrouting.assignments.models import Decision
from leadrouting.leads.models import Lead
from leadrouting.leads.querysets import led_by
from leadrouting.sla.models import Clock
from leadrouting.teams.models import PresenceChange, Queue, Rep, Team, User
from leadrouting.teams.opening import opening_in_words
from leadrouting.teams.portioning import quota_reached, share_in_words
from leadrouting.teams.snapshot import Person, people_now

FEED = 10
SHOWN = 8
FROM_ASSIGNMENT, FROM_CREATION = "first_response_time", "first_response_from_creation"


@dataclass(frozen=True, slots=True)
class Workload:
    """One rep, now. `hours` says whether their office is open, and when it opens or closes, to who looks.

    `share` says how large the share of turns is and why, where it is not full; `quota` is what of it has been
    reached, in percent. `back_at` is the end of the absence of this moment (UTC), `said` who set the rep to busy
    or away, and when.
    """

    rep: Rep
    is_open: bool
    hours: str
    is_absent: bool
    back_at: datetime | None
    said: PresenceChange | None
    open: int
    today: int
    to_answer: int
    next_due: datetime | None
    share: str
    quota: int | None

    @property
    def is_full(self) -> bool:
        return self.rep.max_open is not None and self.open >= self.rep.max_open


@dataclass(frozen=True, slots=True)
class Depth:
    queue: Queue
    leads: int
    oldest_at: datetime | None
    alarm: bool
    overstayed: int


def teams_of(user: User) -> list[Team]:
    """The manager's teams; all of them for sales ops."""
    return list(Team.objects.all() if user.is_ops else Team.objects.filter(manager=user))


def reps_open_to(user: User) -> QuerySet[Rep]:
    """Whose pages this person may read: the own, those of their teams, for sales ops all."""
    reps = Rep.objects.select_related("user", "team", "load")
    if user.is_ops:
        return reps
    is_manager = user.role == User.Role.MANAGER
    return reps.filter(team__manager=user) if is_manager else reps.filter(pk=user.pk)


def workload(teams: Sequence[Team], now: datetime) -> list[Workload]:
    """Who carries most stands on top. Five queries, and the configuration when it has changed."""
    snapshot = people_now()
    reps = Rep.objects.filter(team__in=teams).select_related("user", "team", "load")
    running = {
        row["rep"]: row
        for row in Clock.objects.filter(ended_at=None, wake_at__isnull=False, rep__team__in=teams)
        .order_by()
        .values("rep")
        .annotate(count=Count("pk"), next_due=Min("due_at"))
    }
    said = {change.rep_id: change for change in latest_changes(teams)}
    rows = [
        of_rep(rep, snapshot.reps[rep.pk], running.get(rep.pk, {}), said.get(rep.pk), now)
        for rep in reps
        if rep.pk in snapshot.reps
    ]
    return sorted(rows, key=lambda row: (-row.open, str(row.rep.user), row.rep.pk))


def latest_changes(teams: Sequence[Team]) -> QuerySet[PresenceChange]:
    """The last word about each rep who is busy or away."""
    changes = PresenceChange.objects.filter(rep__team__in=teams).exclude(rep__presence=Rep.Presence.AVAILABLE)
    return changes.select_related("by").order_by("rep_id", "-at", "-id").distinct("rep_id")


def of_rep(
    rep: Rep, person: Person, running: Mapping[str, Any], said: PresenceChange | None, now: datetime
) -> Workload:
    load = getattr(rep, "load", None)
    viewer = timezone.get_current_timezone()
    is_open = not person.never_open and (person.calendar is None or person.calendar.is_open(now))
    return Workload(
        rep=rep,
        is_open=is_open,
        hours=_("Never opens") if person.never_open else opening_in_words(person.calendar, now, viewer),
        is_absent=person.is_absent(now),
        back_at=person.back_at(now),
        said=said if said is not None and said.presence == rep.presence else None,
        open=load.open if load else 0,
        today=load.day if load and load.day_on == person.today(now) else 0,
        to_answer=running.get("count", 0),
        next_due=running.get("next_due"),
        share=share_in_words(person, now),
        quota=quota_reached(person, now),
    )


def away_until(user: User, now: datetime) -> datetime | None:
    """When a rep's absence of this moment ends (UTC); None for who is there, and for who is no rep."""
    person = people_now().reps.get(user.pk)
    return person.back_at(now) if person else None


def midnight(now: datetime, days: int = 0) -> datetime:
    """When the day of the person who looks began, or the one so many days later."""
    local = timezone.localtime(now)
    return datetime.combine(local.date() + timedelta(days=days), time.min, tzinfo=local.tzinfo)


def running_clocks(teams: Sequence[Team], after: datetime) -> list[Clock]:
    """The clocks that run out next, later than that; those that stand still are left out."""
    running = of_teams(teams).filter(ended_at=None, wake_at__isnull=False, due_at__gt=after)
    return list(running.order_by("due_at", "id")[:SHOWN])


def missed_clocks(teams: Sequence[Team], since: datetime) -> tuple[int, list[Clock]]:
    """How many deadlines the teams have missed since then, and the latest of them."""
    missed = of_teams(teams).filter(outcome=Clock.Outcome.MISSED, ended_at__gte=since)
    return missed.count(), list(missed.order_by("-ended_at", "-id")[:SHOWN])


def of_teams(teams: Sequence[Team]) -> QuerySet[Clock]:
    return Clock.objects.filter(rep__team__in=teams).select_related(
        "rep__user", "lead__owner__user", "lead__queue"
    )


def depths(user: User, now: datetime) -> list[Depth]:
    """The queues that this person answers for (sales ops: all), the fullest first. `oldest_at` is since when the first
    lies there (UTC): it may have had owners before."""
    here = Q(leads__closed_at__isnull=True)
    queues = Queue.objects.all() if user.is_ops else Queue.objects.filter(led_by(user))
    counted = queues.select_related("owner").annotate(
        depth=Count("leads", filter=here),
        oldest_at=Min(Coalesce("leads__queued_at", "leads__created_at"), filter=here),
        overstayed=Count("leads", filter=here & Q(leads__queue_steps__gt=0)),
    )
    return [
        Depth(
            queue,
            queue.depth,
            queue.oldest_at,
            bool(queue.depth) and is_alarming(queue, queue.depth, queue.oldest_at, now),
            queue.overstayed,
        )
        for queue in counted.order_by("-depth", "name", "pk")
    ]


def feed(user: User, teams: Sequence[Team]) -> list[tuple[Decision, str]]:
    """The newest decisions that concern the teams or the person's queues, each with its sentence."""
    theirs = Q(rep__team__in=teams) | Q(queue__in=Queue.objects.filter(owner=user))
    decisions = list(
        (Decision.objects.all() if user.is_ops else Decision.objects.filter(theirs))
        .select_related("lead__owner", "actor", "rep__user", "queue")
        .defer("facts", "lead__message", "lead__attributes")[:FEED]
    )
    lines = sentences(decisions)
    return [(decision, lines[decision.pk]) for decision in decisions]


def visible(user: User, leads: Sequence[int]) -> set[int]:
    """Which of these leads the person may open: a lead that left the team stays in its history."""
    return set(Lead.objects.visible_to(user).filter(pk__in=leads).values_list("pk", flat=True))


def side_by_side(figures: Sequence[Any]) -> list[tuple[Any, Any]]:
    """The eight figures; the response time from creation stands beside the one from assignment.

    Takes Figures, or what a report has stored of them.
    """
    by_key = {key_of(one): one for one in figures}
    beside = by_key.pop(FROM_CREATION, None)
    return [(one, beside if key == FROM_ASSIGNMENT else None) for key, one in by_key.items()]


def key_of(figure: Any) -> str:
    return figure["key"] if isinstance(figure, dict) else figure.key


def latest_reports(teams: Sequence[Team]) -> list[RebalanceReport]:
    """Each team's newest weekly report."""
    newest = RebalanceReport.objects.filter(team__in=teams).order_by("team_id", "-week").distinct("team_id")
    return list(newest.select_related("team"))
