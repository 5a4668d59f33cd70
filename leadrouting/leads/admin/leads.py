"""The page and the list of leads, as far as this room knows them; `sla` adds owner, why and countdown."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from unfold.decorators import display

from leadrouting.common.console import OpsAdmin
from leadrouting.leads.admin.forms import CAME, MORE, WANTS, WHERE, WHO, AddLead, ChangeLead, LeadForm
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
        return super().get_form(request, obj, change, **{**kwargs, "form": ChangeLead if change else AddLead})

    def get_fieldsets(self, request: HttpRequest, obj: Lead | None = None) -> Any:
        came = [*pairs(CAME[:4]), *CAME[4:]]
        return [*self.described, ("Where it came from", {"fields": [*came, tuple(MORE)]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Lead | None = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *(CAME if obj else [])]

    def has_delete_permission(self, request: HttpRequest, obj: Lead | None = None) -> bool:
        """Never: its history would go with it. Mark it as junk instead."""
        return False

    def save_model(self, request: HttpRequest, obj: Lead, form: LeadForm, change: bool) -> None:
        if change:
            revise_lead(lead_id=obj.pk, **{n: form.cleaned_data[n] for n in form.changed_data})
            return
        received = receive_lead(now=timezone.now(), **form.posted())
        obj.__dict__.update(received.lead.__dict__, was_joined=not received.created)

    @display(description="Status", ordering="status", label=COLOURS)
    def shown_status(self, lead: Lead) -> str:
        return lead.get_status_display()
