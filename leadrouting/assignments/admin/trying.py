"""Try a lead: where it would go and why, with nothing written and no turn used."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from leadrouting.assignments.admin.facts import fact_rows
from leadrouting.assignments.admin.try_form import TryForm
from leadrouting.assignments.errors import Refused
from leadrouting.assignments.missing import miss_by
from leadrouting.assignments.rehearsal import live_now, rehearse
from leadrouting.assignments.supposing import Supposed, supposed, supposed_lead
from leadrouting.common.console import OpsAdmin
from leadrouting.engine.prepared import RuleError
from leadrouting.leads.identity import Way, earlier_of, way_of
from leadrouting.leads.models import Lead
from leadrouting.leads.services import cleaned
from leadrouting.rules.documents import draft_of
from leadrouting.rules.live import ready
from leadrouting.rules.models import RuleSet


def try_page(admin: OpsAdmin, request: HttpRequest) -> HttpResponse:
    """The form, empty or filled from `?lead=`; `?rules=` asks a draft. A POST only asks, and the
    answer stands below it.

    It is no GET, because addresses with people's e-mail in them end up in logs.
    """
    lead = lead_asked_about(request)
    asked = request.method == "POST"
    given = {**(TryForm.of(lead) if lead else {}), "rules": request.GET.get("rules", "")}
    form = TryForm(typed(request) if asked else None, initial=given)
    context = {
        **admin.admin_site.each_context(request),
        "title": f"Try {lead} again" if lead else "Try a lead",
        "form": form,
        "lead": lead,
        "draft": draft_asked(form),
        "more": fact_rows(json_of(form["more"].value())) if asked else [],
        **(answer(form, lead) if asked and form.is_valid() else {}),
    }
    return TemplateResponse(request, "admin/assignments/try.html", context)


def typed(request: HttpRequest) -> Mapping[str, Any]:
    """What the form was sent with; or, from other pages, facts as JSON in `facts`, as if they had been typed."""
    if "facts" not in request.POST:
        return request.POST
    return {
        **TryForm.holding(json_of(request.POST["facts"])),
        **{name: request.POST.get(name, "") for name in ("at", "rules")},
    }


def draft_asked(form: TryForm) -> RuleSet | None:
    """The rule set whose draft answers; None: the version that is live does."""
    key = str(form["rules"].value() or "")
    return RuleSet.objects.filter(pk=key).first() if key.isdecimal() else None


def asked_for(form: TryForm, lead: Lead | None, now: datetime) -> Supposed:
    """What was filled in; who had a stored lead, where it lies and since when it looks for an owner stay its own."""
    made = supposed(form.given(lead), now=now)
    made = replace(made, facts={**made.facts, **form.cleaned_data["more"]})
    if lead is None:
        return made
    own = supposed_lead(lead, now=now)
    return replace(made, had=own.had, since=own.since, hold=own.hold)


def json_of(text: Any) -> dict[str, Any]:
    """The object that this text holds; empty when it holds none."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def lead_asked_about(request: HttpRequest) -> Lead | None:
    key = request.GET.get("lead", "")
    return (
        Lead.objects.select_related("campaign", "account").filter(pk=key).first() if key.isdecimal() else None
    )


def answer(form: TryForm, lead: Lead | None) -> dict[str, Any]:
    """The rehearsal and the facts it saw; complaints about the input go to their fields."""
    now = form.cleaned_data["at"] or timezone.now()
    try:
        asked = asked_for(form, lead, now)
        draft = draft_asked(form)
        live = ready(draft_of(draft)) if draft else None
        found = rehearse(asked, now=now, live=live)
        nearest = None if found.unrouted else miss_by(live or live_now(), asked.facts, now)
        told = {"rehearsal": found, "facts": fact_rows(asked.facts), "at": now, "nearest": nearest}
        return {**told, "known": known_as(form, now) if lead is None else ""}
    except (Refused, RuleError) as error:
        return {"refused": str(error)}
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            form.add_error(name if name in form.fields else None, messages)
        return {}


def known_as(form: TryForm, now: datetime) -> str:
    """What would become of the enquiry of somebody who is known: the answer is that for a new lead."""
    given = {name: form.cleaned_data.get(name) for name in ("email", "phone", "country", "campaign")}
    if not (given["email"] or given["phone"]):
        return ""
    values = cleaned({name: str(value) for name, value in given.items() if value})
    earlier = earlier_of(values)
    way = way_of(earlier, values, now)
    if earlier is None or way is Way.NEW:
        return ""
    what = "join" if way is Way.JOINS else "reopen"
    return (
        f"That is for a new lead. Somebody with this e-mail or phone is known: the enquiry would {what} "
        f"#{earlier.lead.pk} {earlier.lead}, which goes to its owner or the backup first."
    )
