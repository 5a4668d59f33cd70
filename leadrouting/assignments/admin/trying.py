"""Try a lead: where it would go and why, with nothing written and no turn used."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from leadrouting.assignments.admin.facts import fact_rows
from leadrouting.assignments.admin.try_form import TryForm
from leadrouting.assignments.errors import Refused
from leadrouting.assignments.rehearsal import Rehearsal, rehearse
from leadrouting.assignments.supposing import facts_of_made_up
from leadrouting.assignments.together import rehearse_all
from leadrouting.common.console import OpsAdmin
from leadrouting.engine.prepared import RuleError
from leadrouting.leads.models import Lead
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


def by_draft(rule_set: RuleSet, facts: Mapping[str, Any], now: datetime) -> Rehearsal:
    """Raises RuleError for a draft that cannot be read."""
    (found,) = rehearse_all([(facts, now)], live=ready(draft_of(rule_set)))
    return found


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
        facts = {**facts_of_made_up(form.given(lead), now=now), **form.cleaned_data["more"]}
        found = by_draft(draft, facts, now) if (draft := draft_asked(form)) else rehearse(facts, now=now)
        return {"rehearsal": found, "facts": fact_rows(facts), "at": now}
    except (Refused, RuleError) as error:
        return {"refused": str(error)}
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            form.add_error(name if name in form.fields else None, messages)
        return {}
