"""What a telephone or mail system says that a rep did. When it happened counts, not when we hear of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.models import Assignment
from leadrouting.assignments.ownership import counts, first_response, go_on
from leadrouting.assignments.signals import answered, reported
from leadrouting.leads.models import Activity, Lead
from leadrouting.teams.models import Rep, User

Kind = Activity.Kind
AHEAD = timedelta(minutes=2)
"""So far the clocks of other systems may be ahead of ours."""
WORDS = (Kind.RESPONSE, Kind.CALL, Kind.ATTEMPT, Kind.EMAIL, Kind.MESSAGE, Kind.MEETING)
"""What a rep does towards the prospect."""


@dataclass(frozen=True, slots=True)
class Told:
    """`counts`: as an answer of who owned the lead then. `note` says why not, or what followed from it."""

    activity: Activity
    is_new: bool

    @property
    def counts(self) -> bool:
        return bool(self.activity.details.get("counts"))

    @property
    def note(self) -> str:
        return str(self.activity.details.get("note", ""))


@transaction.atomic
def report(
    *,
    sender: User,
    lead_id: int,
    rep: Rep,
    now: datetime,
    kind: str = Kind.RESPONSE,
    at: datetime | None = None,
    text: str = "",
    external_id: str | None = None,
) -> Told:
    """Write it into the timeline and let it count for who owned the lead at `at` (UTC; None: now).

    The sender's `external_id` makes it once: told again it is the same, whatever else is said then. Raises Refused, with
    what to do, NotYours, and Lead.DoesNotExist.
    """
    if not (sender.is_ops or sender.role == User.Role.SERVICE):
        raise NotYours(
            "Only services and sales ops report what others did. Log your own answers on the lead."
        )
    if kind not in WORDS:
        raise Refused(f"“{kind}” is nothing that is done towards a prospect.")
    lead = Lead.objects.select_for_update(no_key=True, of=("self",)).get(pk=lead_id)
    if external_id and (known := told_before(sender, external_id)) is not None:
        return Told(known, is_new=False)
    when = happened(lead, at, now)
    activity = Activity(
        lead=lead,
        kind=kind,
        actor=rep.user,
        at=when,
        text=text.strip(),
        reported_by=sender,
        external_id=external_id,
    )
    counted, note = counted_for(lead, rep, kind, when)
    activity.details = {"counts": counted, **({"note": note} if note else {})}
    activity.save()
    Lead.objects.filter(pk=lead.pk).update(updated_at=now)
    return Told(activity, is_new=True)


def told_before(sender: User, external_id: str) -> Activity | None:
    known = Activity.objects.filter(reported_by=sender, external_id=external_id)
    return known.select_related("lead", "actor").first()


def happened(lead: Lead, at: datetime | None, now: datetime) -> datetime:
    if at is None:
        return now
    if at > now + AHEAD:
        raise Refused(
            f"{at.isoformat()} lies in the future. Send when it happened, with its offset from UTC."
        )
    if at < lead.created_at:
        raise Refused(
            f"The lead came in at {lead.created_at.isoformat()}, after that. Send when it happened, with its offset."
        )
    return min(at, now)


def counted_for(lead: Lead, rep: Rep, kind: str, at: datetime) -> tuple[bool, str]:
    """Whether it counts as an answer, and what is to be said about that."""
    held = Assignment.objects.select_related("decision", "lead").filter(
        lead=lead, rep=rep, period__contains=at
    )
    assignment = held.first()
    if assignment is None:
        return False, f"{rep} did not own the lead then. It is in the timeline and counts for no deadline."
    if lead.closed_at is not None and at > lead.closed_at:
        return False, "The lead was closed by then. It is in the timeline and counts for no deadline."
    if kind == Kind.ATTEMPT and not counts(assignment, at):
        return False, "A call that nobody answered does not count by the SLA policy of this lead."
    is_open = assignment.ended_at is None and lead.is_open
    if is_open and is_latest(assignment, at):
        answered.send(Assignment, assignment=assignment, now=at)
    first_response(assignment, at)
    answers: list[tuple[Any, Any]] = reported.send(Assignment, assignment=assignment, at=at)
    after_all = sum(kept for _, kept in answers)
    if is_open:
        go_on(lead, kind)
    notes = [
        "" if is_open else "The lead has been closed or has moved on since: nobody else's deadline changes.",
        "A deadline that had been taken for missed was kept after all." if after_all else "",
    ]
    return True, " ".join(filter(None, notes))


def is_latest(assignment: Assignment, at: datetime) -> bool:
    """Whether the owner has not reached the prospect since: what is older starts no follow-up anew."""
    reached = [kind for kind in WORDS if kind != Kind.ATTEMPT]
    later = Activity.objects.filter(
        lead=assignment.lead_id, actor=assignment.rep_id, kind__in=reached, at__gt=at
    )
    return not later.exists()
