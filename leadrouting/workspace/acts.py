"""What a person does with a lead from its page: one function per form, over `assignments.ownership`.

Each returns the sentence that tells the person what happened, and raises Refused with one that tells why not.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leadrouting.assignments import judging, ownership, proposals, reopening, taking_back
from leadrouting.assignments.errors import Refused
from leadrouting.assignments.orders import Outcome
from leadrouting.leads.enums import Status
from leadrouting.leads.models import Activity, Lead
from leadrouting.notifications import refusing
from leadrouting.notifications.prospects import writing
from leadrouting.notifications.sequences import deciding
from leadrouting.notifications.todo import making
from leadrouting.sla import pausing
from leadrouting.teams.models import Queue, Rep, User

ECHO = timedelta(seconds=10)
"""The same words by the same person within this time are a second click, not a second call."""
CLOSED_AS = {
    Status.WON: gettext_lazy("{lead} is closed as won."),
    Status.LOST: gettext_lazy("{lead} is closed as lost."),
    Status.JUNK: gettext_lazy("{lead} is closed as junk."),
}


def accept(*, lead: Lead, by: User, now: datetime) -> str:
    ownership.accept(lead_id=lead.pk, by=by, now=now)
    return _("Accepted. Answer before the clock runs out.")


def decline(*, lead: Lead, by: User, now: datetime, reason: str, handover: str) -> str:
    gone = ownership.decline(lead_id=lead.pk, by=by, reason=reason, now=now, handover=handover)
    return _("You passed on {lead}. {where}").format(lead=lead, where=went(gone))


@transaction.atomic
def log(*, lead: Lead, by: User, now: datetime, kind: str, text: str) -> str:
    """Write a response, which stops the clock, or a note, which does not. A second click changes nothing."""
    Lead.objects.select_for_update(no_key=True).get(pk=lead.pk)
    echo = Activity.objects.filter(lead=lead, actor=by, kind=kind, text=text, at__gte=now - ECHO)
    if echo.exists():
        return _("That is in the timeline already.")
    if kind == Activity.Kind.NOTE:
        ownership.note(lead, kind, by, now, text)
        return _("Note added.")
    assignment = ownership.respond(lead_id=lead.pk, by=by, now=now, kind=kind, text=text).assignments.get(
        ended_at=None
    )
    if kind == Activity.Kind.ATTEMPT and assignment.responded_at is None:
        return _("Logged as an attempt. The clock runs on until you reach somebody.")
    return _("Logged. Well done.")


def write(*, lead: Lead, by: User, now: datetime, text: str) -> str:
    writing.write(lead_id=lead.pk, by=by, text=text, now=now)
    return _("On its way. It counts as your response as soon as WhatsApp has taken it.")


def close(*, lead: Lead, by: User, now: datetime, outcome: str, revenue: Any = None, reason: str = "") -> str:
    closed = ownership.close(lead_id=lead.pk, by=by, outcome=outcome, now=now, revenue=revenue, reason=reason)
    return CLOSED_AS[Status(closed.status)].format(lead=lead)


def reopen(*, lead: Lead, by: User, now: datetime) -> str:
    reopening.reopen(lead_id=lead.pk, by=by, now=now)
    return _("{lead} is open again, as it was.").format(lead=lead)


def reassign(
    *, lead: Lead, by: User, now: datetime, to: int, reason: str, handover: str, seen: str = ""
) -> str:
    rep = Rep.objects.select_related("user", "team").filter(pk=to).first()
    if rep is None:
        raise Refused(_("This rep does not exist any more. Choose another one."))
    moved = ownership.reassign(
        lead_id=lead.pk, to=rep, by=by, reason=reason, now=now, handover=handover, seen=seen
    )
    return _("Reassigned. {where}").format(where=went(moved))


def take_back(*, lead: Lead, by: User, now: datetime, decision: int) -> str:
    moved = taking_back.take_back(lead_id=lead.pk, decision_id=decision, by=by, now=now)
    return _("Undone. {where}").format(where=went(moved))


def pause(*, lead: Lead, by: User, now: datetime, reason: str) -> str:
    pausing.pause(lead_id=lead.pk, by=by, reason=reason, now=now)
    return _("Paused. The clock stands still until you resume, or the prospect writes.")


def resume(*, lead: Lead, by: User, now: datetime) -> str:
    pausing.resume(lead_id=lead.pk, by=by, now=now)
    return _("Resumed. The clock goes on with the time that was left.")


def do_not_contact(*, lead: Lead, by: User, now: datetime) -> str:
    refusing.do_not_contact(lead_id=lead.pk, by=by, now=now)
    return _("Nothing is sent to {lead} any more.").format(lead=lead)


def contact_again(*, lead: Lead, by: User, now: datetime) -> str:
    refusing.contact_again(lead_id=lead.pk, by=by, now=now)
    return _("{lead} may be contacted again.").format(lead=lead)


def rate(*, lead: Lead, by: User, now: datetime, fit: int, reason: str) -> str:
    judging.rate(lead_id=lead.pk, by=by, fit=fit, reason=reason, now=now)
    return _("Thank you. It counts when the rules are looked at.")


def unrate(*, lead: Lead, by: User, now: datetime) -> str:
    judging.unrate(lead_id=lead.pk, by=by)
    return _("Taken back.")


def disagree(*, lead: Lead, by: User, now: datetime, reason: str, rather: str) -> str:
    judging.disagree(lead_id=lead.pk, by=by, reason=reason, rather=rather, now=now)
    return _("Your manager has been told. Until there is an answer the lead is yours, and its clock runs.")


def withdraw(*, lead: Lead, by: User, now: datetime) -> str:
    judging.withdraw(lead_id=lead.pk, by=by, now=now)
    return _("Taken back.")


def settle(*, lead: Lead, by: User, now: datetime, right: bool, answer: str) -> str:
    settled = judging.settle(lead_id=lead.pk, by=by, right=right, answer=answer, now=now)
    return _("{rep} has been told.").format(rep=settled.assignment.rep)


def add_task(*, lead: Lead, by: User, now: datetime, title: str, due: datetime, note: str) -> str:
    task = making.add(lead_id=lead.pk, by=by, title=title, due_at=due, note=note, now=now)
    return _("“{task}” is written down.").format(task=task)


def do_task(*, lead: Lead, by: User, now: datetime, task: int) -> str:
    ticked = making.tick(lead_id=lead.pk, task_id=task, by=by, now=now)
    return _("Done: “{task}”.").format(task=ticked)


def undo_task(*, lead: Lead, by: User, now: datetime, task: int) -> str:
    unticked = making.untick(lead_id=lead.pk, task_id=task, by=by, now=now)
    return _("“{task}” is to be done again.").format(task=unticked)


def move_task(*, lead: Lead, by: User, now: datetime, task: int, due: datetime) -> str:
    made = making.put_off(lead_id=lead.pk, task_id=task, by=by, due_at=due, now=now)
    return _("“{task}” is put off.").format(task=made)


def reroute(*, lead: Lead, by: User, now: datetime) -> str:
    """What the manager says to a proposal: yes."""
    moved = proposals.take(lead_id=lead.pk, by=by, now=now)
    return _("Routed again. {where}").format(where=went(moved))


def keep(*, lead: Lead, by: User, now: datetime) -> str:
    """What the manager says to a proposal: no."""
    proposals.refuse(lead_id=lead.pk, by=by, now=now)
    return _("{lead} stays with {rep}.").format(lead=lead, rep=lead.owner)


def went(outcome: Outcome | None) -> str:
    """Where a lead went that has just moved."""
    rep, queue = (outcome.verdict.rep, outcome.verdict.queue) if outcome else (None, None)
    if rep is not None:
        return _("{rep} has it now.").format(rep=Rep.objects.select_related("user").get(pk=rep))
    if queue is not None:
        return _("It waits in {queue} now.").format(queue=Queue.objects.get(pk=queue))
    return _("No rule set is live, so it stays where it is for now.")


def stop_sequence(*, lead: Lead, by: User, now: datetime) -> str:
    deciding.stop_by_hand(lead_id=lead.pk, by=by, now=now)
    return _("Stopped. Nothing more comes by itself.")


def go_on_sequence(*, lead: Lead, by: User, now: datetime) -> str:
    deciding.go_on(lead_id=lead.pk, by=by, now=now)
    return _("It goes on where it was.")
