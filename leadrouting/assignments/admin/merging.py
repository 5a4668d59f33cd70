"""Suspected duplicates, the page on which two leads are compared and merged, and the list of merges with the way back."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from unfold.decorators import action, display

from leadrouting.assignments.errors import Refused
from leadrouting.assignments.merging import merge, rows, undo
from leadrouting.assignments.models import Merge
from leadrouting.common.console import ReadOnly
from leadrouting.leads import suspects
from leadrouting.leads.attributes import definitions
from leadrouting.leads.models import Lead, Suspect
from leadrouting.teams.auth import caller

WITH = ("owner__user", "queue", "campaign", "account")


def link(lead: Lead) -> SafeString:
    url = reverse("admin:leads_lead_change", args=[lead.pk])
    told = [lead.company if lead.name else "", lead.email, lead.phone]
    return format_html(
        '<div class="lr-lead"><a class="text-link" href="{}">{}</a> <span class="lr-quiet">{}</span></div>',
        url,
        lead,
        " · ".join(filter(None, told)),
    )


def compare_url(kept: int, other: int) -> str:
    return reverse("admin:leads_suspect_compare", args=[kept, other])


@admin.register(Suspect)
class SuspectAdmin(ReadOnly):
    list_display = ["one", "two", "shown_reason", "compare_link"]
    list_display_links = None
    list_select_related = ["lead", "other"]
    list_filter = ["reason"]
    list_fullwidth = True
    search_fields = ["lead__name", "lead__company", "other__name", "other__company"]
    search_help_text = "Name or company"
    actions = ["not_the_same"]
    ordering = ["-score", "-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Suspect]:
        return super().get_queryset(request).filter(pk__in=suspects.to_be_judged())

    def get_urls(self) -> list[URLPattern | URLResolver]:
        view = self.admin_site.admin_view(self.compare)
        return [
            path("compare/<int:kept>/<int:other>/", view, name="leads_suspect_compare"),
            *super().get_urls(),
        ]

    @display(description="Lead")
    def one(self, suspect: Suspect) -> SafeString:
        return link(suspect.lead)

    @display(description="May be the same as")
    def two(self, suspect: Suspect) -> SafeString:
        return link(suspect.other)

    @display(description="Why")
    def shown_reason(self, suspect: Suspect) -> SafeString:
        alike = f"{suspect.score} of 100" if suspect.reason == Suspect.Reason.ALIKE else ""
        text = '<div class="lr-why">{} <span class="lr-quiet">{}</span></div>'
        return format_html(text, suspect.get_reason_display(), alike)

    @display(description="")
    def compare_link(self, suspect: Suspect) -> SafeString:
        kept, other = proposed(suspect.lead, suspect.other)
        return format_html('<a class="lr-button" href="{}">Compare</a>', compare_url(kept.pk, other.pk))

    @action(description="Not the same")
    def not_the_same(self, request: HttpRequest, queryset: QuerySet[Suspect]) -> None:
        now, by = timezone.now(), caller(request)
        done = sum(suspects.dismiss(pk, by=by, now=now) for pk in queryset.values_list("pk", flat=True))
        said = f"{done} pair{'s are' if done != 1 else ' is'} not the same, and not raised again."
        self.message_user(request, said, messages.SUCCESS)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        suspect = self.get_object(request, object_id)
        if suspect is None:
            return to_suspects()
        return to_compare(suspect.lead, suspect.other)

    def compare(self, request: HttpRequest, kept: int, other: int) -> HttpResponse:
        found = Lead.objects.select_related(*WITH).in_bulk([kept, other])
        if len(found) < 2:
            raise Http404
        pair = suspects.of_lead(found[kept]).filter(lead__in=found, other__in=found).first()
        if request.method == "POST":
            answer = self.done(request, found[kept], found[other], pair)
            if answer is not None:
                return answer
        return TemplateResponse(
            request,
            "admin/assignments/compare_leads.html",
            {
                **self.admin_site.each_context(request),
                "title": "Are they the same?",
                "kept": found[kept],
                "other": found[other],
                "rows": list(rows(found[kept], found[other], definitions())),
                "entries": found[other].activities.count(),
                "pair": pair,
                "turned": compare_url(other, kept),
                "suspects": reverse("admin:leads_suspect_changelist"),
            },
        )

    def done(
        self, request: HttpRequest, kept: Lead, other: Lead, pair: Suspect | None
    ) -> HttpResponse | None:
        now, by = timezone.now(), caller(request)
        if "differ" in request.POST and pair is not None:
            suspects.dismiss(pair.pk, by=by, now=now)
            self.message_user(request, f"{kept} and {other} are not the same. They are not raised again.")
            return to_suspects()
        take = [name for name, side in request.POST.items() if side == "other" and name != "owner"]
        owner_of_other = request.POST.get("owner") == "other"
        try:
            made = merge(
                kept_id=kept.pk, other_id=other.pk, take=take, owner_of_other=owner_of_other, by=by, now=now
            )
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return None
        said = '#{} was merged into {}. <a class="text-link" href="{}">Undo</a>'
        self.message_user(request, format_html(said, other.pk, kept, undo_url(made)), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:leads_lead_change", args=[kept.pk]))


def to_suspects() -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:leads_suspect_changelist"))


def to_compare(one: Lead, two: Lead) -> HttpResponse:
    kept, other = proposed(one, two)
    return HttpResponseRedirect(compare_url(kept.pk, other.pk))


def proposed(one: Lead, two: Lead) -> tuple[Lead, Lead]:
    """Which is kept: the open one, then the one that somebody owns, then the older one."""
    kept, other = sorted([one, two], key=lambda lead: (not lead.is_open, lead.owner_id is None, lead.pk))
    return kept, other


@admin.register(Merge)
class MergeAdmin(ReadOnly):
    list_display = ["made_at", "shown_kept", "shown_other", "made_by", "undone_at"]
    list_select_related = ["kept", "other", "made_by"]
    list_fullwidth = True
    search_fields = ["kept__name", "other__name", "kept__company", "other__company"]

    @display(description="Kept")
    def shown_kept(self, made: Merge) -> SafeString:
        return link(made.kept)

    @display(description="Merged into it")
    def shown_other(self, made: Merge) -> SafeString:
        return link(made.other)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        made = self.get_object(request, object_id)
        if made is None:
            return HttpResponseRedirect(reverse("admin:assignments_merge_changelist"))
        if request.method == "POST":
            try:
                notes = undo(merge_id=made.pk, by=caller(request), now=timezone.now())
            except Refused as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
                return HttpResponseRedirect(request.path)
            self.message_user(request, f"{made.kept} and {made.other} are two leads again.", messages.SUCCESS)
            for said in notes:
                self.message_user(request, said, messages.WARNING)
            return HttpResponseRedirect(reverse("admin:leads_lead_change", args=[made.other_id]))
        context = {
            **self.admin_site.each_context(request),
            "title": f"{made.other} was merged into {made.kept}",
            "made": made,
            "merges": reverse("admin:assignments_merge_changelist"),
        }
        return TemplateResponse(request, "admin/assignments/merge.html", context)


def same_person(lead: Lead) -> SafeString | None:
    """What a lead's page says about it: merged into another, others merged into it, others that may be the same."""
    merges = Merge.objects.filter(undone_at=None).select_related("kept", "other")
    lines = [
        *(("was merged into", made.kept, made) for made in merges.filter(other=lead)),
        *(("has taken in", made.other, made) for made in merges.filter(kept=lead)),
    ]
    said = [
        format_html('It {} {} <a class="text-link" href="{}">Undo</a>', what, link(which), undo_url(made))
        for what, which, made in lines
    ]
    for suspect in suspects.of_lead(lead).select_related("lead", "other")[:5]:
        two = suspect.other if suspect.lead_id == lead.pk else suspect.lead
        kept, other = proposed(lead, two)
        text = 'It may be the same as {} <a class="text-link" href="{}">Compare</a>'
        said.append(format_html(text, link(two), compare_url(kept.pk, other.pk)))
    return format_html_join(mark_safe("<br>"), "{}", ([one] for one in said)) if said else None


def undo_url(made: Merge) -> str:
    return reverse("admin:assignments_merge_change", args=[made.pk])
