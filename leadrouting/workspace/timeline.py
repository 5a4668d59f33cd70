"""One story of a lead out of the rows that each room keeps: activities, decisions, escalations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leadrouting.assignments.lasting import in_words
from leadrouting.assignments.models import Decision, Dispute, Feedback
from leadrouting.assignments.models.feedback import BEST
from leadrouting.leads.joining import in_words as came_in_words
from leadrouting.leads.models import Activity, Lead
from leadrouting.notifications.channels import channels
from leadrouting.notifications.models import Dispatch, Message
from leadrouting.sla.models import Escalation, Overstay, Pause, Recount, Rung
from leadrouting.sla.models.policy import Kind
from leadrouting.sla.plan import BREACH, REMINDER

SHOWN = 200  # entries of each kind; a lead with more is shown from its newest on

SOON = timedelta(minutes=10)
State = Dispatch.State
BECAME = {
    State.WAITING: gettext_lazy("{message} waits to be sent"),
    State.SENT: gettext_lazy("{message} sent"),
    State.FAILED: gettext_lazy("{message} not sent: given up"),
    State.UNSURE: gettext_lazy("{message} may have been sent"),
    State.SKIPPED: gettext_lazy("{message} not sent"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """`icon` names a symbol of the icon sprite; `tone` is good, bad or empty; `who` is empty for the system."""

    at: datetime
    icon: str
    title: str
    who: str = ""
    text: str = ""
    tone: str = ""
    sent: Dispatch | None = None
    """What was, or was to be, sent to the prospect."""


ICONS = {
    Activity.Kind.NOTE: "note",
    Activity.Kind.CALL: "call",
    Activity.Kind.ATTEMPT: "call",
    Activity.Kind.EMAIL: "mail",
    Activity.Kind.MESSAGE: "chat",
    Activity.Kind.MEETING: "calendar",
    Activity.Kind.RESPONSE: "reply",
    Activity.Kind.ENQUIRY: "inbox",
    Activity.Kind.REPLY: "mail",
    Activity.Kind.BOOKED: "calendar",
    Activity.Kind.MOVED: "calendar",
    Activity.Kind.CANCELLED: "calendar",
    Activity.Kind.REOPENED: "inbox",
    Activity.Kind.MERGED: "inbox",
    Activity.Kind.OUTCOME: "flag",
    Activity.Kind.UNDONE: "reply",
    Activity.Kind.ACCEPTED: "check",
    Activity.Kind.DECLINED: "skip",
    Activity.Kind.HANDOVER: "note",
}
HAPPENED = {
    REMINDER: (gettext_lazy("Reminder"), "bell", ""),
    Rung.Do.RAISE: (gettext_lazy("Raised to the manager"), "flag", "bad"),
}
MISSED = {
    Kind.ACCEPT: (gettext_lazy("Not accepted in time"), "alarm", "bad"),
    Kind.RESPOND: (gettext_lazy("Deadline missed"), "alarm", "bad"),
    Kind.FOLLOW_UP: (gettext_lazy("Not followed up in time"), "alarm", "bad"),
}


def timeline(
    lead: Lead,
    activities: Iterable[Activity],
    decisions: Iterable[Decision],
    sentences: Mapping[int, str],
    escalations: Iterable[Escalation],
    overstays: Iterable[Overstay] = (),
    pauses: Iterable[Pause] = (),
    recounts: Iterable[Recount] = (),
    sent: Iterable[Dispatch] = (),
    feedback: Iterable[Feedback] = (),
    disputes: Iterable[Dispute] = (),
) -> list[Entry]:
    """Newest first. At the same instant what caused something stands below it, as it came first."""
    entries = [
        arrival(lead),
        *sorted((of_activity(one) for one in activities), key=lambda entry: entry.at),
        *filter(None, map(of_escalation, escalations)),
        *map(of_overstay, overstays),
        *map(of_recount, recounts),
        *map(of_dispatch, filter(is_told_here, sent)),
        *(entry for pause in pauses for entry in of_pause(pause)),
        *map(of_feedback, feedback),
        *(entry for one in disputes for entry in of_dispute(one)),
        *(of_decision(one, sentences[one.pk]) for one in decisions),
    ]
    return sorted(entries, key=lambda entry: entry.at)[::-1]


def arrival(lead: Lead) -> Entry:
    title = _("Received by {channel}").format(channel=lead.get_channel_display())
    return Entry(lead.created_at, "inbox", title)


def of_activity(activity: Activity) -> Entry:
    return Entry(
        at=activity.at,
        icon=ICONS[Activity.Kind(activity.kind)],
        title=activity.get_kind_display(),
        who=who_did(activity),
        text="\n".join(
            filter(
                None,
                [
                    *meeting_in_words(activity.details.get("meeting")),
                    activity.text,
                    activity.details.get("note", ""),
                    *came_in_words(activity.details),
                ],
            )
        ),
        tone="good" if activity.text.startswith("Won") and activity.kind == Activity.Kind.OUTCOME else "",
    )


def meeting_in_words(told: Mapping[str, str] | None) -> list[str]:
    """When it is, when it was before, with whom; in the viewer's zone."""
    if not told:
        return []
    lines = [at_in_words(told["starts_at"])] if "starts_at" in told else []
    if "was" in told:
        lines.append(_("It was: {when}").format(when=at_in_words(told["was"])))
    if "with" in told:
        lines.append(_("With {whom}").format(whom=told["with"]))
    return lines


def at_in_words(told: str) -> str:
    return date_format(localtime(datetime.fromisoformat(told)), "l, j F Y, H:i T")


def who_did(activity: Activity) -> str:
    actor = str(activity.actor) if activity.actor else ""
    if activity.reported_by:
        return _("{actor}, reported by {system}").format(actor=actor, system=activity.reported_by)
    return actor


def of_decision(decision: Decision, sentence: str) -> Entry:
    """The sentence opens with who got the lead; reassignments are told by it in full."""
    if decision.rep is not None:
        title = _("Assigned to {rep}").format(rep=decision.rep)
        return Entry(decision.decided_at, "route", title, text=sentence)
    title = _("Waiting in {queue}").format(queue=decision.queue)
    return Entry(decision.decided_at, "queue", title, text=sentence)


def of_overstay(stay: Overstay) -> Entry:
    text = _("It has waited in {queue} for too long: {told} know.").format(queue=stay.queue, told=stay.told)
    title = _("Escalated to the {step}").format(step=stay.get_step_display())
    return Entry(stay.acted_at, "alarm", title, text=text, tone="bad")


def of_pause(pause: Pause) -> Iterator[Entry]:
    yield Entry(pause.begins_at, "pause", _("Paused"), who=str(pause.by or ""), text=pause.reason)
    if pause.ends_at is not None:
        lasted = in_words(pause.ends_at - pause.begins_at)
        text = _("It was paused for {span}.").format(span=lasted)
        yield Entry(pause.ends_at, "play", _("Resumed"), text=text)


def of_feedback(one: Feedback) -> Entry:
    title = _("Fit: {fit} of {best}").format(fit=one.fit, best=BEST)
    return Entry(one.at, "spark", title, who=str(one.assignment.rep), text=one.reason)


def of_dispute(one: Dispute) -> Iterator[Entry]:
    """What is settled by moving the lead is told by the decision."""
    text = one.reason
    if one.rather:
        text = "\n".join([text, _("It should be with: {rather}").format(rather=one.rather)])
    yield Entry(
        one.made_at,
        "flag",
        _("“This should not be mine”"),
        who=str(one.assignment.rep),
        text=text,
        tone="bad",
    )
    if one.settled_at is not None and one.state != Dispute.State.MOVED:
        yield Entry(
            one.settled_at, "flag", one.get_state_display(), who=str(one.settled_by or ""), text=one.answer
        )


def of_recount(recount: Recount) -> Entry:
    what = _("{deadline}: the policy or the office hours have changed.").format(
        deadline=recount.clock.get_kind_display()
    )
    title = _("Deadline moved") if recount.due_at else _("Deadline fell away")
    return Entry(recount.at, "clock", title, who=str(recount.by or ""), text=what)


def is_told_here(one: Dispatch) -> bool:
    """What a rep wrote and was sent is told by the response that it is."""
    return one.message.kind != Message.Kind.WRITTEN or one.state != State.SENT


def of_dispatch(one: Dispatch) -> Entry:
    """Where it stands at this moment."""
    way = channels()[one.channel].label if one.channel in channels() else one.channel.title()
    lines = [_("{way} to {address}").format(way=way, address=one.address)]
    if one.state == State.WAITING and one.attempts:
        lines.append(_("It did not go through yet and is tried again: {error}").format(error=one.last_error))
    elif one.state == State.WAITING and one.send_at - one.created_at > SOON:
        when = date_format(localtime(one.send_at), "l, j F Y, H:i T")
        lines.append(_("It is sent on {when}.").format(when=when))
    elif one.state != State.SENT and one.last_error:
        lines.append(one.last_error)
    return Entry(
        at=one.sent_at or one.begun_at or one.created_at,
        icon="chat" if one.channel != "email" else "mail",
        title=BECAME[State(one.state)].format(message=one.message.get_kind_display()),
        text="\n".join(lines),
        tone="bad" if one.state in (State.FAILED, State.UNSURE) else "",
        sent=one,
    )


def of_escalation(escalation: Escalation) -> Entry | None:
    """None for steps that other entries tell: a lead that moved has a decision."""
    if escalation.stayed:
        text = _("No rules were live, so nobody else could get it: it stayed with {rep}.").format(
            rep=escalation.clock.rep
        )
        return Entry(escalation.acted_at, "alarm", _("Could not be moved"), text=text, tone="bad")
    step = escalation.step.partition(" ")[0]
    told = MISSED[Kind(escalation.clock.kind)] if step == BREACH else HAPPENED.get(step)
    if told is None:
        return None
    title, icon, tone = told
    text = _("{rep} had the lead.").format(rep=escalation.clock.rep)
    return Entry(escalation.acted_at, icon, str(title), text=text, tone=tone)
