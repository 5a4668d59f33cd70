"""Leads as sales ops see them: whose, why, until when; and what can be done with them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib import admin, messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from leadrouting.assignments.admin.filters import ByQueue, ByRep
from leadrouting.assignments.admin.merging import same_person, to_compare
from leadrouting.assignments.explaining import sentences
from leadrouting.assignments.holding import hold_of
from leadrouting.leads.admin import leads
from leadrouting.leads.models import Lead
from leadrouting.leads.querysets import LeadQuerySet
from leadrouting.sla.admin import acting
from leadrouting.sla.admin.countdown import countdown
from leadrouting.sla.models import Clock

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class ByOwner(ByRep):
    title = "owner"
    parameter_name = "owner"


class Deadline(TypedDict):
    due_at: datetime | None


@admin.register(Lead)
class LeadAdmin(leads.LeadAdmin):
    list_display = [
        "shown",
        "shown_status",
        "whose",
        "time_left",
        "channel",
        "source",
        "country",
        "created_at",
    ]
    list_select_related = ["owner__user", "queue"]
    list_filter = ["status", ByOwner, ByQueue, "channel", "priority"]
    list_filter_submit = True
    list_fullwidth = True
    readonly_fields = ["shown_status", "whose", "time_left", "same_person", "held", "history"]
    actions = ["reroute", "compare", "mark_junk"]
    actions_list = ["try_one", "import_leads"]
    actions_detail = ["reassign", "junk", "try_again"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lead]:
        """With the deadline that runs, looked up for the rows of the page alone."""
        running = Clock.objects.filter(lead=OuterRef("pk"), ended_at=None, wake_at__isnull=False).order_by(
            "due_at"
        )
        leads = super().get_queryset(request).annotate(due_at=Subquery(running.values("due_at")[:1]))
        is_list = request.resolver_match and request.resolver_match.url_name == "leads_lead_changelist"
        return leads.filter(merged_into=None) if is_list else leads

    def get_fieldsets(self, request: HttpRequest, obj: Lead | None = None) -> Any:
        sets = super().get_fieldsets(request, obj)
        if obj is None:
            return sets
        shown = ("shown_status", "whose", "time_left")
        more = ["history"] if obj.owner_id else ["held", "history"]
        if same_person(obj):
            more = ["same_person", *more]
        return [(None, {"fields": [shown, *more]}), *sets]

    @display(description="Lead", ordering="name", header=True)
    def shown(self, lead: Lead) -> list[str]:
        return [str(lead), lead.company if lead.name else ""]

    @display(description="Owner or queue")
    def whose(self, lead: Lead) -> str:
        if lead.owner is None:
            return f"Waits in {lead.queue}"
        link = reverse("admin:teams_rep_change", args=[lead.owner_id])
        return format_html('<a href="{}" class="text-link">{}</a>', link, lead.owner)

    @display(description="Time left", empty_value="–")
    def time_left(self, lead: WithAnnotations[Lead, Deadline]) -> str | None:
        return countdown(lead.due_at, timezone.now()) if lead.due_at else None

    @display(description="Same person")
    def same_person(self, lead: Lead) -> str | None:
        return same_person(lead)

    @display(description="Held", empty_value="No: somebody is asked to take it, or it is being routed")
    def held(self, lead: Lead) -> str | None:
        """Until when it waits for an owner, and why."""
        newest = lead.decisions.defer("facts").first()
        hold = hold_of(lead, newest, timezone.now())
        if hold is None:
            return None
        until = f"Until {timezone.localtime(hold.until):%A %d %B, %H:%M}. " if hold.until else ""
        return f"{until}{hold.why}"

    @display(description="Why, the latest first")
    def history(self, lead: Lead) -> str:
        decisions = list(lead.decisions.select_related("actor").defer("facts")[:20])
        said = sentences(decisions)
        rows = [(decision, said[decision.pk]) for decision in decisions]
        return render_to_string("admin/leads/history.html", {"rows": rows, "lead": lead})

    def response_add(self, request: HttpRequest, obj: Lead, *args: Any, **kwargs: Any) -> HttpResponse:
        """To the lead's page, where its owner is shown: by then it has been routed."""
        if getattr(obj, "was_reopened", False):
            said = f"{obj} was lost not long ago, and goes on with what you entered."
            self.message_user(request, said, messages.INFO)
        elif getattr(obj, "was_joined", False):
            said = f"{obj} is an open lead already. What you entered joined it; it stays with its owner."
            self.message_user(request, said, messages.INFO)
        else:
            self.message_user(request, f"{obj} was received and routed.", messages.SUCCESS)
        return acting.to_page(obj)

    @action(description="Re-route …")
    def reroute(self, request: HttpRequest, queryset: LeadQuerySet) -> HttpResponse | None:
        return acting.reroute(self, request, queryset)

    @action(description="Compare two, and merge …")
    def compare(self, request: HttpRequest, queryset: LeadQuerySet) -> HttpResponse | None:
        chosen = list(queryset[:3])
        if len(chosen) == 2:
            return to_compare(*chosen)
        self.message_user(request, "Choose exactly two leads to compare.", messages.WARNING)
        return None

    @action(description="Mark as junk")
    def mark_junk(self, request: HttpRequest, queryset: LeadQuerySet) -> None:
        acting.mark_junk(self, request, queryset)

    @action(description="Try a lead", url_path="try", icon="science")
    def try_one(self, request: HttpRequest) -> HttpResponse:
        return acting.to_try()

    @action(description="Import leads", url_path="import", icon="upload_file")
    def import_leads(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:intake_importrun_add"))

    @action(description="Reassign", url_path="reassign", icon="person_add", variant=ActionVariant.PRIMARY)
    def reassign(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return acting.ask(self, request, object_id, acting.REASSIGN)

    @action(description="Junk", url_path="junk", icon="delete")
    def junk(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return acting.ask(self, request, object_id, acting.JUNK)

    @action(description="Try again", url_path="try", icon="science")
    def try_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return acting.to_try(object_id)
