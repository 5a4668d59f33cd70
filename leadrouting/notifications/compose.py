"""What messages say: rows for the outbox, written in the transaction that causes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.db.models import Model
from django.utils.translation import gettext as _

from leadrouting.assignments.models import Dispute, Proposal, Replay
from leadrouting.assignments.orders import Outcome
from leadrouting.notifications.links import to_page
from leadrouting.notifications.models import Message
from leadrouting.sla.misses import in_words
from leadrouting.sla.models import Clock, Rung
from leadrouting.sla.models import policy as sla
from leadrouting.sla.plan import REMINDER
from leadrouting.teams.models import Absence, PresenceChange, Rep, Team, User
from leadrouting.teams.snapshot import People

Kind = Message.Kind
WAITED_FOR: dict[str, str] = {
    sla.Kind.ACCEPT: "you to accept it",
    sla.Kind.RESPOND: "your answer",
    sla.Kind.FOLLOW_UP: "your next word",
}
SOON: dict[str, str] = {
    sla.Kind.ACCEPT: "Accept",
    sla.Kind.RESPOND: "Answer",
    sla.Kind.FOLLOW_UP: "Follow up",
}
DONE: dict[str, str] = {
    sla.Kind.ACCEPT: "accept",
    sla.Kind.RESPOND: "answer",
    sla.Kind.FOLLOW_UP: "follow up on",
}


def message(
    kind: str, to: int, key: str, now: datetime, subject: str, body: str, lead: int | None = None
) -> Message:
    return Message(
        kind=kind,
        recipient_id=to,
        lead_id=lead,
        subject=subject[:200],
        body=body,
        dedupe_key=key,
        created_at=now,
    )


def assigned(outcomes: Sequence[Outcome], people: People, now: datetime) -> list[Model]:
    """To each new owner who has not taken it: whose lead it is and by which rule. The deadline is added when the
    message is read."""
    return [
        message(
            Kind.ASSIGNED,
            outcome.verdict.rep,
            f"assigned:{outcome.decision}",
            now,
            f"New lead: {outcome.lead_name}",
            because(outcome, people),
            outcome.lead,
        )
        for outcome in outcomes
        if outcome.verdict.rep not in (None, outcome.order.actor) and not outcome.order.quiet
    ]


def because(outcome: Outcome, people: People) -> str:
    won = outcome.verdict.won
    if won is not None and won.stands_in is not None:
        return f"{routed(outcome)} You stand in for {people.reps[won.stands_in.of].name}."
    return routed(outcome)


def routed(outcome: Outcome) -> str:
    if outcome.order.reason:
        return f"It came to you because: {outcome.order.reason}."
    return f"It came to you by the rule “{outcome.rule_name}”." if outcome.rule_name else "It is yours now."


def proposed(proposal: Proposal, now: datetime) -> list[Message]:
    """To the manager of the lead's owner: what has changed and where to settle it."""
    lead = proposal.lead
    rule = (
        f"the rule “{proposal.rule_name}” matches it" if proposal.rule_id else "no rule matches it any more"
    )
    body = (
        f"{lead} has changed: now {rule}. It stays with {lead.owner} until you decide: open the lead and route "
        "it again, or leave it where it is."
    )
    to = Team.objects.values_list("manager_id", flat=True).get(reps=lead.owner_id)
    subject = f"Another owner for {lead}?"
    return [message(Kind.PROPOSAL, to, f"proposal:{proposal.pk}", now, subject, body, lead.pk)]


def disputed(dispute: Dispute, now: datetime) -> list[Message]:
    """To the manager of the lead's owner: what the owner says, and where to answer."""
    held = dispute.assignment
    lead, rep = held.lead, held.rep
    lines = [_("{rep} says: {reason}").format(rep=rep, reason=dispute.reason)]
    if dispute.rather:
        lines.append(_("It should be with: {rather}").format(rather=dispute.rather))
    if dispute.rule_name:
        lines.append(_("It came by the rule “{rule}”.").format(rule=dispute.rule_name))
    lines.append(
        _(
            "The lead stays with {rep}, and its clock runs, until you answer or give it to somebody else."
        ).format(rep=rep)
    )
    to = rep.team.manager_id
    subject = _("{rep} says that {lead} should be somebody else’s").format(rep=rep, lead=lead)
    return [message(Kind.DISPUTE, to, f"dispute:{dispute.pk}", now, subject, "\n".join(lines), lead.pk)]


def dispute_settled(dispute: Dispute, now: datetime) -> list[Message]:
    """To who disputed it: what the manager says."""
    held = dispute.assignment
    if dispute.state == Dispute.State.RIGHT:
        subject = _("{lead} is rightly yours").format(lead=held.lead)
        said = _("{who} says that the rule was right.").format(who=dispute.settled_by)
    else:
        subject = _("You were right about {lead}").format(lead=held.lead)
        said = _(
            "{who} says that the rule is to be changed. The lead stays yours unless it is given to somebody else."
        ).format(who=dispute.settled_by)
    body = "\n".join(filter(None, [said, dispute.answer]))
    return [message(Kind.DISPUTE, held.rep_id, f"settled:{dispute.pk}", now, subject, body, held.lead_id)]


def differing(replay: Replay, now: datetime) -> list[Message]:
    """To all sales ops: stored decisions do not follow from what they stored. Once for the same differences."""
    if not replay.different:
        return []
    found = ",".join(str(one["decision"]) for one in replay.differing)
    key = sha256(f"{replay.different}:{found}".encode()).hexdigest()[:32]
    many = replay.different != 1
    subject = f"{replay.different:,} decision{'s do' if many else ' does'} not follow from what was stored"
    body = "\n".join(
        [
            f"{replay.checked:,} stored decisions were computed again, and {replay.different:,} came out otherwise. "
            "Somebody changed stored decisions, rosters or rules behind the product’s back, or the program decides "
            "differently than it did. Tell whoever runs this installation.",
            *(one["says"] for one in replay.differing[:5]),
            to_page("admin:assignments_replay_change", replay.pk),
        ]
    )
    ops = User.objects.filter(role=User.Role.OPS, is_active=True).order_by("pk").values_list("pk", flat=True)
    return [message(Kind.REPLAY, to, f"replay:{key}:{to}", now, subject, body) for to in ops]


def escalated(
    clock: Clock, steps: Sequence[str], now: datetime, then: str, stays: bool = False
) -> list[Message]:
    """A reminder goes to the owner, a missed deadline to the owner and to the team's manager, if the ladder says so;
    what is raised to the manager alone, and so is a lead that should move and `stays`. Each reads their own time of
    day, and `then`: what has become of the lead."""
    owner, manager, at = clock.rep.user, clock.rep.team.manager, f"{clock.pk}:{now.isoformat()}"
    told: list[Message] = []

    def tell(kind: str, to: User, what: str, subject: str, body: str) -> None:
        told.append(message(kind, to.pk, f"{what}:{at}:{to.pk}", now, subject, body, clock.lead_id))

    if REMINDER in steps:
        body = f"{clock.lead} is waiting for {WAITED_FOR[clock.kind]}, by {clock_of(owner, clock.due_at)}."
        tell(Kind.REMINDER, owner, "reminder", f"{SOON[clock.kind]} soon: {clock.lead}", body)
    if Rung.Do.NOTIFY in steps:
        for to in {one.pk: one for one in (owner, manager)}.values():
            tell(Kind.BREACH, to, "breach", f"Deadline missed: {clock.lead}", missed(clock, to, then))
    if Rung.Do.RAISE in steps or stays:
        tell(Kind.BREACH, manager, "raised", f"Needs you: {clock.lead}", missed(clock, manager, then))
    return told


def missed(clock: Clock, to: User, then: str) -> str:
    return f"{clock.rep} did not {DONE[clock.kind]} {clock.lead} by {clock_of(to, clock.due_at)}. {then}"


def set_away(rep: Rep, misses: int, now: datetime) -> list[Message]:
    """To the rep and to the team's manager, at their own time of day."""
    because = f"because {in_words(misses)} in a row {'was' if misses == 1 else 'were'} missed"
    manager = rep.team.manager
    told = [
        message(
            Kind.AWAY,
            rep.pk,
            f"away:{rep.pk}:{now.isoformat()}:rep",
            now,
            "You were set away",
            f"You were set away at {clock_of(rep.user, now)} {because}. "
            "New leads go to others until you say that you are available.",
        )
    ]
    if manager.pk != rep.pk:
        body = (
            f"{rep.user} was set away at {clock_of(manager, now)} {because}. New leads go to others until "
            f"{rep.user} is available again. The leads that {rep.user} has stay: reassign what cannot wait."
        )
        key = f"away:{rep.pk}:{now.isoformat()}:manager"
        told.append(message(Kind.AWAY, manager.pk, key, now, f"{rep.user} was set away", body))
    return told


def presence_set(change: PresenceChange) -> list[Message]:
    """To the rep whose presence somebody else has set, at the rep's own time of day."""
    if change.by is None or change.by.pk == change.rep_id:
        return []
    to, now = User.objects.get(pk=change.rep_id), change.at
    if change.presence == Rep.Presence.AVAILABLE:
        what = "New leads reach you in your office hours. Say that you are away if you are not there."
    else:
        what = (
            "New leads go to others until you say that you are available. The leads that you have stay yours."
        )
    shown = change.get_presence_display().lower()
    body = f"{change.by} set you to {shown} at {clock_of(to, now)}. {what}"
    return [message(Kind.AWAY, to.pk, f"presence:{change.pk}", now, f"{change.by} set you to {shown}", body)]


def absence_said(absence: Absence, by: User, ended: bool, now: datetime) -> list[Message]:
    """To the rep of whom somebody else has said that they are out of office, or that they are not."""
    if by.pk == absence.rep_id:
        return []
    days = absence.in_words
    if ended:
        subject = f"{by} took back that you are out of office"
        body = f"You were out of office: {days}. {by} has taken that back: new leads reach you in your office hours."
    else:
        subject = f"{by} says that you are out of office"
        body = f"{days}. New leads go to others meanwhile. If that is wrong, take it back in the calendar."
    key = f"absence:{absence.pk}:{'ended' if ended else 'said'}:{now.isoformat()}"
    return [message(Kind.AWAY, absence.rep_id, key, now, subject, body)]


def clock_of(user: User, now: datetime) -> str:
    """The time of day where somebody is, e.g. `14:02`."""
    return f"{now.astimezone(ZoneInfo(user.time_zone)):%H:%M}"


def went(outcome: Outcome | None) -> str:
    if outcome is None:
        return "The lead stays where it is."
    if outcome.verdict.rep is not None:
        owner = User.objects.get(pk=outcome.verdict.rep)
        return f"The lead went to {owner}."
    return "The lead waits in a queue: nobody else could take it."
