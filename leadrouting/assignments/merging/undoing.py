"""A merge is undone: both leads are as they were, as far as nobody has changed them since."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from leadrouting.assignments.errors import Refused
from leadrouting.assignments.merging.doing import CLOSING, both, of_pair
from leadrouting.assignments.models import Assignment, Merge
from leadrouting.assignments.orders import Cause, Order
from leadrouting.assignments.routing import route_many
from leadrouting.assignments.standing_again import back_with_owner, find_another, has_left
from leadrouting.leads.enums import CLOSED
from leadrouting.leads.models import Activity, Lead, Suspect
from leadrouting.teams.models import User


@transaction.atomic
def undo(*, merge_id: int, by: User, now: datetime) -> list[str]:
    """Returns what could not be as it was, in sentences.

    The other lead is open again with its owner and its clocks, which stood still meanwhile; if the owner has left, the
    rules find another. Fields that were corrected since stay so. Raises Refused and NotYours.
    """
    made = Merge.objects.filter(pk=merge_id).first()
    if made is None:
        raise Refused("This merge does not exist.")
    kept, other = both(made.kept_id, made.other_id, by)
    made = Merge.objects.select_for_update(no_key=True).get(pk=merge_id)
    may_undo(made, kept)
    notes = [*stands_again(made, other, now), *gives_back(made, kept)]
    Activity.objects.filter(pk__in=made.activities, lead=kept).update(lead=other)
    Lead.objects.filter(pk__in=made.carried, merged_into=kept).update(merged_into=other)
    if made.entry is not None:
        made.entry.delete()
    notes += goes_back(made, kept, by, now)
    of_pair(kept, other).update(state=Suspect.State.OPEN, settled_at=None, settled_by=None)
    Merge.objects.filter(pk=made.pk).update(undone_at=now, undone_by=by)
    return notes


def may_undo(made: Merge, kept: Lead) -> None:
    if made.undone_at is not None:
        raise Refused("This merge was undone already.")
    if kept.merged_into_id:
        raise Refused(
            f"#{kept.pk} has itself been merged into #{kept.merged_into_id} since. Undo that first."
        )
    if later := Merge.objects.filter(kept=kept, undone_at=None, pk__gt=made.pk).first():
        raise Refused(f"#{later.other_id} has been merged into #{kept.pk} since. Undo that first.")


def stands_again(made: Merge, other: Lead, now: datetime) -> list[str]:
    """The other lead, with its status, owner or queue."""
    was: dict[str, Any] = {
        name: Lead._meta.get_field(name).to_python(value)  # type: ignore[union-attr]
        for name, value in made.other_before.items()
    }
    keys = {name: value for name, value in was.items() if name not in CLOSING}
    if was["status"] in CLOSED:
        Lead.objects.filter(pk=other.pk).update(merged_into=None, updated_at=now, **keys)
        return []
    if has_left(other):
        last = Assignment.objects.get(lead=other, ended_at=None)
        Lead.objects.filter(pk=other.pk).update(updated_at=now, **keys)
        find_another(other, last, f"the merge was undone, and {other.owner}, who had it, has left", now)
        return [f"{other.owner} has left: the rules find another owner for #{other.pk}."]
    Lead.objects.filter(pk=other.pk).update(merged_into=None, updated_at=now, **was)
    back_with_owner(other, made.made_at, now, ran_on=False)
    return []


def gives_back(made: Merge, kept: Lead) -> list[str]:
    """The fields of the kept lead that are still as the merge left them."""
    changed: list[str] = []
    back: list[str] = []
    for name, before in made.before.items():
        field: Any = Lead._meta.get_field(name.removesuffix("_id"))
        if getattr(kept, name) != field.to_python(made.after[name]):
            changed.append(str(field.verbose_name))
            continue
        setattr(kept, name, field.to_python(before))
        back.append(name)
    kept.save(update_fields=[*back, "updated_at"])
    return [f"Changed since, and left as it is: {', '.join(changed)}."] if changed else []


def goes_back(made: Merge, kept: Lead, by: User, now: datetime) -> list[str]:
    """To who had the kept lead before, if the merge gave it away and nobody has moved it since."""
    if made.moved_to_id is None or kept.owner_id != made.moved_to_id or not kept.is_open:
        return []
    owner, queue = made.owner_before, made.queue_before_id if made.owner_before_id is None else None
    if owner is not None and not owner.is_active:
        return [f"{owner}, who had #{kept.pk}, has left: it stays with {kept.owner}."]
    if owner is None and queue is None:
        return [f"The queue where #{kept.pk} lay is gone: it stays with {kept.owner}."]
    order = Order(
        kept.pk,
        Cause.REASSIGN,
        by.pk,
        f"the merge with #{made.other_id} was undone",
        to=made.owner_before_id,
        to_queue=queue,
    )
    route_many([order], now)
    return []
