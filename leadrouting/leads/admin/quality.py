"""Data quality: what is blank, odd and mistagged, by source, and the way to put it right in many leads at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget, UnfoldBooleanSwitchWidget

from leadrouting.common.console import ReadOnly
from leadrouting.common.places import COUNTRIES
from leadrouting.leads import mending
from leadrouting.leads.models import Mending, Source, Suspect
from leadrouting.leads.quality import GROUPS, KINDS, TO_DO, WORDS, leads_with, look
from leadrouting.leads.sources import folded, known_names, learn
from leadrouting.teams.auth import caller

SPANS = {30: "30 days", 90: "90 days", 365: "a year"}
SHOWN = 50
"""Rows of a table on one page."""


class SourceChoice(forms.Form):
    """These leads come from a source that is known. Others with the source that they had may well be right."""

    source = forms.ModelChoiceField(
        Source.objects.all(), to_field_name="key", label="They come from", widget=UnfoldAdminSelectWidget
    )


class SourceNaming(SourceChoice):
    """All leads of a source that nobody has named: the name can be learnt."""

    learn = forms.BooleanField(
        label="Take what comes under this name for that source from now on",
        required=False,
        initial=True,
        widget=UnfoldBooleanSwitchWidget,
    )


class CountryChoice(forms.Form):
    country = forms.CharField(
        label="Read them as numbers of",
        min_length=2,
        max_length=2,
        widget=UnfoldAdminTextInputWidget,
        help_text="Two letters, e.g. DE.",
    )

    def clean_country(self) -> str:
        code = str(self.cleaned_data["country"]).upper()
        if code not in COUNTRIES:
            raise forms.ValidationError(f"There is no country “{code}”: write two letters, e.g. DE.")
        return code


FORMS: dict[str, type[forms.Form]] = {
    "unknown_source": SourceNaming,
    "no_source": SourceChoice,
    "not_utm": SourceChoice,
    "bad_phone": CountryChoice,
}
PLAIN = {
    "not_the_campaigns": ("Give them their campaign’s source", mending.to_campaigns_source),
    "name_is_an_address": ("Empty the name", mending.blanked("name")),
}


@admin.register(Mending)
class MendingAdmin(ReadOnly):
    """What was put right, with the way back; and, at `quality/`, what could be."""

    list_display = ["says", "leads", "by", "at", "state"]
    list_select_related = ["by"]
    actions = ["undo"]
    fieldsets = [(None, {"fields": ["says", ("by", "at"), ("leads", "undone_at")]})]

    def get_urls(self) -> list[URLPattern | URLResolver]:
        view = self.admin_site.admin_view
        return [
            path("quality/", view(self.quality), name="leads_mending_quality"),
            path("quality/<slug:kind>/", view(self.kind), name="leads_mending_kind"),
            *super().get_urls(),
        ]

    @display(description="State", label={"Done": "success", "Undone": "warning"})
    def state(self, one: Mending) -> str:
        return "Undone" if one.undone_at else "Done"

    @action(description="Undo")
    def undo(self, request: HttpRequest, queryset: Any) -> None:
        for one in queryset.filter(undone_at=None):
            back, stay = mending.undo(one, timezone.now())
            left = f" {stay} have been changed since and stay as they are." if stay else ""
            self.message_user(
                request, f"{one}: undone for {back} lead{'s' * (back != 1)}.{left}", messages.SUCCESS
            )

    def quality(self, request: HttpRequest) -> HttpResponse:
        days = days_of(request)
        rows = look(timezone.now(), timedelta(days=days))
        page = page_of(request)
        context = self.admin_site.each_context(request) | {
            "title": "Data quality",
            "rows": rows[SHOWN * (page - 1) : SHOWN * page],
            "any": bool(rows),
            "more": pages(request, page, len(rows)),
            "groups": [(name, [(kind, WORDS[kind]) for kind in kinds]) for name, kinds in GROUPS],
            "totals": totals(rows),
            "days": days,
            "spans": SPANS,
            "suspects": Suspect.objects.filter(state=Suspect.State.OPEN).count(),
            "mendings": Mending.objects.select_related("by")[:5],
        }
        return TemplateResponse(request, "admin/leads/quality.html", context)

    def kind(self, request: HttpRequest, kind: str) -> HttpResponse:
        if kind not in KINDS:
            raise Http404
        days, source = days_of(request), request.GET.get("source")
        leads = leads_with(kind, timezone.now(), timedelta(days=days), source)
        page, number = page_of(request), leads.count()
        form = FORMS[kind](request.POST or None, initial=guess(source)) if kind in FORMS else None
        context = self.admin_site.each_context(request) | {
            "title": WORDS[kind],
            "leads": leads.select_related("campaign", "owner__user")[SHOWN * (page - 1) : SHOWN * page],
            "number": number,
            "more": pages(request, page, number),
            "to_do": TO_DO.get(kind, ""),
            "kind": kind,
            "form": form,
            "plain": PLAIN.get(kind, ("",))[0],
            "source": source,
            "days": days,
            "back": f"{reverse('admin:leads_mending_quality')}?days={days}",
        }
        can_mend = form.is_valid() if form else kind in PLAIN
        if request.method == "POST" and can_mend:
            change, says = change_of(kind, form.cleaned_data if form else {}, source)
            if "do" in request.POST:
                return self.done(request, leads, change, says, form, context["back"])
            context["would"], context["first"] = mending.preview(leads, change)
            context["says"] = says
        return TemplateResponse(request, "admin/leads/quality_kind.html", context)

    def done(
        self, request: HttpRequest, leads: Any, change: mending.Change, says: str, form: Any, back: str
    ) -> HttpResponse:
        made = mending.mend(leads, change, says, caller(request), timezone.now())
        given = form.cleaned_data if form else {}
        if given.get("learn") and (name := request.GET.get("source")):
            learn(given["source"], name)
        number = f"{made.leads} lead{'s' * (made.leads != 1)}"
        self.message_user(request, f"{says}: {number}. It can be undone under “Put right”.", messages.SUCCESS)
        return HttpResponseRedirect(back)


def days_of(request: HttpRequest) -> int:
    wanted = request.GET.get("days", "")
    return int(wanted) if wanted.isdecimal() and int(wanted) in SPANS else 30


def page_of(request: HttpRequest) -> int:
    wanted = request.GET.get("page", "")
    return max(1, int(wanted)) if wanted.isdecimal() and len(wanted) < 7 else 1


def pages(request: HttpRequest, page: int, number: int) -> dict[str, Any]:
    """How many rows come after this page, and the ways to them and back."""

    def address(to: int) -> str:
        asked = request.GET.copy()
        asked["page"] = str(to)
        return f"?{asked.urlencode()}"

    rest = max(0, number - SHOWN * page)
    return {
        "rest": rest,
        "next": address(page + 1) if rest else "",
        "before": address(page - 1) if page > 1 else "",
    }


def totals(rows: Any) -> dict[str, int]:
    return {kind: sum(row.counts[kind] for row in rows) for kind in KINDS} | {
        "leads": sum(row.leads for row in rows)
    }


def guess(source: str | None) -> dict[str, str]:
    """A known source whose name the unknown one begins with, or the other way round."""
    name = folded(source or "")
    fitting = (
        key
        for known, key in known_names().items()
        if name and (known.startswith(name) or name.startswith(known))
    )
    found = next(fitting, "")
    return {"source": found} if found else {}


def change_of(kind: str, given: dict[str, Any], source: str | None) -> tuple[mending.Change, str]:
    if kind in PLAIN:
        words, change = PLAIN[kind]
        return change, words
    if kind == "bad_phone":
        return mending.phone_of(
            given["country"]
        ), f"Phone numbers read again as numbers of {given['country']}"
    key = given["source"].key
    told = f"Source “{source}” is “{key}”" if source else f"Source set to “{key}”"
    return mending.to_source(key), told
