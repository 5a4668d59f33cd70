"""Setting a pool's weights as a report suggests, and setting them back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from leadrouting.analytics.models import AppliedSuggestion, RebalanceReport
from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.teams.models import Membership, Pool, User


@transaction.atomic
def apply_suggestion(*, report: RebalanceReport, pool: Pool, by: User, now: datetime) -> AppliedSuggestion:
    """Give the pool's members the weights that the report suggests. A second time changes nothing.

    NotYours: `by` is neither sales ops nor the manager of all members. Refused: the report suggests nothing
    for the pool, or the pool has been changed since.
    """
    members = locked_members(pool)
    check_may_set(members, by)
    if (done := report.applied.filter(pool=pool, undone_at=None).first()) is not None:
        return done
    found = next((one for one in report.content["pools"] if one["pool"] == pool.pk), None)
    if found is None or not found["changed"]:
        raise Refused(_("This report suggests no new weights for {pool}.").format(pool=pool))
    before = {row["rep"]: row["now"] for row in found["weights"]}
    after = {row["rep"]: row["suggested"] for row in found["weights"]}
    if weights(members) != before:
        raise Refused(
            _(
                "Members or weights of {pool} have changed since this report. Set weights in the pool itself, "
                "or wait for the next report."
            ).format(pool=pool)
        )
    set_weights(members, after)
    return AppliedSuggestion.objects.create(
        report=report,
        pool=pool,
        before=sorted(before.items()),
        after=sorted(after.items()),
        applied_at=now,
        applied_by=by,
    )


@transaction.atomic
def undo_suggestion(*, applied: AppliedSuggestion, by: User, now: datetime) -> AppliedSuggestion:
    """Set the weights back to what they were. A second time changes nothing. NotYours, Refused: as above."""
    members = locked_members(applied.pool)
    check_may_set(members, by)
    applied.refresh_from_db()
    if applied.undone_at is not None:
        return applied
    if weights(members) != dict(map(tuple, applied.after)):
        raise Refused(
            _(
                "Members or weights of {pool} have changed since the suggestion was applied. "
                "Set weights in the pool itself."
            ).format(pool=applied.pool)
        )
    set_weights(members, dict(map(tuple, applied.before)))
    applied.undone_at, applied.undone_by = now, by
    applied.save(update_fields=["undone_at", "undone_by"])
    return applied


def locked_members(pool: Pool) -> list[Membership]:
    """The pool's members; whoever else applies or undoes here waits until this transaction is over."""
    Pool.objects.select_for_update(no_key=True).get(pk=pool.pk)
    return list(pool.memberships.select_related("rep__team").order_by("id"))


def check_may_set(members: list[Membership], by: User) -> None:
    theirs = by.role == User.Role.MANAGER and all(one.rep.team.manager_id == by.pk for one in members)
    if not by.is_ops and not theirs:
        raise NotYours(
            _(
                "Only sales ops, or the manager of every member of the pool, can set its weights. Ask sales ops."
            )
        )


def weights(members: list[Membership]) -> dict[int, int]:
    return {one.rep_id: one.weight for one in members}


def set_weights(members: list[Membership], wanted: Mapping[int, int]) -> None:
    for one in members:
        one.weight = wanted[one.rep_id]
    Membership.objects.bulk_update(members, ["weight"])
