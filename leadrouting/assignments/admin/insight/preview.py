"""How many leads a rule matches, while it is being written."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils import timezone

from leadrouting.assignments.insight.previewing import Matches, preview
from leadrouting.common.console import OpsAdmin

UNREADABLE = (
    "Send JSON: {“conditions”: [{“fact”, “operator”, “value”}], “logic”: “”, “rule”: number or null}."
)


def preview_matches(admin: OpsAdmin, request: HttpRequest) -> JsonResponse:
    """POST a rule as it stands in the form; the answer counts the last 1,000 leads that it matches.

    `rule` is its number, or null for a new one, which then may name its `rule_set`. What is wrong with the
    rule comes back as `error`, with status 200: somebody is still typing. It is a POST because of its size;
    nothing is written.
    """
    return counted(request, lambda asked: preview(**asked, now=timezone.now()))


def counted(
    request: HttpRequest, count: Callable[[dict[str, Any]], Matches], **more: Callable[[dict[str, Any]], Any]
) -> JsonResponse:
    """Read what was posted, count, answer; `more` are further members of the answer."""
    if request.method != "POST":
        return JsonResponse({"error": UNREADABLE}, status=405, headers={"Allow": "POST"})
    try:
        asked = read(request)
    except (ValueError, KeyError, TypeError, AttributeError):
        return JsonResponse({"error": UNREADABLE}, status=400)
    found = count(asked)
    examples = [
        {"name": lead.name, "url": reverse("admin:leads_lead_change", args=[lead.lead])}
        for lead in found.examples
    ]
    return JsonResponse(
        {
            "matched": found.matched,
            "of": found.of,
            "first": found.first,
            "examples": examples,
            "error": found.error,
            **{name: say(asked) for name, say in more.items()},
        }
    )


def read(request: HttpRequest) -> dict[str, Any]:
    data = json.loads(request.body)
    conditions = [
        {part: str(one[part]) for part in ("fact", "operator", "value")} for one in data["conditions"]
    ]
    numbers = {name: None if data.get(name) is None else int(data[name]) for name in ("rule", "rule_set")}
    return {"conditions": conditions, "logic": str(data.get("logic", "")), **numbers}
