"""Owners say how well a lead fits, and that it should not be theirs; managers answer. Each is one transaction.

Nothing here moves a lead or stops a clock. All instants are UTC and passed in. All raise Refused, or NotYours.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Avg, Count, QuerySet
from django.utils.translation import gettext as _

from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.models import Assignment, Dispute, Feedback
from leadrouting.assignments.models.feedback import BAD, BEST, WORST
from leadrouting.assignments.ownership import whose
from leadrouting.assignments.signals import dispute_settled, disputed
from leadrouting.leads.models import Lead
from leadrouting.rules.signals import Objection
from leadrouting.teams.models import User

State = Dispute.State
SHOWN = 10
"""Objections on a rule's page."""


@transaction.atomic
def rate(*, lead_id: int, by: User, fit: int, now: datetime, reason: str = "") -> Feedback:
    """The owner's word about the lead, open or closed; a second one takes the place of the first."""
    held = held_by(lead_id, by)
    if why := why_not_rated(fit, reason):
        raise Refused(why)
    given, _new = Feedback.objects.update_or_create(
        assignment=held, defaults={"fit": fit, "reason": reason.strip()[:300], "at": now}
    )
    return given


def why_not_rated(fit: int, reason: str) -> str:
    """Empty when nothing is in the way."""
    if not WORST <= fit <= BEST:
        return _("Say how well it fits: from 1, not at all, to 5, exactly right.")
    if fit <= BAD and not reason.strip():
        return _("Say why it does not fit: then the rules can be changed.")
    return ""


@transaction.atomic
def unrate(*, lead_id: int, by: User) -> None:
    """A second time changes nothing."""
    Feedback.objects.filter(assignment=held_by(lead_id, by)).delete()


@transaction.atomic
def disagree(*, lead_id: int, by: User, reason: str, now: datetime, rather: str = "") -> Dispute:
    """The owner says that the lead should not be theirs. One word at a time: a second one is refused."""
    held = held_by(lead_id, by)
    if not reason.strip():
        raise Refused(_("Say why it should not be yours."))
    if Dispute.objects.filter(assignment=held, state=State.OPEN).exists():
        raise Refused(_("You have said so already. Your manager has not answered yet."))
    made = Dispute.objects.create(
        assignment=held,
        reason=reason.strip()[:200],
        rather=rather.strip()[:100],
        made_at=now,
        rule_id=held.decision.rule_id,
        rule_name=held.decision.rule_name,
    )
    disputed.send(Dispute, dispute=made, now=now)
    return made


@transaction.atomic
def judge(
    *, lead_id: int, by: User, fit: int | None, reason: str, dispute: bool, rather: str, now: datetime
) -> None:
    """Both at once, or one of them."""
    if fit is not None:
        rate(lead_id=lead_id, by=by, fit=fit, reason=reason, now=now)
    if dispute:
        disagree(lead_id=lead_id, by=by, reason=reason, rather=rather, now=now)


@transaction.atomic
def withdraw(*, lead_id: int, by: User, now: datetime) -> None:
    """The owner takes it back. A second time changes nothing."""
    mine = Dispute.objects.filter(assignment=held_by(lead_id, by), state=State.OPEN)
    mine.update(state=State.WITHDRAWN, settled_at=now, settled_by=by)


@transaction.atomic
def settle(*, lead_id: int, by: User, right: bool, now: datetime, answer: str = "") -> Dispute:
    """What its owner says is answered by the manager of the owner's team, or sales ops: the rule was `right`, or is to be changed."""
    Lead.objects.select_for_update(no_key=True).filter(pk=lead_id).first()
    found = open_for(by).filter(assignment__lead=lead_id).first()
    if found is None:
        raise Refused(
            _("Nothing waits for an answer here any more: somebody has answered, or the lead has moved on.")
        )
    found.state = State.RIGHT if right else State.NOTED
    found.answer, found.settled_at, found.settled_by = answer.strip()[:300], now, by
    found.save(update_fields=["state", "answer", "settled_at", "settled_by"])
    dispute_settled.send(Dispute, dispute=found, now=now)
    return found


def open_for(user: User) -> QuerySet[Dispute]:
    """What this person may answer, oldest first."""
    waiting = Dispute.objects.filter(state=State.OPEN)
    if not user.is_ops:
        managed = user.role == User.Role.MANAGER
        waiting = waiting.filter(assignment__rep__team__manager=user) if managed else waiting.none()
    return waiting.select_related("assignment__lead", "assignment__rep__user").order_by("made_at", "id")


def held_by(lead_id: int, by: User) -> Assignment:
    """The lead's last span of ownership, if it is this person's. The lead is locked."""
    lead = Lead.objects.select_for_update(no_key=True).filter(pk=lead_id).first()
    if lead is None:
        raise Refused(_("This lead does not exist."))
    if lead.owner_id != by.pk:
        raise NotYours(whose(lead, by))
    return Assignment.objects.select_related("decision", "lead", "rep__user", "rep__team").get(
        lead=lead, ended_at=None
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """`fit` is the mean of `given` words, None when there is none; `disputes` are those not taken back."""

    fit: float | None = None
    given: int = 0
    disputes: int = 0


def by_rep(reps: Collection[int], since: datetime, until: datetime) -> dict[int, Judged]:
    """What these reps said from `since` up to `until` (UTC). Two queries for any number."""
    fits = (
        Feedback.objects.filter(assignment__rep__in=reps, at__gte=since, at__lt=until)
        .order_by()
        .values("assignment__rep")
        .annotate(fit=Avg("fit"), given=Count("pk"))
    )
    disputes = dict(
        lasting()
        .filter(assignment__rep__in=reps, made_at__gte=since, made_at__lt=until)
        .values_list("assignment__rep")
        .annotate(Count("pk"))
    )
    said = {row["assignment__rep"]: row for row in fits}
    return {
        rep: Judged(
            said[rep]["fit"] if rep in said else None,
            said[rep]["given"] if rep in said else 0,
            disputes.get(rep, 0),
        )
        for rep in {*said, *disputes}
    }


def disputes_of_rules(rules: Collection[int], since: datetime, until: datetime) -> dict[int, int]:
    """How often owners said that a lead of these rules should not be theirs. One query."""
    found = lasting().filter(rule_id__in=rules, made_at__gte=since, made_at__lt=until)
    return dict(found.values_list("rule_id").annotate(Count("pk")))


def objections(rule: int, since: datetime) -> list[Objection]:
    """What owners have said against this rule since then, the newest first. One query."""
    found = lasting().filter(rule_id=rule, made_at__gte=since).order_by("-made_at", "-id")
    return [
        Objection(
            lead=one.assignment.lead_id,
            name=str(one.assignment.lead),
            who=str(one.assignment.rep),
            reason=one.reason,
            rather=one.rather,
            state=one.get_state_display(),
            at=one.made_at,
        )
        for one in found.select_related("assignment__lead", "assignment__rep__user")[:SHOWN]
    ]


def lasting() -> QuerySet[Dispute]:
    return Dispute.objects.exclude(state=State.WITHDRAWN).order_by()
