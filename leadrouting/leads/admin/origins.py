"""Campaigns; registered in `intake`, which knows their forms."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest

from leadrouting.common.console import OpsAdmin
from leadrouting.leads.models import Campaign


class CampaignAdmin(OpsAdmin):
    list_display = ["name", "key", "channel", "source", "medium", "product", "active"]
    list_filter = ["is_active", "channel"]
    list_filter_submit = True
    search_fields = ["name", "key", "source"]
    prepopulated_fields = {"key": ["name"]}
    fieldsets = [
        (None, {"fields": [("name", "key"), ("landing_url", "cost"), "is_active"]}),
        (
            "What its leads are taken for, where they do not say themselves",
            {"fields": [("channel", "source"), ("medium", "product"), "default_country"]},
        ),
        ("What happens with its leads", {"fields": ["is_routed", "keeps_entered"]}),
        ("The same person again", {"fields": ["repeats", "reopen_days"]}),
    ]

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Campaign | None = None
    ) -> dict[str, Sequence[str]]:
        """A key that rules and links use does not follow a new name."""
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        """Never: its leads would forget where they came from. Take `active` off instead."""
        return False
