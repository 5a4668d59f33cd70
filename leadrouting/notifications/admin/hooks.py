"""Other systems that hear of what happens: who, how it goes, what was sent and answered, and once more."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import RangeDateTimeFilter
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from leadrouting.common.console import OpsAdmin, ReadOnly
from leadrouting.common.outside import Refused, guard
from leadrouting.notifications.hooks import again
from leadrouting.notifications.hooks.order import held
from leadrouting.notifications.hooks.signing import new_secret
from leadrouting.notifications.models import Event, Hook, Subscription
from leadrouting.teams.auth import caller

COLOURS = {"Works": "success", "New": "info", "Failing": "danger", "Off": "warning"}
WORKED = "secret old_secret delivered_at failing_since failures free_at stopped".split()
"""Written by who sends, and by others, maybe while somebody has the form open."""
STATES = {"Delivered": "success", "Waiting": "info", "Gave up": "danger", "Not sent": "warning"}


class SubscriptionForm(forms.ModelForm):
    events = forms.MultipleChoiceField(
        choices=[(kind.value, f"{kind.label} ({kind.value})") for kind in Event.Kind],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="What it hears of. At least one.",
    )

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"]).strip()
        try:
            guard().read(address)
        except Refused as refused:
            raise ValidationError(str(refused)) from None
        return address


@admin.register(Subscription)
class SubscriptionAdmin(OpsAdmin):
    form = SubscriptionForm
    list_display = ["name", "address", "health", "waiting", "shown_delivered", "is_active"]
    search_fields = ["name", "address"]
    readonly_fields = ["health", "shown_delivered", "failing_since", "stopped", "secrets_in_words", "sent"]
    fieldsets = [
        (None, {"fields": ["name", "address", "campaign", "is_active"]}),
        ("What it hears of", {"fields": ["events"]}),
        ("How it goes", {"fields": [("health", "shown_delivered"), "failing_since", "stopped", "sent"]}),
        ("Secret", {"fields": ["secrets_in_words"]}),
    ]
    actions_submit_line = ["save_and_test", "save_and_rotate", "save_and_end_old"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscription]:
        waiting = Hook.objects.filter(subscription=OuterRef("pk"), state=Hook.State.WAITING).order_by()
        counted = waiting.values("subscription").annotate(number=Count("pk")).values("number")
        return super().get_queryset(request).annotate(due=Subquery(counted))

    def save_model(self, request: HttpRequest, obj: Subscription, form: Any, change: bool) -> None:
        if change:
            held([obj.pk])
            obj.refresh_from_db(fields=WORKED)
        else:
            obj.secret, obj.created_by, obj.created_at = new_secret(), caller(request), timezone.now()
            self.tell_secret(request, obj.secret)
        if obj.is_active:
            obj.stopped = ""
        super().save_model(request, obj, form, change)

    def tell_secret(self, request: HttpRequest, secret: str) -> None:
        said = format_html(
            'The secret is <code class="lr-code">{}</code>. Copy it now: it is not shown again.', secret
        )
        self.message_user(request, said, messages.WARNING)

    @display(description="State", label=COLOURS)
    def health(self, one: Subscription) -> str:
        if not one.is_active:
            return "Off"
        if one.failing_since:
            return "Failing"
        return "Works" if one.delivered_at else "New"

    @display(description="Waiting")
    def waiting(self, one: Any) -> str:
        return f"{one.due:,}" if one.due else ""

    @display(description="Last delivered")
    def shown_delivered(self, one: Subscription) -> str:
        return str(naturaltime(one.delivered_at)) if one.delivered_at else "Not yet"

    @display(description="Secret")
    def secrets_in_words(self, one: Subscription) -> str:
        if one.pk is None:
            return "Made when it is saved, and shown once."
        if one.old_secret:
            return "Two: each webhook is signed with the new and the old one. End the old one when the other side knows the new."
        return "One. To change it, make a new one: both are good until you end the old."

    @display(description="Webhooks")
    def sent(self, one: Subscription) -> str | SafeString:
        if one.pk is None:
            return "None yet."
        address = f"{reverse('admin:notifications_hook_changelist')}?subscription__id__exact={one.pk}"
        return format_html('<a class="text-link" href="{}">What was sent and answered</a>', address)

    def response_post_save_change(self, request: HttpRequest, obj: Subscription) -> HttpResponse:
        if any(name.endswith(tuple(self.actions_submit_line)) for name in request.POST):
            return HttpResponseRedirect(reverse("admin:notifications_subscription_change", args=[obj.pk]))
        return super().response_post_save_change(request, obj)

    @action(description="Save and send a test")
    def save_and_test(self, request: HttpRequest, obj: Subscription) -> None:
        """When the form has been saved: nobody waits for another system with a transaction open."""
        transaction.on_commit(lambda: self.message_user(request, *said_of_test(obj)))

    @action(description="Make a new secret")
    def save_and_rotate(self, request: HttpRequest, obj: Subscription) -> None:
        self.tell_secret(request, again.rotate(obj, timezone.now()))

    @action(description="End the old secret")
    def save_and_end_old(self, request: HttpRequest, obj: Subscription) -> None:
        had = bool(obj.old_secret)
        again.end_old(obj)
        said = "The old secret is ended." if had else "There is no old secret."
        self.message_user(request, said, messages.SUCCESS if had else messages.WARNING)


def said_of_test(subscription: Subscription) -> tuple[str, int]:
    outcome = again.send_test(subscription, timezone.now())
    if outcome.is_delivered:
        return (
            f"The test was delivered: it answered {outcome.status} in {outcome.milliseconds} ms.",
            messages.SUCCESS,
        )
    return f"The test was not delivered. {outcome.said}", messages.ERROR


@admin.register(Hook)
class HookAdmin(ReadOnly):
    list_display = ["kind", "subscription", "lead", "condition", "attempts", "status", "created_at", "error"]
    list_select_related = ["subscription", "lead"]
    list_filter = ["state", "subscription", "kind", ("created_at", RangeDateTimeFilter)]
    list_filter_submit = True
    search_fields = ["=key", "lead__name", "=lead__email"]
    actions = ["resend"]
    readonly_fields = ["condition", "shown_body", "shown_answer"]
    fieldsets = [
        (None, {"fields": [("kind", "subscription"), ("lead", "condition"), "error"]}),
        ("Sent", {"fields": [("key", "attempts"), ("created_at", "tried_at"), "sent_headers", "shown_body"]}),
        ("Answered", {"fields": [("status", "milliseconds"), "delivered_at", "shown_answer"]}),
        ("Next", {"fields": [("send_at", "until")]}),
    ]

    @display(description="State", label=STATES)
    def condition(self, one: Hook) -> str:
        return str(one.get_state_display())

    @display(description="Body")
    def shown_body(self, one: Hook) -> SafeString:
        return format_html('<pre class="lr-code">{}</pre>', one.body)

    @display(description="Answer")
    def shown_answer(self, one: Hook) -> SafeString:
        return format_html('<pre class="lr-code">{}</pre>', one.answer or "Nothing.")

    @action(description="Send again")
    def resend(self, request: HttpRequest, queryset: QuerySet[Hook]) -> None:
        number, chosen = again.send_again(queryset, timezone.now()), queryset.count()
        said = (
            f"{number} webhook{'s' * (number != 1)} will be sent again within seconds, each lead’s in order."
        )
        if number < chosen:
            said += f" {chosen - number} stay: tests, and those of subscriptions that are switched off."
        self.message_user(request, said, messages.SUCCESS if number else messages.WARNING)
