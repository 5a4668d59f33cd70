"""What arrived, what became of it, and the way to put right what was not understood."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin, messages
from django.db.models import Prefetch, QuerySet
from django.forms import CharField, ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextareaWidget

from leadrouting.common.console import OpsAdmin
from leadrouting.intake.deliveries import dismiss, run_again
from leadrouting.intake.models import Delivery, Item

State = Delivery.State
COLOURS = {
    State.RECEIVED.label: "info",
    State.DONE.label: "success",
    State.FAILED.label: "danger",
    State.DISMISSED.label: "warning",
}


class DeliveryForm(ModelForm):
    """Saving it runs it again, with the body as it is then."""

    text = CharField(
        label="What it says",
        required=False,
        strip=False,
        widget=UnfoldAdminTextareaWidget({"rows": 24, "spellcheck": "false", "class": "lr-code"}),
        help_text="Put it right and press “Save”: it is run again. What came stays as it was, below.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial["text"] = self.instance.mended or written(self.instance)


def written(delivery: Delivery) -> str:
    return bytes(delivery.body).decode("utf-8", "replace")


def laid_out(told: str) -> str:
    """JSON in lines; anything else as it is."""
    try:
        return json.dumps(json.loads(told), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return told


def line(item: Item) -> SafeString:
    result = item.get_outcome_display()
    if item.lead is None:
        said = f": {item.reason}" if item.reason else ""
        return format_html('<span title="{}">{}</span>{}', item.key, result, said)
    address = reverse("admin:leads_lead_change", args=[item.lead.pk])
    return format_html(
        '{}: <a class="text-link" href="{}">{}</a> {}', result, address, item.lead, item.reason
    )


@admin.register(Delivery)
class DeliveryAdmin(OpsAdmin):
    form = DeliveryForm
    list_display = ["__str__", "shown_state", "connection", "campaign", "came_of_it", "received_at"]
    list_select_related = ["connection", "mailbox", "campaign"]
    list_filter = ["state", "kind", "mailbox"]
    actions = ["again", "set_aside"]
    actions_submit_line = ["run_this_again", "set_this_aside"]
    readonly_fields = [
        *("shown_state", "reason", "came_of_it", "kind", "connection", "mailbox", "campaign", "received_at"),
        *("attempts", "work_at", "done_at", "shown_headers", "shown_body"),
    ]
    fieldsets = [
        (None, {"fields": [("kind", "shown_state"), "reason", "came_of_it"]}),
        ("Put it right", {"fields": ["text"]}),
        (
            "As it came",
            {"fields": [("connection", "mailbox", "campaign"), "received_at", "shown_headers", "shown_body"]},
        ),
        ("Work on it", {"fields": [("attempts", "work_at", "done_at")]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        items = Prefetch("items", Item.objects.select_related("lead"))
        return super().get_queryset(request).prefetch_related(items)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description="State", label=COLOURS, ordering="state")
    def shown_state(self, delivery: Delivery) -> str:
        return delivery.get_state_display()

    @display(description="What came of it")
    def came_of_it(self, delivery: Delivery) -> str | SafeString:
        items = list(delivery.items.all())
        if not items:
            return delivery.reason[:120] or (
                "Nothing to do" if delivery.state == State.DONE else "Nothing yet"
            )
        return format_html_join("", "<div>{}</div>", ((line(item),) for item in items[:5]))

    @display(description="Headers")
    def shown_headers(self, delivery: Delivery) -> str | SafeString:
        told = [(name, value) for name, value in delivery.headers.items() if "signature" not in name]
        return format_html_join("", "<div>{}: {}</div>", told) or "None that say anything."

    @display(description="Body")
    def shown_body(self, delivery: Delivery) -> SafeString:
        return format_html('<pre class="lr-code">{}</pre>', laid_out(written(delivery)))

    def save_model(self, request: HttpRequest, obj: Delivery, form: Any, change: bool) -> None:
        if any(name.endswith("set_this_aside") for name in request.POST):
            self.set_this_aside(request, obj)
            return
        run_again(obj.pk, timezone.now(), form.cleaned_data["text"].replace("\r\n", "\n"))
        self.message_user(request, "It is run again; look again in a moment.")

    @action(description="Run again")
    def run_this_again(self, request: HttpRequest, obj: Delivery) -> None:
        """As “Save”: it has been run again by then, with the body as it stands."""

    @action(description="Set aside")
    def set_this_aside(self, request: HttpRequest, obj: Delivery) -> None:
        self.set_aside(request, Delivery.objects.filter(pk=obj.pk))

    @action(description="Run again")
    def again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        chosen = list(queryset.values_list("pk", flat=True))
        for pk in chosen:
            run_again(pk, timezone.now())
        self.message_user(request, f"Run again: {len(chosen)}.")

    @action(description="Set aside")
    def set_aside(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        """Only what needs a look: the rest is done, or will be."""
        waiting = list(queryset.filter(state=State.FAILED))
        for one in waiting:
            dismiss(one, one.reason or "Set aside.", timezone.now())
        level = messages.SUCCESS if waiting else messages.WARNING
        self.message_user(request, f"Set aside: {len(waiting)}. Only those that need a look can be.", level)
