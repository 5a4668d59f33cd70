"""An outcome that was entered by mistake is taken back: the lead is open again, as it was."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.giving import charge_junk
from leadrouting.assignments.models import Assignment
from leadrouting.assignments.ownership import lock, may_manage, note
from leadrouting.assignments.standing_again import back_with_owner, find_another, has_left
from leadrouting.leads.enums import Status
from leadrouting.leads.models import Activity, Lead
from leadrouting.teams.models import User

WITHIN = timedelta(minutes=10)
"""So long whoever closed a lead may take it back. The team's manager and sales ops may at any time."""


@transaction.atomic
def reopen(*, lead_id: int, by: User, now: datetime) -> Lead:
    """Its owner has it again, whatever the load, and its clocks run as if they had never ended. Raises Refused and
    NotYours.

    The turn that a lead marked as junk gave back is paid again. If the owner has left, the rules find another.
    """
    lead = lock(lead_id)
    if lead is None or lead.merged_into_id is not None:
        raise Refused(_("This lead does not exist any more: it was deleted, or merged into another one."))
    if lead.closed_at is None:
        raise Refused(_("This lead is open already."))
    outcome = Activity.objects.filter(lead=lead, kind=Activity.Kind.OUTCOME).first()
    if not may_reopen(lead, outcome, by, now):
        raise NotYours(why_not(lead, outcome, by))
    # The note comes first: without it the database lets no lead out of the closed ones.
    note(lead, Activity.Kind.UNDONE, by, now)
    stands_again(lead, outcome, now)
    return lead


def may_reopen(lead: Lead, outcome: Activity | None, by: User, now: datetime) -> bool:
    """`outcome` is the latest entry of that kind in the lead's timeline."""
    if lead.closed_at is None or lead.merged_into_id is not None:
        return False
    return may_manage(lead, by) or (
        outcome is not None and outcome.actor_id == by.pk and now - outcome.at <= WITHIN
    )


def why_not(lead: Lead, outcome: Activity | None, by: User) -> str:
    if outcome is not None and outcome.actor_id == by.pk:
        return _("It was closed more than {minutes} minutes ago. Ask your manager to open it again.").format(
            minutes=int(WITHIN.total_seconds()) // 60
        )
    return _("Only whoever closed a lead, the team's manager or sales ops can open it again.")


def stands_again(lead: Lead, outcome: Activity | None, now: datetime) -> None:
    since, was_junk = lead.closed_at, lead.status == Status.JUNK
    held = Assignment.objects.filter(lead=lead, ended_at=None).first()
    if has_left(lead):
        why = f"the outcome was taken back, and {lead.owner}, who had the lead, has left"
        find_another(lead, held, why, now)
        return
    before = outcome.details.get("before", {}) if outcome is not None else {}
    lead.status = before.get("status") or reached(held)
    lead.route_at = now if held is None and before.get("was_due") else None
    lead.closed_at, lead.revenue, lead.lost_reason = None, None, ""
    lead.save(update_fields=["status", "closed_at", "route_at", "revenue", "lost_reason", "updated_at"])
    if held is not None:
        if was_junk:
            charge_junk([lead.pk])
        back_with_owner(lead, since, now, ran_on=True)


def reached(held: Assignment | None) -> str:
    """The stage of a lead whose outcome was entered before stages were kept with it."""
    if held is None:
        return Status.QUEUED
    if held.responded_at is not None:
        return Status.CONTACTED
    return Status.ACCEPTED if held.accepted_at is not None else Status.ASSIGNED
