"""A meeting that was booked, moved or cancelled elsewhere, in whatever order we hear of it.

A meeting that moves has a new name over there. Its row keeps the names it had, so that late news of them is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q

from leadrouting.assignments.meetings import meeting_booked
from leadrouting.intake.heard import Booked
from leadrouting.intake.models import Item
from leadrouting.leads.identity import one_at_a_time
from leadrouting.leads.models import Activity, Booking, Lead
from leadrouting.leads.services import answered, cleaned, earlier_now, receive_lead
from leadrouting.notifications.tags import lead_of as tagged_lead
from leadrouting.teams.models import Rep

KINDS = {
    "booked": Activity.Kind.BOOKED,
    "moved": Activity.Kind.MOVED,
    "cancelled": Activity.Kind.CANCELLED,
}
Outcome = Item.Outcome
Done = tuple[str, Lead | None, str]
"""Outcome, lead, reason."""


def book(heard: Booked, scope: str, values: Mapping[str, Any], now: datetime) -> Done:
    """Raises ValidationError for a person that no lead can be. News of one person's meetings comes one at a time."""
    clean = cleaned(dict(values), lenient=True)
    one_at_a_time([clean])
    here = named(scope, heard.booking)
    before = named(scope, heard.was) if heard.was else None
    if here is not None:
        return again(here, before, heard, now)
    if before is not None:
        before.earlier = [*before.earlier, before.key]
        before.key = heard.booking
        changed(before, heard, now)
        return Outcome.NOTED, before.lead, ""
    lead, is_new = lead_of(clean, values, now, heard.tag)
    earlier = [heard.was] if heard.was else []
    other = clean.get("email", "") if clean.get("email") != lead.email else ""
    changed(Booking(lead=lead, scope=scope, key=heard.booking, earlier=earlier), heard, now, other)
    return (Outcome.CREATED if is_new else Outcome.NOTED), lead, ""


def named(scope: str, key: str) -> Booking | None:
    """The meeting that has, or had, this name."""
    same = Booking.objects.select_for_update(of=("self",)).select_related("lead").filter(scope=scope)
    return same.filter(Q(key=key) | Q(earlier__contains=[key])).order_by("id").first()


def again(here: Booking, before: Booking | None, heard: Booked, now: datetime) -> Done:
    """We know the meeting. What came late changes nothing; one that was known by two names becomes one."""
    if before is not None and before.pk != here.pk:
        here.earlier = [*before.earlier, before.key, *here.earlier]
        before.delete()
        here.save(update_fields=["earlier"])
    elif heard.was and heard.was not in (here.key, *here.earlier):
        here.earlier = [heard.was, *here.earlier]
        here.save(update_fields=["earlier"])
    if here.key != heard.booking:
        return Outcome.PASSED, here.lead, "The meeting had been moved on before we heard this."
    if here.state == Booking.State.CANCELLED:
        return Outcome.PASSED, here.lead, "The meeting had been cancelled before we heard this."
    if heard.what == "booked" or (heard.what == "moved" and here.starts_at == heard.starts_at):
        return Outcome.PASSED, here.lead, "We knew this meeting."
    changed(here, heard, now)
    return Outcome.NOTED, here.lead, ""


def lead_of(clean: dict[str, Any], values: Mapping[str, Any], now: datetime, tag: str) -> tuple[Lead, bool]:
    """The open lead whose link was followed, whoever booked by it; else that of whoever booked, which is no enquiry
    again; else as any enquiry. `clean` are the values cleaned."""
    led = tagged_lead(tag)
    earlier = (answered(led) if led else None) or earlier_now(clean)
    if earlier is not None and earlier.lead.is_open:
        return earlier.lead, False
    received = receive_lead(now=now, lenient=True, **values)
    return received.lead, received.created


def changed(booking: Booking, heard: Booked, now: datetime, other: str = "") -> None:
    """Save it, tell the timeline, and let the lead come to the stage of meetings. `other`: an address that is not the
    lead's, from which it was booked."""
    is_off = heard.what == "cancelled"
    booking.state = Booking.State.CANCELLED if is_off else Booking.State.BOOKED
    was = booking.starts_at
    booking.starts_at = heard.starts_at or booking.starts_at
    booking.ends_at = heard.ends_at or booking.ends_at
    booking.title = heard.title[:200] or booking.title
    if heard.host:
        booking.rep = Rep.objects.filter(user__email__iexact=heard.host).select_related("user").first()
    booking.save()
    Activity.objects.create(
        lead=booking.lead,
        kind=KINDS[heard.what],
        at=now,
        text="\n".join(filter(None, [booking.title, heard.reason, f"Booked by {other}" if other else ""])),
        details={"meeting": told(booking, was)},
    )
    if not is_off:
        meeting_booked(booking.lead_id)


def told(booking: Booking, was: datetime | None) -> dict[str, str]:
    """Instants in ISO 8601, UTC."""
    times = {"starts_at": booking.starts_at, "ends_at": booking.ends_at}
    times |= {"was": was} if was != booking.starts_at else {}
    known = {name: at.isoformat() for name, at in times.items() if at is not None}
    return known | ({"with": str(booking.rep)} if booking.rep else {})
