"""The database keeps a lead's life cycle, also from who writes past the product."""

import itertools

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from leadrouting.assignments import ownership
from leadrouting.leads.enums import CLOSED, WAITING, WORKED, Status
from leadrouting.leads.models import Lead
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)

OWNED_WAYS = {
    ("assigned", "accepted"),
    ("assigned", "contacted"),
    ("assigned", "meeting"),
    ("accepted", "contacted"),
    ("accepted", "meeting"),
    ("contacted", "meeting"),
}


def brought_to(status: str) -> Lead:
    """A lead of this status, by the product's own ways."""
    if status in WAITING:
        lead = world.lead()
        if status == Status.QUEUED:
            world.live(world.queue(f"Triage {lead.pk}"))
            lead = world.lead()
        lead.refresh_from_db()
        assert lead.status == status
        return lead
    ann = world.rep()
    world.live(world.pool(ann))
    lead, who, now = world.lead(), ann.user, timezone.now()
    if status == Status.ACCEPTED:
        ownership.accept(lead_id=lead.pk, by=who, now=now)
    elif status in (Status.CONTACTED, Status.MEETING):
        kind = "meeting" if status == Status.MEETING else "call"
        ownership.respond(lead_id=lead.pk, by=who, now=now, kind=kind)
    elif status in CLOSED:
        ownership.close(
            lead_id=lead.pk, by=who, outcome=status, now=now, revenue=1 if status == "won" else None
        )
    lead.refresh_from_db()
    assert lead.status == status
    return lead


def set_by_hand(lead: Lead, status: str) -> None:
    """With all that the other constraints ask for, so that only the life cycle can object."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """UPDATE leads_lead SET status = %(to)s, revenue = NULL,
            closed_at = CASE WHEN %(to)s IN ('won', 'lost', 'junk') THEN now() END WHERE id = %(id)s""",
            {"to": status, "id": lead.pk},
        )


def is_way(before: str, after: str) -> bool:
    """What one statement may change of the status alone: owner and queue stay as they are."""
    if before in WAITING:
        return (before, after) == ("received", "queued") or after in ("lost", "junk")
    return before in WORKED and (after in CLOSED or (before, after) in OWNED_WAYS)


@pytest.mark.parametrize("before", Status.values)
def test_every_change_of_the_status_by_hand(before):
    lead = brought_to(before)
    refused = {}
    for after in Status.values:
        if after == before:
            continue
        with transaction.atomic():
            try:
                set_by_hand(lead, after)
            except IntegrityError as error:
                refused[after] = str(error)
            transaction.set_rollback(True)
    assert set(refused) == {one for one in Status.values if one != before and not is_way(before, one)}


@pytest.mark.parametrize("before", ["accepted", "contacted", "meeting"])
def test_a_lead_is_assigned_again_by_an_assignment_alone(before):
    lead = brought_to(before)
    with pytest.raises(IntegrityError, match="only a new assignment does that"):
        set_by_hand(lead, "assigned")

    heir = world.rep()
    now, ops = timezone.now(), world.user(role="ops")
    ownership.reassign(lead_id=lead.pk, to=heir, by=ops, reason="Knows them", now=now)
    lead.refresh_from_db()
    assert (lead.status, lead.owner) == ("assigned", heir)


@pytest.mark.parametrize("before", CLOSED)
def test_a_closed_lead_stays_closed(before):
    lead = brought_to(before)
    with pytest.raises(IntegrityError, match="is closed as"):
        set_by_hand(lead, "contacted")


@pytest.mark.parametrize(("before", "after"), [*itertools.product(WAITING, ["contacted", "won"])])
def test_who_waits_is_assigned_first(before, after):
    with pytest.raises(IntegrityError, match="must be assigned before"):
        set_by_hand(brought_to(before), after)


def test_nobody_sets_an_owner_without_an_assignment():
    lead = brought_to("queued")
    with pytest.raises(IntegrityError, match="open assignment"), transaction.atomic():
        Lead.objects.filter(pk=lead.pk).update(
            status="assigned", owner=world.rep(), queue=None, route_at=None
        )


def test_a_new_lead_is_received():
    with pytest.raises(IntegrityError, match="A new lead is received"):
        world.lead(status="queued")


def test_a_meeting_stays_one_after_another_call():
    lead = brought_to("meeting")
    ownership.respond(lead_id=lead.pk, by=lead.owner.user, now=timezone.now(), kind="call")
    lead.refresh_from_db()
    assert lead.status == "meeting"
