"""Tracked links: counted, then on to the campaign's page with what says where the visitor came from."""

from __future__ import annotations

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from leadrouting.intake.attribution import CLICKS, UTM, tracked
from leadrouting.intake.models import Opened
from leadrouting.leads.models import Campaign

BY_CODE = "code"
"""As `via=code`: the link within a QR code."""


@require_GET
def follow(request: HttpRequest, key: str) -> HttpResponse:
    """Only ever to the page that sales ops have set, never to one that the link names."""
    campaign = Campaign.objects.filter(key=key, is_active=True).first()
    if campaign is None:
        raise Http404("There is no campaign here.")
    by_code = request.GET.get("via") == BY_CODE
    count(campaign, by_code=by_code)
    target = campaign.landing_url or request.build_absolute_uri(reverse("intake:form", args=[key]))
    given = [(name, request.GET[name][:200]) for name in (*UTM, *CLICKS) if request.GET.get(name)]
    named = {name for name, _ in given}
    own = [(name, value) for name, value in utm_of(campaign, by_code=by_code) if name not in named]
    answer = HttpResponseRedirect(tracked(target, [*given, *own]))
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer-when-downgrade"
    return answer


def utm_of(campaign: Campaign, *, by_code: bool) -> list[tuple[str, str]]:
    medium = "qr" if by_code else campaign.medium
    return [("utm_source", campaign.source), ("utm_medium", medium), ("utm_campaign", campaign.key)]


def count(campaign: Campaign, *, by_code: bool) -> None:
    today = timezone.now().date()
    if not Opened.objects.filter(campaign=campaign, day=today, by_code=by_code).update(times=F("times") + 1):
        row, is_new = Opened.objects.get_or_create(
            campaign=campaign, day=today, by_code=by_code, defaults={"times": 1}
        )
        if not is_new:
            Opened.objects.filter(pk=row.pk).update(times=F("times") + 1)
