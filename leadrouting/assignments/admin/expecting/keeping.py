"""What a test lead is made from: a decision, a lead that was tried, or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from leadrouting.assignments.admin.try_form import TryForm
from leadrouting.assignments.errors import Refused
from leadrouting.assignments.explaining import encoded
from leadrouting.assignments.models import Decision
from leadrouting.assignments.rehearsal import rehearse
from leadrouting.assignments.supposing import supposed
from leadrouting.common.console import OpsAdmin
from leadrouting.engine.model import StepKind
from leadrouting.engine.record import decode
from leadrouting.engine.verdict import Verdict
from leadrouting.rules.services import live_version

FOLLOWS = {"received_at", "received_weekday", "received_hour", "email_domain", "email_kind"}
"""Facts that follow from the moment and from the e-mail address."""

MADE_UP = (StepKind.ACCOUNT_OWNER, StepKind.PREVIOUS_OWNER)
"""Owners that can be given; that of the territory follows from the place."""


@dataclass(frozen=True, slots=True)
class Kept:
    """`goes_to` is where it went, as the form names places."""

    name: str = ""
    given: dict[str, Any] = field(default_factory=dict)
    at: datetime | None = None
    goes_to: str = ""


def keep(admin: OpsAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """From a decision to the page that makes a test lead of it: in the rule set that decided, else the live one."""
    decision = Decision.objects.select_related("version").filter(pk=unquote(object_id)).first()
    if decision is None:
        raise Http404(f"There is no decision {object_id}.")
    version = decision.version or live_version()
    if version is None:
        admin.message_user(request, "No rule set is live yet. Publish one first.", messages.WARNING)
        return HttpResponseRedirect(admin.change_url(decision))
    page = reverse("admin:rules_ruleset_test_add", args=[version.rule_set_id])
    return HttpResponseRedirect(f"{page}?decision={decision.pk}")


def from_decision(request: HttpRequest) -> Kept:
    """Its facts at its moment. Of the address only the domain is kept: it leads to the same account."""
    key = request.GET.get("decision", "")
    found = Decision.objects.select_related("lead").filter(pk=key if key.isdecimal() else 0).first()
    if found is None:
        return Kept()
    given = {name: value for name, value in found.facts.items() if name not in FOLLOWS}
    if domain := found.facts.get("email_domain"):
        given["email"] = f"somebody@{domain}"
    verdict = decode(encoded(found))
    given |= {step.kind.value: step.id for step in verdict.tried if step.kind in MADE_UP and step.id}
    at = found.decided_at.replace(second=0, microsecond=0)
    return Kept(f"Like {found.lead}"[:120], given, at, place_of(verdict))


def from_trying(form: TryForm, given: dict[str, Any], now: datetime) -> Kept:
    """A lead that was made up on the page where leads are tried, and where it would go now."""
    at = form.cleaned_data["at"]
    try:
        verdict = rehearse(supposed(given, now=at or now), now=at or now).verdict
    except (Refused, ValidationError):
        return Kept(given=given, at=at)
    return Kept(given=given, at=at, goes_to=place_of(verdict))


def place_of(verdict: Verdict) -> str:
    won = verdict.won
    if won is not None and won.kind is StepKind.POOL:
        return f"{StepKind.POOL}:{won.id}"
    if verdict.rep is not None:
        return f"{StepKind.REP}:{verdict.rep}"
    return f"{StepKind.QUEUE}:{verdict.queue}"
