"""Other systems that hear of what happens: who, and how it goes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from leadrouting.notifications.admin.since import SendsSince
from leadrouting.notifications.hooks import again, managing
from leadrouting.notifications.hooks.managing import readable
from leadrouting.notifications.models import Event, Hook, Subscription
from leadrouting.teams.auth import caller

COLOURS = {"Works": "success", "New": "info", "Failing": "danger", "Off": "warning"}


class SubscriptionForm(forms.ModelForm):
    events = forms.MultipleChoiceField(
        choices=[(kind.value, f"{kind.label} ({kind.value})") for kind in Event.Kind],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="What it hears of. At least one.",
    )

    def clean_address(self) -> str:
        return readable(str(self.cleaned_data["address"]))


@admin.register(Subscription)
class SubscriptionAdmin(SendsSince):
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
        def write() -> None:
            super(SubscriptionAdmin, self).save_model(request, obj, form, change)

        if change:
            managing.save(obj, caller(request), timezone.now(), write)
            return
        managing.begin(obj, caller(request), timezone.now())
        self.tell_secret(request, obj.secret)
        write()

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What was sent goes with it, though nobody may delete a single one of these."""
        gone, counts, needed, kept = super().get_deleted_objects(objs, request)
        return gone, counts, needed - {Hook._meta.verbose_name}, kept

    def tell_secret(self, request: HttpRequest, secret: str) -> None:
        said = format_html(
            'The secret is <code class="lr-code">{}</code>. Copy it now: it is not shown again.', secret
        )
        self.message_user(request, said, messages.WARNING)

    @display(description="State", label=COLOURS)
    def health(self, one: Subscription) -> str:
        return one.health.capitalize()

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
