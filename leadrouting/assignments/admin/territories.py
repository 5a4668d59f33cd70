"""Territories with the leads they hold: figures in the list, overlaps and gaps, and what follows a new owner."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.decorators import action, display

from leadrouting.assignments import handover
from leadrouting.assignments.errors import Refused
from leadrouting.assignments.insight import belonging, territories
from leadrouting.assignments.insight.past import past_leads
from leadrouting.teams.admin import territories as base
from leadrouting.teams.admin.territory_fields import shortened
from leadrouting.teams.models import Territory, User
from leadrouting.teams.snapshot import people_now

MONTH = timedelta(days=30)
SHOWN = 50


@admin.register(Territory)
class TerritoryAdmin(base.TerritoryAdmin):
    list_display = [*base.TerritoryAdmin.list_display, "open_leads", "last_30_days"]
    actions_list = ["show_overlaps"]
    actions_detail = ["show_leads"]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        found = super().get_changelist_instance(request)
        codes = [row.code for row in found.result_list]
        opened = belonging.open_leads(codes)
        recent = belonging.leads_since(codes, timezone.now() - MONTH)
        for row in found.result_list:
            row.open_leads, row.recent_leads = opened.get(row.code, 0), recent.get(row.code, 0)
        return found

    @display(description="Open leads")
    def open_leads(self, territory: Any) -> str:
        return f"{territory.open_leads:,}" if territory.open_leads else "–"

    @display(description="Last 30 days")
    def last_30_days(self, territory: Any) -> str:
        return f"{territory.recent_leads:,}" if territory.recent_leads else "–"

    def get_urls(self) -> list[URLPattern | URLResolver]:
        view = self.admin_site.admin_view
        return [
            path("overlaps/", view(partial(overlaps_page, self)), name="teams_territory_overlaps"),
            path("<int:key>/leads/", view(partial(leads_page, self)), name="teams_territory_leads"),
            *super().get_urls(),
        ]

    @action(description="Overlaps and gaps", url_path="look", icon="join_inner")
    def show_overlaps(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:teams_territory_overlaps"))

    @action(description="Open leads for other owners", url_path="open", icon="move_up")
    def show_leads(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:teams_territory_leads", args=[object_id]))

    def response_add(self, request: HttpRequest, obj: Territory, post_url_continue: Any = None) -> Any:
        self.tell_moves(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Territory) -> HttpResponse:
        self.tell_moves(request, obj)
        return super().response_change(request, obj)

    def tell_moves(self, request: HttpRequest, obj: Territory) -> None:
        """A new owner gets the next lead. The open ones stay where they are unless somebody chooses otherwise."""
        found = handover.moves(obj.code, timezone.now())
        if found and IS_POPUP_VAR not in request.POST:
            said = format_html(
                "{} open lead{} of “{}” would now go to somebody else. They stay where they are. <a href='{}'>Look at them</a>",
                len(found),
                "s" * (len(found) != 1),
                obj,
                reverse("admin:teams_territory_leads", args=[obj.pk]),
            )
            self.message_user(request, said, messages.WARNING)


def overlaps_page(here: TerritoryAdmin, request: HttpRequest) -> HttpResponse:
    if not here.has_view_permission(request):
        raise PermissionDenied
    atlas, leads = people_now().atlas, past_leads(territories.LEADS)
    rows = {row.code: row for row in Territory.objects.only("pk", "code", "name")}
    clashes = [
        (rows[one.one], rows[one.two], one)
        for one in territories.clashes(atlas, leads)
        if one.one in rows and one.two in rows
    ]
    outside: dict[str, list[str]] = {}
    for found in territories.known(atlas.tree).outside:
        outside.setdefault(found.node, []).append(found.said)
    context = {
        **here.admin_site.each_context(request),
        "title": "Overlaps and gaps of territories",
        "clashes": clashes[:SHOWN],
        "more_clashes": len(clashes) - SHOWN,
        "outside": [(rows[code], shortened(said)) for code, said in outside.items() if code in rows],
        "gaps": territories.gaps(atlas, leads)[:SHOWN] if rows else [],
        "territories": len(rows),
        "leads": len(leads),
    }
    return TemplateResponse(request, "admin/assignments/overlaps.html", context)


def leads_page(here: TerritoryAdmin, request: HttpRequest, key: int) -> HttpResponse:
    territory = Territory.objects.filter(pk=key).first()
    if territory is None:
        raise Http404("There is no such territory.")
    if not here.has_change_permission(request, territory):
        raise PermissionDenied
    if request.method == "POST":
        return done(here, request, territory)
    found = handover.moves(territory.code, timezone.now())
    context = {
        **here.admin_site.each_context(request),
        "title": f"Open leads of “{territory}” for other owners",
        "territory": territory,
        "moves": found[:SHOWN],
        "total": len(found),
        "more": len(found) - SHOWN,
        "undo": request.GET.get("undo", ""),
        "back": here.change_url(territory),
    }
    return TemplateResponse(request, "admin/assignments/handover.html", context)


def done(here: TerritoryAdmin, request: HttpRequest, territory: Territory) -> HttpResponse:
    by, now = cast(User, request.user), timezone.now()
    page, query = reverse("admin:teams_territory_leads", args=[territory.pk]), ""
    ticked = request.POST.getlist("shown" if "every" in request.POST else "lead")
    chosen = {int(key) for key in ticked if key.isdecimal()}
    try:
        if token := request.POST.get("undo", ""):
            moved, said = handover.undo(token, by=by, now=now), "{} went back to who had {}."
        else:
            moved, said = (
                handover.hand_over(territory.code, chosen, by=by, now=now),
                "{} moved. Whoever got {} has been told.",
            )
            query = f"?undo={moved.undo}" if moved.undo else ""
    except Refused as why:
        here.message_user(request, str(why), messages.ERROR)
        return HttpResponseRedirect(page)
    if moved.leads:
        leads = f"{moved.leads} lead{'s' * (moved.leads != 1)}"
        here.message_user(request, said.format(leads, "them" if moved.leads > 1 else "it"), messages.SUCCESS)
    elif not moved.refused:
        here.message_user(
            request, "No lead was chosen, so none has moved. Tick those that shall move.", messages.WARNING
        )
    for refusal in moved.refused[:5]:
        here.message_user(request, refusal, messages.WARNING)
    return HttpResponseRedirect(page + query)
