"""An outcome that was entered by mistake is taken back: the lead is open again, as it was."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.giving import charge_junk
from leadrouting.assignments.models import Assignment, Load
from leadrouting.assignments.orders import Cause, Order
from leadrouting.assignments.ownership import may_manage, note
from leadrouting.assignments.returning import take_back
from leadrouting.assignments.routing import route_many
from leadrouting.assignments.signals import restored
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
    lead = (
        Lead.objects.select_for_update(no_key=True, of=("self",))
        .select_related("owner__team", "owner__user", "queue")
        .filter(pk=lead_id)
        .first()
    )
    if lead is None or lead.merged_into_id is not None:
        raise Refused(_("This lead does not exist any more: it was deleted, or merged into another one."))
    if lead.closed_at is None:
        raise Refused(_("This lead is open already."))
    outcome = Activity.objects.filter(lead=lead, kind=Activity.Kind.OUTCOME).first()
    if not may_reopen(lead, outcome, by, now):
        raise NotYours(why_not(lead, outcome, by))
    note(
        lead, Activity.Kind.UNDONE, by, now
    )  # first: the database lets no lead out of the closed ones without it
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
    if lead.owner is not None and not lead.owner.is_active:
        take_back(lead.pk, held, now)
        order = Order(
            lead.pk,
            Cause.RETURN,
            reason=f"the outcome was taken back, and {lead.owner}, who had the lead, has left"[:200],
            if_unowned=True,
        )
        transaction.on_commit(lambda: route_afresh(order, now), robust=True)
        return
    before = outcome.details.get("before", {}) if outcome is not None else {}
    lead.status = before.get("status") or reached(held)
    lead.route_at = now if held is None and before.get("was_due") else None
    lead.closed_at, lead.revenue, lead.lost_reason = None, None, ""
    lead.save(update_fields=["status", "closed_at", "route_at", "revenue", "lost_reason", "updated_at"])
    if held is not None:
        if was_junk:
            charge_junk([lead.pk])
        Load.objects.filter(pk=held.rep_id).update(open=F("open") + 1)
        restored.send(Lead, lead=lead, since=since, now=now, ran_on=True)


def reached(held: Assignment | None) -> str:
    """The stage of a lead whose outcome was entered before stages were kept with it."""
    if held is None:
        return Status.QUEUED
    if held.responded_at is not None:
        return Status.CONTACTED
    return Status.ACCEPTED if held.accepted_at is not None else Status.ASSIGNED


def route_afresh(order: Order, now: datetime) -> None:
    route_many([order], now)
