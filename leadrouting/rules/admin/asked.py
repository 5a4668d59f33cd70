"""The rule set that a page's address names, for those who may change it."""

from __future__ import annotations

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from leadrouting.common.console import OpsAdmin
from leadrouting.rules.models import RuleSet


def rule_set_asked(admin: OpsAdmin, request: HttpRequest, key: str) -> RuleSet:
    """Raises Http404 and PermissionDenied."""
    rule_set = admin.get_object(request, unquote(str(key)))
    if not isinstance(rule_set, RuleSet):
        raise Http404(f"There is no rule set {key}.")
    if not admin.has_change_permission(request, rule_set):
        raise PermissionDenied
    return rule_set
