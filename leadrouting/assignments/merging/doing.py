"""One lead is merged into another: its timeline moves, what was chosen is taken over, and it is closed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.merging.choosing import chosen
from leadrouting.assignments.models import Load, Merge
from leadrouting.assignments.orders import Cause, Order
from leadrouting.assignments.ownership import may_manage, note
from leadrouting.assignments.routing import route_many
from leadrouting.assignments.signals import closed
from leadrouting.leads.enums import Status
from leadrouting.leads.joining import ORIGIN, plain
from leadrouting.leads.models import Activity, Lead, Suspect
from leadrouting.teams.models import User

CLOSING = ("status", "closed_at", "route_at", "lost_reason")
"""What closing the other lead changes of it."""


@transaction.atomic
def merge(
    *,
    kept_id: int,
    other_id: int,
    by: User,
    now: datetime,
    take: Collection[str] = (),
    owner_of_other: bool = False,
) -> Merge:
    """`take`: the fields that the kept lead takes over from the other; see `choosing`. `owner_of_other`: it goes to who
    has the other one.

    1. Lock both in id order. 2. Close the other. 3. Move its timeline, and what had been merged into it. 4. Fields.
    5. Owner. Figures, lists and later enquiries know the kept lead alone. Raises Refused and NotYours.
    """
    kept, other = both(kept_id, other_id, by)
    may_merge(kept, other)
    taken = chosen(kept, other, take)
    made = Merge(kept=kept, other=other, made_at=now, made_by=by, owner_before=kept.owner)
    made.queue_before = kept.queue if kept.owner_id is None else None
    made.before, made.after = {name: getattr(kept, name) for name in taken}, taken
    swapped = [name for name in ("email", "phone") if name in taken and getattr(kept, name)]
    made.other_before = {name: getattr(other, name) for name in (*CLOSING, *swapped)}
    key: str
    for key in swapped:  # the other keeps it for the kept one, so that who writes with it is still found
        setattr(other, key, getattr(kept, key))
    shut(other, kept, now, swapped)
    made.activities = list(Activity.objects.filter(lead=other).order_by("pk").values_list("pk", flat=True))
    Activity.objects.filter(pk__in=made.activities).update(lead=kept)
    made.carried = list(Lead.objects.filter(merged_into=other).order_by("pk").values_list("pk", flat=True))
    Lead.objects.filter(pk__in=made.carried).update(merged_into=kept)
    made.entry = entry_for(other, kept, by, now)
    for field, value in taken.items():
        setattr(kept, field, value)
    kept.save(update_fields=[*taken, "updated_at"])
    if owner_of_other and other.owner_id not in (None, kept.owner_id):
        made.moved_to = other.owner
        move(kept, other, by, now)
    made.save()
    of_pair(kept, other).update(state=Suspect.State.MERGED, settled_at=now, settled_by=by)
    return made


def both(kept_id: int, other_id: int, by: User) -> tuple[Lead, Lead]:
    """Locked in id order, and his or hers to merge."""
    if kept_id == other_id:
        raise Refused("These are one and the same lead. Choose another one to compare with.")
    rows = Lead.objects.select_for_update(no_key=True, of=("self",)).select_related("owner__team", "queue")
    found = {lead.pk: lead for lead in rows.filter(pk__in=[kept_id, other_id]).order_by("pk")}
    if len(found) < 2:
        raise Refused("One of these leads does not exist.")
    if not all(may_manage(lead, by) for lead in found.values()):
        raise NotYours(
            "Only sales ops, or the manager of both leads’ teams, can merge them and part them again."
        )
    return found[kept_id], found[other_id]


def may_merge(kept: Lead, other: Lead) -> None:
    for lead in (kept, other):
        if lead.merged_into_id:
            raise Refused(f"#{lead.pk} was merged into #{lead.merged_into_id} already.")
    if other.status == Status.WON:
        raise Refused(f"#{other.pk} is won and must stay. Keep it, and merge the other one into it.")
    if other.is_open and not kept.is_open:
        raise Refused(f"#{kept.pk} is closed. Keep the open one, #{other.pk}.")


def shut(other: Lead, kept: Lead, now: datetime, changed: Collection[str]) -> None:
    """One that was closed keeps its outcome."""
    was_open = other.is_open
    if was_open:
        other.status, other.closed_at, other.route_at = Status.JUNK, now, None
        other.lost_reason = f"Merged into #{kept.pk}"
    other.merged_into = kept
    other.save(update_fields=[*CLOSING, *changed, "merged_into", "updated_at"])
    if was_open:
        Load.objects.filter(pk=other.owner_id).update(open=F("open") - 1)
        closed.send(Lead, ended={other.pk: now})


def entry_for(other: Lead, kept: Lead, by: User, now: datetime) -> Activity:
    said = f"#{other.pk} {other} was merged into this lead."
    note(kept, Activity.Kind.MERGED, by, now, "\n\n".join(filter(None, [said, other.message])))
    entry = Activity.objects.filter(lead=kept, kind=Activity.Kind.MERGED).latest("pk")
    came = {name: plain(getattr(other, name)) for name in sorted(ORIGIN) if getattr(other, name)}
    Activity.objects.filter(pk=entry.pk).update(details={"from": came} if came else {})
    return entry


def move(kept: Lead, other: Lead, by: User, now: datetime) -> None:
    if not kept.is_open:
        raise Refused(f"#{kept.pk} is closed and stays with its owner.")
    if other.owner is None or not other.owner.is_active:
        raise Refused(f"{other.owner or 'Nobody'} is not active. Leave the lead with its owner.")
    reason = f"#{other.pk} {other} was merged into it"[:200]
    route_many([Order(kept.pk, Cause.REASSIGN, by.pk, reason, to=other.owner_id)], now)


def of_pair(kept: Lead, other: Lead) -> QuerySet[Suspect]:
    older, newer = sorted([kept.pk, other.pk])
    return Suspect.objects.filter(lead=older, other=newer)
