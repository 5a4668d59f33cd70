"""Mailboxes that are read for leads, as sales ops connect them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.forms import CharField, ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget

from leadrouting.common.console import OpsAdmin
from leadrouting.intake.mail.reading import read_now, tried
from leadrouting.intake.mail.server import Unreachable
from leadrouting.intake.models import Delivery, Mailbox

COLOURS = {"Read": "success", "New": "info", "Cannot be read": "danger", "Off": "warning"}
WRONG_PORTS = ((Mailbox.Security.TLS, 143), (Mailbox.Security.STARTTLS, 993))
"""The port that belongs to the other kind of security."""


class MailboxForm(ModelForm):
    password = CharField(
        max_length=200,
        required=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=f"{Mailbox._meta.get_field('password').help_text} Empty: the one that is stored stays.",
    )
    own_addresses = SimpleArrayField(
        CharField(max_length=254),
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=str(Mailbox._meta.get_field("own_addresses").help_text),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.stored = self.instance.password
        self.initial.pop("password", None)
        if "password" in self.fields:
            self.fields["password"].widget.attrs["placeholder"] = "Stored" if self.stored else "None"

    def clean_password(self) -> str:
        given = self.cleaned_data["password"] or self.stored
        if not given:
            raise ValidationError("Enter the password: without it nothing can be read.")
        return str(given)

    def clean_own_addresses(self) -> list[str]:
        found = [one.strip().lower() for one in self.cleaned_data["own_addresses"] or [] if one.strip()]
        for one in found:
            try:
                validate_email(f"any{one}" if one.startswith("@") else one)
            except ValidationError:
                raise ValidationError(
                    f"“{one}” is neither an address nor a domain: write sales@example.com, or @example.com for all of a domain."
                ) from None
        return found

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        security, port = given.get("security"), given.get("port")
        if (security, port) in WRONG_PORTS:
            self.add_error("port", "Port 993 is for TLS from the start, 143 for STARTTLS.")
        return given


@admin.register(Mailbox)
class MailboxAdmin(OpsAdmin):
    form = MailboxForm
    list_display = ["name", "username", "host", "campaign", "state", "shown_last_read", "is_active"]
    list_select_related = ["campaign"]
    search_fields = ["name", "username", "host"]
    readonly_fields = ["state", "shown_last_read", "last_error", "mails"]
    fieldsets = [
        (None, {"fields": [("name", "campaign"), "is_active"]}),
        (
            "Server",
            {"fields": [("host", "port"), "security", ("username", "password"), "folder"]},
        ),
        ("Who is who", {"fields": ["own_addresses", "reports_as"]}),
        ("How it goes", {"fields": [("state", "shown_last_read"), "last_error", "mails"]}),
    ]
    actions_submit_line = ["save_and_test", "save_and_read"]
    keep_because = "Switch it off instead: what came by it is kept."

    @display(description="State", label=COLOURS)
    def state(self, mailbox: Mailbox) -> str:
        if not mailbox.is_active:
            return "Off"
        if mailbox.last_error:
            return "Cannot be read"
        return "Read" if mailbox.last_read_at else "New"

    @display(description="Last read")
    def shown_last_read(self, mailbox: Mailbox) -> str:
        return str(naturaltime(mailbox.last_read_at)) if mailbox.last_read_at else "Not yet"

    @display(description="Mails")
    def mails(self, mailbox: Mailbox) -> str | SafeString:
        if mailbox.pk is None:
            return "It reads what comes from the first look on. What lies there already is left alone."
        number = Delivery.objects.filter(mailbox=mailbox).count()
        address = f"{reverse('admin:intake_delivery_changelist')}?mailbox__id__exact={mailbox.pk}"
        return format_html('<a class="text-link" href="{}">{} that came by it</a>', address, f"{number:,}")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """A new one can be tried as well."""
        buttons = {"actions_submit_line": self.get_actions_submit_line(request, 0)}
        return super().add_view(request, form_url, {**(extra_context or {}), **buttons})

    def response_post_save_add(self, request: HttpRequest, obj: Mailbox) -> HttpResponse:
        return self.stays(request, obj) or super().response_post_save_add(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Mailbox) -> HttpResponse:
        return self.stays(request, obj) or super().response_post_save_change(request, obj)

    def stays(self, request: HttpRequest, obj: Mailbox) -> HttpResponse | None:
        """Who tries it wants to see what came of it."""
        if any(name.endswith(tuple(self.actions_submit_line)) for name in request.POST):
            return HttpResponseRedirect(reverse("admin:intake_mailbox_change", args=[obj.pk]))
        return None

    @action(description="Save and test")
    def save_and_test(self, request: HttpRequest, obj: Mailbox) -> None:
        """When the form has been saved: nobody waits for a mail server with a transaction open."""
        transaction.on_commit(lambda: self.message_user(request, *said_of_test(obj)))

    @action(description="Save and read now")
    def save_and_read(self, request: HttpRequest, obj: Mailbox) -> None:
        transaction.on_commit(lambda: self.message_user(request, *said_of_reading(obj)))


def said_of_test(mailbox: Mailbox) -> tuple[str, int]:
    try:
        return tried(mailbox), messages.SUCCESS
    except Unreachable as error:
        return str(error), messages.ERROR


def said_of_reading(mailbox: Mailbox) -> tuple[str, int]:
    is_first = mailbox.validity is None
    number = read_now(mailbox, timezone.now())
    mailbox.refresh_from_db()
    if mailbox.last_error:
        return mailbox.last_error, messages.ERROR
    if is_first:
        said = "It can be read. What comes from now on becomes leads; what lies there already is left alone."
        return said, messages.SUCCESS
    if not number:
        return "No new mail.", messages.SUCCESS
    return (
        f"{number} new mail{'s' * (number != 1)}. Look under deliveries what became of it.",
        messages.SUCCESS,
    )
