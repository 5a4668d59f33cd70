"""The settings of a rule set."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from leadrouting.rules.admin.moments import when
from leadrouting.rules.admin.together import TogetherForm
from leadrouting.rules.models import RuleSet


class RuleSetForm(TogetherForm):
    class Meta:
        model = RuleSet
        fields = ["name", "catch_all", "on_update", "note"]

    def what_changed(self, current: Any) -> tuple[str, str]:
        last = last_change(current)
        who = f"{last.user} changed" if last else "Somebody else changed"
        at = f" at {when(last.action_time, timezone.now())}" if last else ""
        theirs = f"“{current.name}”, catch-all {current.catch_all}, leads that change: {current.get_on_update_display().lower()}."
        return f"{who} this rule set or the order of its rules{at}.", theirs


def last_change(rule_set: RuleSet) -> LogEntry | None:
    """The newest line of its history."""
    kind = ContentType.objects.get_for_model(RuleSet)
    lines = LogEntry.objects.filter(content_type=kind, object_id=str(rule_set.pk))
    return lines.select_related("user").order_by("-action_time", "-pk").first()
