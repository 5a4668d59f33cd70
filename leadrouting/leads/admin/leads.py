"""The page and the list of leads, as far as this room knows them; `sla` adds owner, why and countdown."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from unfold.decorators import display

from leadrouting.common.console import OpsAdmin
from leadrouting.common.console.once import once
from leadrouting.leads.admin.forms import (
    CAME,
    MORE,
    WANTS,
    WHERE,
    WHO,
    AddLead,
    ChangeLead,
    LeadForm,
    with_attributes,
)
from leadrouting.leads.admin.values import has_boxes, name_of
from leadrouting.leads.attributes import Definitions, definitions, leftover
from leadrouting.leads.enums import Channel, Status
from leadrouting.leads.models import Lead
from leadrouting.leads.revising import revise_lead
from leadrouting.leads.services import receive_lead

COLOURS = {
    Status.RECEIVED.label: "info",
    Status.QUEUED.label: "warning",
    Status.ASSIGNED.label: "primary",
    Status.ACCEPTED.label: "primary",
    Status.CONTACTED.label: "primary",
    Status.MEETING.label: "primary",
    Status.WON.label: "success",
    Status.LOST.label: "danger",
    Status.JUNK.label: "danger",
}


def pairs(names: list[str]) -> list[Any]:
    return [tuple(names[at : at + 2]) for at in range(0, len(names), 2)]


def known_for(request: HttpRequest) -> Definitions:
    return once(request, "attributes", definitions)


def value_rows(known: Definitions) -> list[Any]:
    """Two to a row; what is a list of boxes to tick stands alone, below."""
    short = [name_of(one) for one in known.values() if not has_boxes(one)]
    return [*pairs(short), *(name_of(one) for one in known.values() if has_boxes(one))]


class LeadAdmin(OpsAdmin):
    search_fields = ["name", "email", "phone", "company"]
    search_help_text = "Name, e-mail, phone or company"
    ordering = ["-created_at", "-id"]
    described = [
        ("Who", {"fields": pairs(WHO)}),
        ("What they want", {"fields": pairs(WANTS)}),
        ("Where they are", {"fields": pairs(WHERE)}),
    ]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"channel": Channel.MANUAL, **super().get_changeform_initial_data(request)}

    def get_form(
        self, request: HttpRequest, obj: Lead | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = with_attributes(ChangeLead if change else AddLead, known_for(request), obj)
        return super().get_form(request, obj, change, **{**kwargs, "form": form})

    def get_fieldsets(self, request: HttpRequest, obj: Lead | None = None) -> Any:
        came = [*pairs(CAME[:4]), *CAME[4:]]
        own = value_rows(known_for(request))
        if obj and leftover(obj.attributes, known_for(request)):
            own.append("shown_leftover")
        return [
            *self.described,
            *([("Your own", {"fields": own})] if own else []),
            ("Where it came from", {"fields": [*came, tuple(MORE)]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Lead | None = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *([*CAME, "shown_leftover"] if obj else [])]

    def has_delete_permission(self, request: HttpRequest, obj: Lead | None = None) -> bool:
        """Never: its history would go with it. Mark it as junk instead."""
        return False

    def save_model(self, request: HttpRequest, obj: Lead, form: LeadForm, change: bool) -> None:
        if change:
            revise_lead(lead_id=obj.pk, **form.changes())
            return
        received = receive_lead(now=timezone.now(), **form.posted())
        obj.__dict__.update(
            received.lead.__dict__, was_joined=not received.created, was_reopened=received.reopened
        )

    @display(description="No longer defined")
    def shown_leftover(self, lead: Lead) -> str:
        """What came under keys that are no attribute now, as it came."""
        rows = leftover(lead.attributes, definitions())
        return "; ".join(f"{label}: {value}" for label, value in rows)

    @display(description="Status", ordering="status", label=COLOURS)
    def shown_status(self, lead: Lead) -> str:
        return lead.get_status_display()
