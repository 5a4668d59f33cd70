"""The stages of a campaign: on the campaign's page, and what its acknowledgement says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.utils import timezone
from unfold.decorators import display

from leadrouting.common.console import Inline, OpsAdmin
from leadrouting.leads.models import Lead
from leadrouting.leads.normalise import InvalidValue, clean_email, clean_phone
from leadrouting.notifications.admin.filters import WhoSaid
from leadrouting.notifications.models import OptOut, Template, Workflow
from leadrouting.notifications.prospects.acknowledging import Said, around_all, refusal, worded
from leadrouting.notifications.prospects.languages import WORDS
from leadrouting.notifications.prospects.surroundings import Surroundings
from leadrouting.notifications.prospects.words import HOLE, PLACEHOLDERS, problems
from leadrouting.notifications.todo.making import HOLES as TASK_HOLES
from leadrouting.notifications.unwanted import opted_out
from leadrouting.rules.models import Rule
from leadrouting.teams.models import Pool, Queue, Team, User
from leadrouting.teams.snapshot import People, people_now


def names_of_ours() -> set[str]:
    """Names of rules, pools, queues and teams that are not also everyday words."""
    found: set[str] = set()
    for model in (Rule, Pool, Queue, Team):
        found |= {str(name) for name in model._default_manager.values_list("name", flat=True)}
    return {name for name in found if len(name.split()) > 1}


class TemplateForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        own = names_of_ours()
        for name in ("subject", "body", "short"):
            for said in problems(given.get(name) or "", own=own):
                self.add_error(name, said)
        if "{booking_link}" in (given.get("subject") or ""):
            self.add_error(
                "subject", "A link does not belong into a subject: put {booking_link} into the text."
            )
        for name in (given.get("approved_values") or "").split(","):
            if name.strip() and name.strip() not in PLACEHOLDERS:
                self.add_error(
                    "approved_values", f"There is no {name.strip()}. Write {', '.join(PLACEHOLDERS)}."
                )
        if given.get("language") not in WORDS:
            for name in ("subject", "body", "short"):
                if name not in self.errors and not given.get(name):
                    self.add_error(name, "Nothing ships in this language: write it.")
        return given


class TemplateInline(Inline):
    model = Template
    form = TemplateForm
    verbose_name_plural = "Texts of your own, by language; without one what ships is sent"


TASK_FIELDS = ("task_title", "task_within")
"""Empty: what ships."""


class WorkflowForm(forms.ModelForm):
    def clean_reply_to(self) -> str:
        address = str(self.cleaned_data["reply_to"]).lower()
        if address and User.objects.filter(email__iexact=address).exists():
            raise ValidationError("This is somebody’s own inbox: name a mailbox of the company.")
        return address

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in TASK_FIELDS:
            self.fields[name].required = False

    def clean_task_within(self) -> timedelta:
        given: timedelta | None = self.cleaned_data["task_within"]
        return Workflow._meta.get_field("task_within").get_default() if given is None else given

    def clean_task_title(self) -> str:
        title = str(self.cleaned_data["task_title"] or Workflow._meta.get_field("task_title").get_default())
        if wrong := [name for name in HOLE.findall(title) if name not in TASK_HOLES]:
            known = ", ".join(f"{{{one}}}" for one in TASK_HOLES)
            raise ValidationError(f"There is no {{{wrong[0]}}} for a task. You can write: {known}.")
        return title

    def clean_our_name(self) -> str:
        name = str(self.cleaned_data["our_name"])
        if problems(name):
            raise ValidationError(" ".join(problems(name)))
        return name


@admin.register(Workflow)
class WorkflowAdmin(OpsAdmin):
    form = WorkflowForm
    list_display = ["campaign", "tells", "acks", "asks", "language"]
    list_select_related = ["campaign"]
    inlines = [TemplateInline]
    readonly_fields = ["always", "holes"]
    autocomplete_fields = ["campaign"]
    search_fields = ["campaign__name"]
    fieldsets = [
        (None, {"fields": ["campaign", "always"]}),
        ("Tell the team", {"fields": ["tells_team"]}),
        ("Tasks on assignment", {"fields": ["gives_task", ("task_title", "task_within")]}),
        (
            "Acknowledge to the prospect",
            {
                "fields": [
                    ("acknowledges", "needs_consent"),
                    "ways",
                    ("language", "our_name"),
                    ("phone", "reply_to"),
                    "holes",
                ]
            },
        ),
        ("Booking link", {"fields": ["offers_meeting", ("meeting_score", "meeting_urgency")]}),
    ]
    conditional_fields = dict.fromkeys(
        ("meeting_score", "meeting_urgency"), "offers_meeting == true"
    ) | dict.fromkeys(TASK_FIELDS, "gives_task == true")
    change_form_after_template = "admin/notifications/workflow_preview.html"

    def get_readonly_fields(self, request: HttpRequest, obj: Workflow | None = None) -> list[str]:
        return [*self.readonly_fields, *(["campaign"] if obj else [])]

    def get_urls(self) -> list[URLPattern | URLResolver]:
        view = self.admin_site.admin_view(self.preview)
        return [
            path("<int:pk>/preview/", view, name="notifications_workflow_preview"),
            *super().get_urls(),
        ]

    @display(description="Always")
    def always(self, workflow: Workflow) -> str:
        return "Assignment and tracking: each lead gets its owner, and its clocks run."

    @display(description="What texts can say")
    def holes(self, workflow: Workflow) -> str:
        return "; ".join(f"{{{name}}}: {what}" for name, what in PLACEHOLDERS.items())

    @display(description="Team", label={"Told": "success", "Not told": "warning"})
    def tells(self, workflow: Workflow) -> str:
        return "Told" if workflow.tells_team else "Not told"

    @display(description="Prospect", label={"Acknowledged": "success", "Not written to": "info"})
    def acks(self, workflow: Workflow) -> str:
        return "Acknowledged" if workflow.acknowledges else "Not written to"

    @display(description="Consent")
    def asks(self, workflow: Workflow) -> str:
        return "Asked for" if workflow.needs_consent else "Not asked for"

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What the newest leads of the campaign would be sent right now, and in every language."""
        workflow = (
            Workflow.objects.select_related("campaign").prefetch_related("templates").filter(pk=pk).first()
        )
        if workflow is None:
            raise Http404
        leads = list(Lead.objects.filter(campaign=workflow.campaign_id).order_by("-created_at")[:5])
        now, people = timezone.now(), people_now()
        around = around_all([(one, workflow) for one in leads], people)
        out = opted_out(lead.email for lead in leads)
        sample = leads[0] if leads else Lead(name="Jane Doe", company="Acme")
        languages = sorted({*WORDS, *(one.language for one in workflow.templates.all())})
        context = self.admin_site.each_context(request) | {
            "title": f"What {workflow.campaign} says",
            "workflow": workflow,
            "leads": [
                (one, worded(one, workflow, people, now, around), refusal(one, workflow, out))
                for one in leads
            ],
            "languages": [
                (code, in_language(sample, code, workflow, people, now, around)) for code in languages
            ],
        }
        return TemplateResponse(request, "admin/notifications/preview.html", context)


def in_language(
    lead: Lead, code: str, workflow: Workflow, people: People, now: datetime, around: Surroundings
) -> Said:
    was, lead.language = lead.language, code
    try:
        return worded(lead, workflow, people, now, around)
    finally:
        lead.language = was


class OptOutForm(forms.ModelForm):
    def clean_address(self) -> str:
        """As leads hold it: an e-mail in small letters, a phone number in the international form."""
        said = str(self.cleaned_data["address"]).strip()
        try:
            return clean_email(said) if "@" in said else clean_phone(said, "")[0]
        except InvalidValue as error:
            raise ValidationError(str(error)) from None


@admin.register(OptOut)
class OptOutAdmin(OpsAdmin):
    """Taking an address off the list is deleting it."""

    form = OptOutForm

    list_display = ["address", "who", "how", "at"]
    list_select_related = ["by"]
    list_filter = [WhoSaid]
    list_filter_submit = True
    search_fields = ["address", "how"]
    readonly_fields = ["by", "at"]
    fieldsets = [(None, {"fields": ["address", "how", ("by", "at")]})]

    @display(description="Who said so", ordering="by")
    def who(self, one: OptOut) -> str:
        return str(one.by or "The prospect")

    def save_model(self, request: HttpRequest, obj: OptOut, form: Any, change: bool) -> None:
        if not change:
            obj.by, obj.at = request.user, timezone.now()  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
