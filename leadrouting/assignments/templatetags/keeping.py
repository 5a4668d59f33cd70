"""The button that keeps a lead that was tried as a test lead."""

from __future__ import annotations

from typing import Any

from django import template

from leadrouting.leads.models import Lead
from leadrouting.rules.models import RuleSet
from leadrouting.rules.services import live_version

register = template.Library()


@register.inclusion_tag("admin/assignments/keep.html")
def keep_as_test(lead: Lead | None, draft: RuleSet | None, form: str) -> dict[str, Any]:
    """Of the rule set whose draft was asked, else the live one. `form` is the id of the form that was filled in."""
    live = None if draft else live_version()
    return {"rule_set": live.rule_set if live else draft, "lead": lead, "form": form}
