"""How many leads a policy fits, while it is being written."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from leadrouting.assignments.admin.insight.preview import counted
from leadrouting.assignments.insight.previewing import Matches, matches, rule_as_typed
from leadrouting.common.console import OpsAdmin
from leadrouting.engine.describe import describe_rule
from leadrouting.rules.catalogue import catalogue
from leadrouting.sla.models import Policy
from leadrouting.sla.terms import asked


def policy_matches(admin: OpsAdmin, request: HttpRequest) -> JsonResponse:
    """POST a policy as it stands in the form, `rule` being its number. `first` counts the leads that no policy above
    takes."""
    known = catalogue()

    def fits(typed: dict[str, Any]) -> Matches:
        rule = rule_as_typed(typed["conditions"], typed["logic"])
        return matches(rule, map(asked, above(typed["rule"])), known, now=timezone.now())

    def sentence(typed: dict[str, Any]) -> str:
        rule = rule_as_typed(typed["conditions"], typed["logic"])
        return f"{describe_rule(rule, known)}." if rule.conditions else "Every lead."

    return counted(request, fits, sentence=sentence)


def above(policy: int | None) -> list[Policy]:
    """The active policies before this one; for a new one all, because it is added at the end."""
    before = Policy.objects.filter(is_active=True).prefetch_related("conditions")
    here = Policy.objects.filter(pk=policy).first() if policy is not None else None
    return list(before if here is None else before.filter(precedence__lt=here.precedence))
