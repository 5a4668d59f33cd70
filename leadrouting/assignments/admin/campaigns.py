"""Campaigns (registered in `intake`, which knows their forms), with the leads of theirs that were left to people, and the way to route those after all."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.decorators import action, display

from leadrouting.assignments.services import left_to_people, route_waiting_of
from leadrouting.leads.admin import origins
from leadrouting.leads.enums import WAITING
from leadrouting.leads.models import Campaign

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Waiting(TypedDict):
    waiting: int


class CampaignAdmin(origins.CampaignAdmin):
    list_display = [*origins.CampaignAdmin.list_display, "routing", "shown_waiting"]
    list_filter = [*origins.CampaignAdmin.list_filter, "is_routed"]
    actions_detail = ["route_waiting"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        waits = Q(leads__owner=None, leads__status__in=WAITING)
        return super().get_queryset(request).annotate(waiting=Count("leads", filter=waits))

    @display(description="Routing", label={"On": "success", "By hand": "warning"}, ordering="is_routed")
    def routing(self, campaign: Campaign) -> str:
        return "On" if campaign.is_routed else "By hand"

    @display(description="Waiting", ordering="waiting")
    def shown_waiting(self, campaign: WithAnnotations[Campaign, Waiting]) -> str:
        return str(campaign.waiting or "")

    def response_post_save_change(self, request: HttpRequest, obj: Campaign) -> HttpResponse:
        """Switching routing on moves nothing by itself: it says what waits, and stays on the page with the button."""
        left = left_to_people(obj.pk).count() if obj.is_routed else 0
        if not left:
            return super().response_post_save_change(request, obj)
        said = "{} that came while routing was off still wait{}. “Route those that wait”, above, gives them to reps."
        leads = f"{left} lead{'s' * (left != 1)}"
        self.message_user(request, format_html(said, leads, "s" * (left == 1)), messages.WARNING)
        return HttpResponseRedirect(self.change_url(obj))

    @action(description="Route those that wait", url_path="route-waiting", icon="alt_route")
    def route_waiting(self, request: HttpRequest, object_id: str) -> HttpResponse:
        campaign = self.get_object(request, object_id)
        if campaign is None:
            return HttpResponseRedirect(reverse("admin:leads_campaign_changelist"))
        if not self.has_change_permission(request, campaign):
            raise PermissionDenied
        if request.method == "POST":
            return self.routed(request, campaign)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Leads of “{campaign}” that wait",
            "campaign": campaign,
            "left": left_to_people(campaign.pk).count(),
            "back": self.change_url(campaign),
        }
        return TemplateResponse(request, "admin/assignments/route_waiting.html", context)

    def routed(self, request: HttpRequest, campaign: Campaign) -> HttpResponse:
        done = route_waiting_of(campaign.pk, timezone.now())
        if done:
            said = f"{done} lead{'s' * (done != 1)} of “{campaign}” went through the rules. Their pages say where to."
        else:
            said = f"No lead of “{campaign}” waits for somebody to give it out."
        self.message_user(request, said, messages.SUCCESS if done else messages.INFO)
        return HttpResponseRedirect(self.change_url(campaign))
