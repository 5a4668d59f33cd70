"""The page of a subscription that sends again everything since an instant, with its number first."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import action
from unfold.widgets import INPUT_CLASSES, UnfoldBooleanWidget

from leadrouting.common.console import OpsAdmin
from leadrouting.notifications.hooks.since import CannotSend, Wanted, number_since, send_since
from leadrouting.notifications.models import Subscription

CLOCK = "%Y-%m-%dT%H:%M"


def moment(label: str, help_text: str, **options: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput({"type": "datetime-local", "class": " ".join(INPUT_CLASSES)}, CLOCK)
    return forms.DateTimeField(label=label, widget=widget, help_text=help_text, **options)


class SinceForm(forms.Form):
    since = moment("Since", "Your time. Events are kept for 30 days.")
    until = moment("Until", "Your time. Empty: now.", required=False)
    delivered = forms.BooleanField(
        label="Also what was delivered",
        required=False,
        widget=UnfoldBooleanWidget(),
        help_text="When the other side has lost what it had. It comes with the same webhook-id as the first time.",
    )


class SendsSince(OpsAdmin):
    actions_detail = ["since"]

    @action(description="Send again since …", url_path="since", icon="replay")
    def since(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The form; with a POST how many that would be; with the button below that, off they go."""
        one = self.get_object(request, object_id)
        if not isinstance(one, Subscription):
            return HttpResponseRedirect(reverse("admin:notifications_subscription_changelist"))
        if not self.has_change_permission(request, one):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {
            "title": f"What “{one}” has missed",
            "subscription": one,
            "back": self.change_url(one),
        }
        form = SinceForm(request.POST or None, initial={"since": timezone.localtime(likely_since(one))})
        if form.is_valid():
            wanted = Wanted(one, **form.cleaned_data)
            try:
                if "send" in request.POST:
                    return self.sent_since(request, wanted)
                context["number"] = number_since(wanted)
            except CannotSend as cannot:
                form.add_error(None, str(cannot))
        return TemplateResponse(request, "admin/notifications/since.html", context | {"form": form})

    def sent_since(self, request: HttpRequest, wanted: Wanted) -> HttpResponse:
        number = send_since(wanted, timezone.now())
        said = f"{number} webhook{'s' * (number != 1)} will be sent, each lead’s in order."
        self.message_user(request, said, messages.SUCCESS if number else messages.WARNING)
        return HttpResponseRedirect(self.change_url(wanted.subscription))


def likely_since(one: Subscription) -> Any:
    """When it stopped going well."""
    return one.failing_since or one.delivered_at or one.created_at
