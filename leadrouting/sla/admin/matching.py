"""How many leads a policy fits, while it is being written."""

from __future__ import annotations

import json

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils import timezone

from leadrouting.assignments.insight.previewing import matches, rule_as_typed
from leadrouting.common.console import OpsAdmin
from leadrouting.engine.describe import describe_rule
from leadrouting.rules.catalogue import catalogue
from leadrouting.sla.models import Policy
from leadrouting.sla.terms import asked

UNREADABLE = (
    "Send JSON: {“conditions”: [{“fact”, “operator”, “value”}], “logic”: “”, “rule”: number or null}."
)


def policy_matches(admin: OpsAdmin, request: HttpRequest) -> JsonResponse:
    """POST a policy as it stands in the form. `first` counts the leads that no policy above takes."""
    if request.method != "POST":
        return JsonResponse({"error": UNREADABLE}, status=405, headers={"Allow": "POST"})
    try:
        data = json.loads(request.body)
        parts = ("fact", "operator", "value")
        conditions = [{part: str(one[part]) for part in parts} for one in data["conditions"]]
        policy = None if data.get("rule") is None else int(data["rule"])
        rule = rule_as_typed(conditions, str(data.get("logic", "")))
    except (ValueError, KeyError, TypeError, AttributeError):
        return JsonResponse({"error": UNREADABLE}, status=400)
    known = catalogue()
    found = matches(rule, [asked(one) for one in above(policy)], known, now=timezone.now())
    examples = [
        {"name": lead.name, "url": reverse("admin:leads_lead_change", args=[lead.lead])}
        for lead in found.examples
    ]
    return JsonResponse(
        {
            "sentence": f"{describe_rule(rule, known)}." if conditions else "Every lead.",
            "matched": found.matched,
            "of": found.of,
            "first": found.first,
            "examples": examples,
            "error": found.error,
        }
    )


def above(policy: int | None) -> list[Policy]:
    """The active policies before this one; for a new one all, because it is added at the end."""
    before = Policy.objects.filter(is_active=True).prefetch_related("conditions")
    here = Policy.objects.filter(pk=policy).first() if policy is not None else None
    return list(before if here is None else before.filter(precedence__lt=here.precedence))
