"""Everything that a lead's page shows, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from leadrouting.assignments.explaining import sentences
from leadrouting.assignments.holding import Hold, hold_of
from leadrouting.assignments.models import Assignment, Decision, Dispute, Feedback, Proposal
from leadrouting.assignments.ownership import may_manage
from leadrouting.assignments.proposals import open_for
from leadrouting.assignments.reopening import WITHIN, may_reopen
from leadrouting.assignments.stories import Story, story
from leadrouting.leads.models import Activity, Booking, Lead
from leadrouting.notifications.models import Dispatch, Enrolment, OptOut, Task
from leadrouting.notifications.optouts import addresses_of
from leadrouting.notifications.prospects.ways import has_whatsapp
from leadrouting.notifications.prospects.writing import open_until
from leadrouting.sla.models import Clock, Escalation, Overstay, Pause, Recount
from leadrouting.teams.models import Rep, User
from leadrouting.workspace import todo
from leadrouting.workspace.timeline import SHOWN, Entry, timeline

RELATED = (
    "owner__user",
    "owner__team",
    "owner__load",
    "queue__owner",
    "campaign",
    "account",
    "previous_owner__user",
)
MEETINGS = (Activity.Kind.BOOKED, Activity.Kind.MOVED)


@dataclass(frozen=True, slots=True)
class Owned:
    """A span of ownership, and how it came about."""

    assignment: Assignment
    why: str

    @property
    def response_time(self) -> timedelta | None:
        """From getting the lead to the first response."""
        at = self.assignment.responded_at
        return at - self.assignment.started_at if at is not None else None


def handover(activities: Iterable[Activity], owned: Iterable[Assignment]) -> Activity | None:
    """The latest note to the next owner, until an owner responds."""
    left = next((one for one in activities if one.kind == Activity.Kind.HANDOVER), None)
    if left is None or any(one.responded_at and one.responded_at >= left.at for one in owned):
        return None
    return left


@dataclass(frozen=True, slots=True)
class Dossier:
    lead: Lead
    now: datetime
    assignment: Assignment | None
    clock: Clock | None
    decision: Decision | None
    sentence: str
    story: Story | None
    timeline: list[Entry]
    is_owner: bool
    may_manage: bool
    proposal: Proposal | None
    hold: Hold | None
    clocks: list[Clock]
    paused: Pause | None
    owners: list[Owned]
    handover: Activity | None
    meeting: Booking | None
    enrolment: Enrolment | None
    outcome: Activity | None
    """The entry that closed it, when this person may take it back."""

    out: list[OptOut]
    """Addresses of the lead that may not be written to."""
    tasks: list[Task]
    """What is to be done, then what is done; without what is no longer needed."""

    feedback: Feedback | None
    """What the owner says of it."""
    dispute: Dispute | None
    """The owner says that it should be somebody else's, and nobody has answered yet."""
    chat_until: datetime | None
    """Until when the prospect takes an answer by WhatsApp in own words; of the past when they have never written."""

    @property
    def may_chat(self) -> bool:
        return self.chat_until is not None and self.chat_until > self.now

    @property
    def just_closed(self) -> bool:
        """So lately that taking it back is an undo."""
        return self.outcome is not None and self.now - self.outcome.at <= WITHIN

    @property
    def silent(self) -> set[str]:
        return {one.address for one in self.out}

    @property
    def wish(self) -> str:
        """What the prospect wants no more, in short; empty when nothing is known."""
        if not self.out:
            return ""
        if self.silent >= set(addresses_of(self.lead)):
            return _("Do not contact")
        return _("No e-mails") if self.lead.email in self.silent else _("No calls, no chat")

    @property
    def may_silence(self) -> bool:
        """Whether there is an address that nobody has said no for."""
        wanted = set(addresses_of(self.lead)) - self.silent
        return bool(wanted) and (self.is_owner or self.may_manage)

    @property
    def may_contact_again(self) -> bool:
        return self.may_manage or (self.is_owner and any(one.by_id for one in self.out))


def outcome(lead: Lead, activities: Iterable[Activity], user: User, now: datetime) -> Activity | None:
    last = next((one for one in activities if one.kind == Activity.Kind.OUTCOME), None)
    return last if may_reopen(lead, last, user, now) else None


def chat_until(lead: Lead, activities: Iterable[Activity], user: User) -> datetime | None:
    """None where the owner cannot write to them by WhatsApp at all."""
    if not (has_whatsapp() and lead.phone and lead.is_open and lead.owner_id == user.pk):
        return None
    return open_until(lead, activities) or lead.created_at


def next_meeting(lead: Lead, now: datetime) -> Booking | None:
    """The one that is on, or comes next."""
    ahead = Booking.objects.filter(lead=lead, state=Booking.State.BOOKED, starts_at__isnull=False)
    return ahead.filter(ends_at__gt=now).select_related("rep__user").order_by("starts_at").first()


def dossier(lead: Lead, user: User, now: datetime) -> Dossier:
    decisions = list(
        Decision.objects.filter(lead=lead)
        .select_related("actor", "rep__user", "queue")
        .defer("facts")[:SHOWN]
    )
    lines = sentences(decisions)
    newest = decisions[0] if decisions else None
    owned = list(Assignment.objects.filter(lead=lead).select_related("rep__user", "feedback")[:SHOWN])
    assignment = next((one for one in owned if one.ended_at is None), None)
    activities = list(Activity.objects.filter(lead=lead).select_related("actor", "reported_by")[:SHOWN])
    clocks = list(assignment.clocks.select_related("policy")) if assignment else []
    pauses = list(Pause.objects.filter(lead=lead).select_related("by")[:SHOWN])
    feedback = [one.feedback for one in owned if hasattr(one, "feedback")]
    disputes = list(
        Dispute.objects.filter(assignment__lead=lead).select_related("assignment__rep__user", "settled_by")
    )
    return Dossier(
        lead=lead,
        now=now,
        assignment=assignment,
        clock=shown_clock(clocks),
        clocks=[clock for clock in clocks if clock.ended_at is None],
        paused=next((one for one in pauses if one.ends_at is None), None),
        decision=newest,
        sentence=lines[newest.pk] if newest else "",
        story=story(newest) if newest else None,
        timeline=timeline(
            lead,
            activities,
            decisions,
            lines,
            Escalation.objects.filter(clock__lead=lead).select_related("clock__rep__user")[:SHOWN],
            Overstay.objects.filter(lead=lead).select_related("queue")[:SHOWN],
            pauses,
            Recount.objects.filter(clock__lead=lead).select_related("clock", "by")[:SHOWN],
            Dispatch.objects.filter(message__lead=lead, message__recipient=None).select_related("message")[
                :SHOWN
            ],
            feedback,
            disputes,
        ),
        is_owner=lead.owner_id == user.pk,
        may_manage=may_manage(lead, user),
        proposal=open_for(user).filter(lead=lead).first() if may_manage(lead, user) else None,
        hold=hold_of(lead, newest, now),
        owners=[Owned(one, lines.get(one.pk, "")) for one in owned],
        handover=handover(activities, owned) if lead.owner_id == user.pk else None,
        enrolment=Enrolment.objects.filter(lead=lead)
        .select_related("sequence")
        .prefetch_related("sequence__steps")
        .first(),
        feedback=getattr(assignment, "feedback", None),
        dispute=next((one for one in disputes if one.state == Dispute.State.OPEN), None),
        chat_until=chat_until(lead, activities, user),
        outcome=outcome(lead, activities, user, now),
        meeting=next_meeting(lead, now) if any(one.kind in MEETINGS for one in activities) else None,
        out=list(OptOut.objects.filter(address__in=addresses_of(lead)).select_related("by")),
        tasks=todo.of_lead(lead),
    )


def shown_clock(clocks: list[Clock]) -> Clock | None:
    """The one that runs out next; when none runs, the latest."""
    running = [clock for clock in clocks if clock.ended_at is None]
    return (
        min(running, key=lambda clock: clock.due_at)
        if running
        else max(clocks, key=lambda clock: clock.started_at, default=None)
    )


def candidates(user: User, lead: Lead) -> list[Rep]:
    """Whom this person may give the lead to: active reps of own teams, for sales ops of all."""
    reps = Rep.objects.filter(is_active=True).exclude(pk=lead.owner_id).select_related("user", "team", "load")
    if not user.is_ops:
        reps = reps.filter(team__manager=user)
    return list(reps.order_by("team__name", "user__name", "pk"))


def whatsapp(lead: Lead) -> str:
    """The chat with the lead in the company's own inbox on the web; empty where there is none. Never a link that opens
    the rep's own WhatsApp."""
    digits = lead.phone.removeprefix("+")
    is_there = settings.WHATSAPP_INBOX_URL and digits.isdigit() and not has_whatsapp()
    return settings.WHATSAPP_INBOX_URL.replace("{phone}", digits) if is_there else ""
