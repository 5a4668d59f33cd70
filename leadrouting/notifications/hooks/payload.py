"""What other systems are told: the event, and the lead as the API shows it to a service at that moment."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from leadrouting.assignments.explaining import sentences
from leadrouting.assignments.models import Decision
from leadrouting.leads.models import Lead
from leadrouting.leads.services import FIELDS
from leadrouting.notifications.models import Event
from leadrouting.notifications.optouts import with_refusals
from leadrouting.sla.models import Clock, Pause
from leadrouting.sla.standing import with_standing

PLAIN = (
    sorted(FIELDS - {"campaign"})
    + (
        "id status rule respond_by accepted_at responded_at breached created_at updated_at closed_at revenue "
        "email_domain email_kind is_repeat lost_reason do_not_contact next_meeting_at"
    ).split()
)


def key_of(event: Event) -> str:
    return f"evt_{event.pk}"


def bodies(events: Iterable[Event]) -> dict[int, str]:
    """The body for each event, by its key. The number of queries does not grow with the events."""
    events = list(events)
    leads = shown({one.lead_id for one in events})
    return {
        one.pk: body(one.kind, key_of(one), one.at, {"lead": leads[one.lead_id], "event": one.data})
        for one in events
        if one.lead_id in leads
    }


def body(kind: str, key: str, at: datetime, data: Mapping[str, Any]) -> str:
    whole = {"type": kind, "id": key, "timestamp": at, "data": data}
    return json.dumps(plain(whole), ensure_ascii=False, separators=(",", ":"))


def shown(leads: Iterable[int]) -> dict[int, dict[str, Any]]:
    rows = list(with_refusals(with_standing(Lead.objects.filter(pk__in=leads))))
    keys = [one.pk for one in rows]
    whys, clocks, pauses = reasons(keys), open_clocks(keys), open_pauses(keys)
    return {
        one.pk: {
            **{name: getattr(one, name) for name in PLAIN},
            "campaign": one.campaign.key if one.campaign else None,
            "owner": named(one.owner),
            "queue": named(one.queue),
            "merged_into": one.merged_into_id,
            "clocks": clocks.get(one.pk, []),
            "paused": pauses.get(one.pk),
            **whys.get(one.pk, unrouted(one)),
        }
        for one in rows
    }


def reasons(leads: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The latest decision of each, with its sentence."""
    newest = (
        Decision.objects.filter(lead__in=leads).order_by("lead_id", "-decided_at", "-id").distinct("lead_id")
    )
    latest = list(newest.select_related("actor"))
    told = sentences(latest)
    return {one.lead_id: {"decision": one.pk, "reason": told[one.pk]} for one in latest}


def unrouted(lead: Lead) -> dict[str, Any]:
    said = f"Waiting in the queue “{lead.queue}” to be routed." if lead.queue else ""
    return {"decision": None, "reason": said}


def open_clocks(leads: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for one in Clock.objects.filter(lead__in=leads, ended_at=None).select_related("policy"):
        clock = {"kind": one.kind, "due_at": one.due_at, "policy": one.policy.name}
        found.setdefault(one.lead_id, []).append(clock)
    return found


def open_pauses(leads: Iterable[int]) -> dict[int, dict[str, Any]]:
    return {
        one.lead_id: {"since": one.begins_at, "reason": one.reason, "by": named(one.by)}
        for one in Pause.objects.filter(lead__in=leads, ends_at=None).select_related("by")
    }


def named(one: Any) -> dict[str, Any] | None:
    return {"id": one.pk, "name": str(one)} if one is not None else None


def plain(value: Any) -> Any:
    """As JSON has it: instants in UTC, amounts as text, which keeps every cent."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case Decimal():
            return str(value)
        case Mapping():
            return {key: plain(one) for key, one in value.items()}
        case list() | tuple():
            return [plain(one) for one in value]
        case _:
            return value
