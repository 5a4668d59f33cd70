"""Campaigns (registered in `intake`, which knows their forms) and accounts."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.http import HttpRequest
from unfold.decorators import display

from leadrouting.common.console import OpsAdmin
from leadrouting.leads.models import Account, Campaign


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


DEEPEST = 50
"""Levels of companies above each other that are followed."""


class AccountForm(ModelForm):
    class Meta:
        model = Account
        fields = ["name", "domain", "parent", "tier", "owner", "lifetime_value"]

    def clean_parent(self) -> Account | None:
        """Nothing can lie above itself."""
        parent: Account | None = self.cleaned_data["parent"]
        above, seen = parent, 0
        while above is not None and seen < DEEPEST:
            if above.pk == self.instance.pk:
                raise ValidationError(f"“{parent}” lies below this account: choose another one.")
            above, seen = above.parent, seen + 1
        return parent

    def clean_domain(self) -> str:
        domain = self.cleaned_data["domain"].strip().lower().removeprefix("www.")
        if "@" in domain or "/" in domain or (domain and "." not in domain):
            raise ValidationError(
                f"“{domain}” is not a domain. Write only what follows the @, e.g. example.com."
            )
        return domain


@admin.register(Account)
class AccountAdmin(OpsAdmin):
    form = AccountForm
    list_display = ["name", "domain", "parent", "tier", "shown_owner", "lifetime_value"]
    list_select_related = ["owner__user", "parent"]
    list_filter = ["tier"]
    list_filter_submit = True
    search_fields = ["name", "domain"]

    @display(description="Owner", ordering="owner__user__name", empty_value="Nobody")
    def shown_owner(self, account: Account) -> str | None:
        return str(account.owner) if account.owner else None
