"""Try a lead: where it would go and why, with nothing written and no turn used."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from leadrouting.assignments.admin.facts import fact_rows
from leadrouting.assignments.admin.try_form import TryForm
from leadrouting.assignments.errors import Refused
from leadrouting.assignments.rehearsal import rehearse
from leadrouting.assignments.supposing import facts_of_made_up
from leadrouting.common.console import OpsAdmin
from leadrouting.leads.models import Lead


def try_page(admin: OpsAdmin, request: HttpRequest) -> HttpResponse:
    """The form, empty or filled from `?lead=`; a POST only asks, and the answer stands below it.

    It is no GET, because addresses with people's e-mail in them end up in logs.
    """
    lead = lead_asked_about(request)
    asked = request.method == "POST"
    form = TryForm(request.POST if asked else None, initial=TryForm.of(lead) if lead else {})
    context = {
        **admin.admin_site.each_context(request),
        "title": f"Try {lead} again" if lead else "Try a lead",
        "form": form,
        "lead": lead,
        **(answer(form, lead) if asked and form.is_valid() else {}),
    }
    return TemplateResponse(request, "admin/assignments/try.html", context)


def lead_asked_about(request: HttpRequest) -> Lead | None:
    key = request.GET.get("lead", "")
    return (
        Lead.objects.select_related("campaign", "account").filter(pk=key).first() if key.isdecimal() else None
    )


def answer(form: TryForm, lead: Lead | None) -> dict[str, Any]:
    """The rehearsal and the facts it saw; complaints about the input go to their fields."""
    now = form.cleaned_data["at"] or timezone.now()
    try:
        facts = facts_of_made_up(form.given(lead), now=now)
        return {"rehearsal": rehearse(facts, now=now), "facts": fact_rows(facts), "at": now}
    except Refused as error:
        return {"refused": str(error)}
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            form.add_error(name if name in form.fields else None, messages)
        return {}
