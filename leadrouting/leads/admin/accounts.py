"""Accounts: the companies we know, with their domains."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import CharField, ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminExpandableTextareaWidget

from leadrouting.common.console import OpsAdmin
from leadrouting.leads.domains import clean_domains, set_domains, taken
from leadrouting.leads.linking import link_soon
from leadrouting.leads.models import Account
from leadrouting.leads.normalise import InvalidValue

DEEPEST = 50
"""Levels of companies above each other that are followed."""
SHOWN = 3
"""Domains that the list shows of each."""


class DomainsField(CharField):
    """Domains as text: one a line, or divided by commas."""

    def __init__(self) -> None:
        super().__init__(
            label="E-mail domains",
            required=False,
            widget=UnfoldAdminExpandableTextareaWidget(attrs={"rows": 2, "spellcheck": "false"}),
            help_text="As many as it has, e.g. acme.com, acme.de. Those below count with them: eu.acme.com.",
        )

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)

    def clean(self, value: Any) -> Any:
        try:
            return clean_domains(str(super().clean(value) or ""))
        except InvalidValue as error:
            raise ValidationError(str(error)) from None


class AccountForm(ModelForm):
    domains = DomainsField()

    class Meta:
        model = Account
        fields = ["name", "parent", "tier", "owner", "lifetime_value", "external_id"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            self.initial["domains"] = self.instance.domain_names

    def clean_parent(self) -> Account | None:
        """Nothing can lie above itself."""
        parent: Account | None = self.cleaned_data["parent"]
        above, seen = parent, 0
        while above is not None and seen < DEEPEST:
            if above.pk == self.instance.pk:
                raise ValidationError(f"“{parent}” lies below this account: choose another one.")
            above, seen = above.parent, seen + 1
        return parent

    def clean_domains(self) -> list[str]:
        domains: list[str] = self.cleaned_data["domains"]
        if problems := taken(domains, self.instance.pk):
            raise ValidationError(problems)
        return domains


@admin.register(Account)
class AccountAdmin(OpsAdmin):
    form = AccountForm
    list_display = ["name", "shown_domains", "parent", "tier", "shown_owner", "lifetime_value"]
    list_select_related = ["owner__user", "parent"]
    list_filter = ["tier"]
    list_filter_submit = True
    actions_list = ["import_accounts"]
    search_fields = ["name", "domains__domain", "external_id"]
    fieldsets = [
        (None, {"fields": ["name", "domains", "parent"]}),
        ("What rules know of it", {"fields": ["owner", ("tier", "lifetime_value")]}),
        ("In other systems", {"fields": ["external_id"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Account]:
        return super().get_queryset(request).prefetch_related("domains")

    @display(description="Domains", empty_value="None")
    def shown_domains(self, account: Account) -> str | None:
        names = account.domain_names
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        return ", ".join(names[:SHOWN]) + more or None

    @display(description="Owner", ordering="owner__user__name", empty_value="Nobody")
    def shown_owner(self, account: Account) -> str | None:
        return str(account.owner) if account.owner else None

    @action(description="Import accounts", url_path="import", permissions=["add"])
    def import_accounts(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(f"{reverse('admin:intake_importrun_add')}?kind=accounts")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        new = set_domains(form.instance, form.cleaned_data["domains"])
        if new or "name" in form.changed_data:
            self.link(request, form.instance)

    def link(self, request: HttpRequest, account: Account) -> None:
        """Open leads that were there before."""
        found = link_soon([account.pk], timezone.now())
        if found is None:
            self.message_user(request, "Earlier leads of this account are being linked to it.")
        elif found:
            self.message_user(
                request,
                f"{found:,} earlier lead{'s' if found > 1 else ''} without an account now belong"
                f"{'' if found > 1 else 's'} to it. Their owners change only as the rules say.",
            )
