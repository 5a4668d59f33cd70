"""What sales ops do with leads. Each is one call of a service, whose refusals are shown as they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.forms import CharField, Form, ModelChoiceField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from leadrouting.assignments import ownership, rerouting
from leadrouting.assignments.errors import Refused
from leadrouting.common.console import OpsAdmin
from leadrouting.leads.enums import Status
from leadrouting.leads.models import Lead
from leadrouting.leads.querysets import LeadQuerySet
from leadrouting.teams.auth import caller
from leadrouting.teams.models import Rep


class ReassignForm(Form):
    to = ModelChoiceField(
        Rep.objects.filter(is_active=True).select_related("user").order_by("user__name"),
        label="To",
        empty_label="Choose a rep",
        widget=UnfoldAdminSelectWidget,
        help_text="They get it whatever the hour and their load.",
    )
    reason = CharField(
        label="Why",
        max_length=200,
        widget=UnfoldAdminTextareaWidget({"rows": 2}),
        help_text="Kept with the lead.",
    )
    handover = CharField(
        label="Note to the next owner",
        max_length=2000,
        required=False,
        widget=UnfoldAdminTextareaWidget({"rows": 3}),
        help_text="They see it first on the lead’s page.",
    )


class JunkForm(Form):
    reason = CharField(
        label="Why", max_length=200, required=False, widget=UnfoldAdminTextareaWidget({"rows": 2})
    )


def reassign(lead: Lead, request: HttpRequest, given: dict[str, Any]) -> str:
    now = timezone.now()
    ownership.reassign(lead_id=lead.pk, by=caller(request), now=now, **given)
    return f"{lead} is with {given['to']} now."


def junk(lead: Lead, request: HttpRequest, given: dict[str, Any]) -> str:
    now = timezone.now()
    ownership.close(lead_id=lead.pk, by=caller(request), outcome=Status.JUNK, now=now, reason=given["reason"])
    return f"{lead} is marked as junk."


@dataclass(frozen=True, slots=True)
class Act:
    title: str
    button: str
    form: type[Form]
    do: Callable[[Lead, HttpRequest, dict[str, Any]], str]


REASSIGN = Act("Reassign {}", "Reassign", ReassignForm, reassign)
JUNK = Act("Mark {} as junk", "Mark as junk", JunkForm, junk)


def ask(admin: OpsAdmin, request: HttpRequest, object_id: str, act: Act) -> HttpResponse:
    """A small form, then the act. A refusal stays on the form."""
    lead = admin.get_object(request, unquote(object_id))
    if lead is None:
        raise Http404(f"There is no lead {object_id}.")
    if not admin.has_change_permission(request, lead):
        raise PermissionDenied
    form = act.form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = act.do(lead, request, form.cleaned_data)
        except Refused as error:
            form.add_error(None, str(error))
        else:
            admin.message_user(request, done, messages.SUCCESS)
            return to_page(lead)
    context = {
        **admin.admin_site.each_context(request),
        "title": act.title.format(lead),
        "lead": lead,
        "form": form,
        "button": act.button,
    }
    return TemplateResponse(request, "admin/leads/act.html", context)


def reroute(admin: OpsAdmin, request: HttpRequest, leads: LeadQuerySet) -> HttpResponse | None:
    """To the page where it is said where to, and looked at before."""
    try:
        made = rerouting.select(leads, by=caller(request), now=timezone.now())
    except Refused as refusal:
        admin.message_user(request, str(refusal), messages.ERROR)
        return None
    return HttpResponseRedirect(reverse("admin:assignments_rerouting_change", args=[made.pk]))


def mark_junk(admin: OpsAdmin, request: HttpRequest, leads: LeadQuerySet) -> None:
    done = 0
    for lead in leads.order_by("pk"):
        try:
            junk(lead, request, {"reason": ""})
            done += 1
        except Refused as error:
            admin.message_user(request, f"{lead}: {error}", messages.WARNING)
    if done:
        admin.message_user(request, f"{done} marked as junk.", messages.SUCCESS)


def to_page(lead: Lead) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:leads_lead_change", args=[lead.pk]))


def to_try(lead: str = "") -> HttpResponse:
    query = f"?lead={lead}" if lead else ""
    return HttpResponseRedirect(reverse("admin:assignments_decision_try") + query)
