"""A rep leaves: no new leads come, and the open ones go where sales ops say. And the way back."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.db import transaction

from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.models import Assignment
from leadrouting.assignments.orders import Cause, Order
from leadrouting.assignments.routing import route_many
from leadrouting.leads.enums import WORKED
from leadrouting.rules.models import Version
from leadrouting.teams.models import Rep, User

ROUNDS = (
    5  # leads that were on their way to the rep when the switch was thrown come to light in the next round
)


class How(StrEnum):
    """What becomes of the open leads. To keep them with somebody who has left is not offered."""

    BACKUP = "backup"
    RULES = "rules"
    REP = "rep"


def leave(*, rep: Rep, by: User, how: str, now: datetime, to: Rep | None = None) -> int:
    """Switch the rep off and move every open lead, in chunks, with the reason kept in each decision.

    Returns how many leads moved. Idempotent: a second call, or one after a crash, moves what is left. The rep is
    switched off first and commits, so that no rule gives the leads back. Raises Refused and NotYours.
    """
    may_switch(by)
    heir = heir_of(rep, how, to)
    if heir is None and not Version.objects.filter(is_live=True).exists():
        raise Refused("No rule set is live, so the rules cannot decide. Choose a rep for the leads.")
    Rep.objects.filter(pk=rep.pk, is_active=True).update(is_active=False)
    rep.is_active = False
    moved = 0
    for _ in range(ROUNDS):
        orders = [
            Order(
                lead=lead,
                cause=Cause.REROUTE if heir is None else Cause.REASSIGN,
                actor=by.pk,
                reason=f"{rep} left"[:200],
                moves_from=assignment,
                to=heir,
            )
            for assignment, lead in held(rep)
        ]
        if not orders:
            break
        moved += len(route_many(orders, now))
    return moved


def held(rep: Rep) -> list[tuple[int, int]]:
    """The open leads of a rep, oldest first: the key of the assignment, and of the lead."""
    mine = Assignment.objects.filter(rep=rep.pk, ended_at=None, lead__status__in=WORKED)
    return list(mine.order_by("lead_id").values_list("pk", "lead_id"))


def heir_of(rep: Rep, how: str, to: Rep | None) -> int | None:
    """Who gets the leads (a rep's key); None when the rules say."""
    if how == How.RULES:
        return None
    if how not in list(How):
        raise Refused("Say what becomes of the open leads: the backup, the rules, or a rep whom you choose.")
    heir = rep.backup if how == How.BACKUP else to
    if heir is None:
        raise Refused(
            f"{rep} has no backup. Choose a rep, or let the rules decide."
            if how == How.BACKUP
            else "Choose who gets the open leads."
        )
    if heir.pk == rep.pk:
        raise Refused(f"{rep} is leaving. Choose somebody else for the open leads.")
    if not heir.is_active:
        raise Refused(f"{heir} is not active. Choose somebody who is.")
    return heir.pk


@transaction.atomic
def come_back(*, rep: Rep, by: User) -> bool:
    """Switch the rep on again; leads that moved away stay where they are. Whether that changed anything."""
    may_switch(by)
    rep.is_active = True
    return bool(Rep.objects.filter(pk=rep.pk, is_active=False).update(is_active=True))


def may_switch(by: User) -> None:
    if not by.is_ops:
        raise NotYours("Only sales ops can switch reps off and on.")
