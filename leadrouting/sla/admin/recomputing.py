"""The page on which sales ops let open clocks follow what has changed."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from leadrouting.common.console import OpsAdmin
from leadrouting.sla import recomputing
from leadrouting.teams.auth import caller

SHOWN = 100


def recompute_page(admin: OpsAdmin, request: HttpRequest) -> HttpResponse:
    if not admin.has_change_permission(request):
        raise PermissionDenied
    now = timezone.now()
    if request.method == "POST":
        try:
            done = recomputing.apply(by=caller(request), seen=request.POST.get("seen", ""), now=now)
        except recomputing.Outdated as outdated:
            admin.message_user(request, str(outdated), messages.WARNING)
            return HttpResponseRedirect(request.path)
        clocks = "1 clock follows" if done == 1 else f"{done:,} clocks follow"
        admin.message_user(request, f"{clocks} what is valid now.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:sla_policy_changelist"))
    changes = recomputing.preview()
    context = {
        **admin.admin_site.each_context(request),
        "title": "Recompute open clocks",
        "changes": changes[:SHOWN],
        "more": max(0, len(changes) - SHOWN),
        "total": len(changes),
        "overdue": sum(one.due_at is not None and one.due_at <= now < one.clock.due_at for one in changes),
        "ended": sum(one.due_at is None for one in changes),
        "seen": recomputing.sight(changes),
    }
    return TemplateResponse(request, "admin/sla/recompute.html", context)
