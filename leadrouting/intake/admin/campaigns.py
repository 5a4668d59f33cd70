"""Campaigns, with their form, their tracked link and its QR code."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import segno
from django.contrib import admin
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from unfold.decorators import action

from leadrouting.assignments.admin import campaigns
from leadrouting.intake.models import Form, Opened
from leadrouting.intake.views.links import BY_CODE
from leadrouting.leads.models import Campaign
from leadrouting.notifications.models import Workflow

DAYS = 30
KINDS = {"svg": "image/svg+xml", "png": "image/png"}


@admin.register(Campaign)
class CampaignAdmin(campaigns.CampaignAdmin):
    actions_detail = [*campaigns.CampaignAdmin.actions_detail, "form_of", "link", "workflow"]

    @action(description="Form", url_path="form", icon="dynamic_form")
    def form_of(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """To its form; to a new one, with the campaign chosen, where there is none."""
        campaign = self.get_object(request, object_id)
        known = Form.objects.filter(campaign=campaign).values_list("pk", flat=True).first()
        if known is not None:
            return HttpResponseRedirect(reverse("admin:intake_form_change", args=[known]))
        return HttpResponseRedirect(f"{reverse('admin:intake_form_add')}?campaign={object_id}")

    @action(description="Workflow", url_path="workflow", icon="account_tree")
    def workflow(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """To what happens around its leads; to a new one, with the campaign chosen, where there is none."""
        known = Workflow.objects.filter(campaign__pk=object_id).values_list("pk", flat=True).first()
        if known is not None:
            return HttpResponseRedirect(reverse("admin:notifications_workflow_change", args=[known]))
        return HttpResponseRedirect(f"{reverse('admin:notifications_workflow_add')}?campaign={object_id}")

    @action(description="Link and QR code", url_path="link", icon="qr_code_2")
    def link(self, request: HttpRequest, object_id: str) -> HttpResponse:
        campaign = self.get_object(request, object_id)
        if campaign is None:
            return HttpResponseRedirect(reverse("admin:leads_campaign_changelist"))
        address = request.build_absolute_uri(reverse("intake:go", args=[campaign.key]))
        code = segno.make(f"{address}?via={BY_CODE}", error="m", micro=False)
        if (kind := request.GET.get("as", "")) in KINDS:
            return drawn(code, kind, campaign)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Link of “{campaign}”",
            "campaign": campaign,
            "address": address,
            "code": mark_safe(code.svg_inline(scale=6, border=2, light="white", omitsize=True)),  # noqa: S308
            "opened": opened(campaign),
            "days": DAYS,
            "has_form": Form.objects.filter(campaign=campaign, is_open=True).exists(),
            "back": self.change_url(campaign),
        }
        return TemplateResponse(request, "admin/intake/link.html", context)


def drawn(code: segno.QRCode, kind: str, campaign: Campaign) -> HttpResponse:
    file = BytesIO()
    code.save(file, kind=kind, scale=12, border=4)
    answer = HttpResponse(file.getvalue(), content_type=KINDS[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="{campaign.key}.{kind}"'
    return answer


def opened(campaign: Campaign) -> dict[str, int]:
    """Of the last DAYS days: by the link, by the code."""
    since = timezone.now().date() - timedelta(days=DAYS)
    rows = Opened.objects.filter(campaign=campaign, day__gt=since).order_by().values_list("by_code")
    counted = dict(rows.annotate(times=Sum("times")))
    return {"link": counted.get(False, 0), "code": counted.get(True, 0)}
