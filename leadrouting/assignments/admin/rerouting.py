"""The page of a bulk re-routing: where to, what would happen, how far it is, what became of each lead, the way back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from leadrouting.assignments import rerouting
from leadrouting.assignments.errors import Refused
from leadrouting.assignments.models import Rerouting
from leadrouting.common.console import ReadOnly
from leadrouting.teams.auth import caller
from leadrouting.teams.models import Queue, Rep

State = Rerouting.State
SHOWN = 100
COLOURS = {
    State.DRAFT.label: "info",
    State.RUNNING.label: "warning",
    State.UNDOING.label: "warning",
    State.DONE.label: "success",
    State.STOPPED.label: "danger",
    State.UNDONE.label: "info",
}


class WhereForm(forms.Form):
    how = forms.ChoiceField(
        label="Where to",
        choices=[("rules", "Where the live rules say"), ("rep", "To one rep"), ("queue", "Into a queue")],
        initial="rules",
        widget=UnfoldAdminSelectWidget,
    )
    rep = forms.ModelChoiceField(
        Rep.objects.filter(is_active=True).select_related("user").order_by("user__name"),
        required=False,
        empty_label="Choose a rep",
        widget=UnfoldAdminSelectWidget,
        help_text="For “To one rep”. They get the leads whatever the hour and their load.",
    )
    queue = forms.ModelChoiceField(
        Queue.objects.order_by("name"),
        required=False,
        empty_label="Choose a queue",
        widget=UnfoldAdminSelectWidget,
        help_text="For “Into a queue”.",
    )
    reason = forms.CharField(
        label="Why",
        max_length=160,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="Kept with every lead that moves, and read by its owners.",
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for how in ("rep", "queue"):
            if given.get("how") != how:
                given[how] = None
            elif given.get(how) is None and how not in self.errors:
                self.add_error(how, f"Choose the {how}.")
        return given


@admin.register(Rerouting)
class ReroutingAdmin(ReadOnly):
    list_display = ["made_at", "by", "shown_size", "target", "reason", "shown_state"]
    list_select_related = ["by", "to_rep__user", "to_queue"]
    list_filter = ["state"]
    ordering = ["-made_at", "-id"]

    @display(description="Leads", ordering="size")
    def shown_size(self, made: Rerouting) -> str:
        return f"{made.size:,}"

    @display(description="State", label=COLOURS)
    def shown_state(self, made: Rerouting) -> str:
        return made.get_state_display()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        made = self.get_object(request, object_id)
        if made is None:
            return HttpResponseRedirect(reverse("admin:assignments_rerouting_changelist"))
        form = WhereForm(request.POST or None)
        context: dict[str, Any] = {}
        if request.method == "POST":
            answer = self.done(request, made, form, context)
            if answer is not None:
                return answer
        return TemplateResponse(
            request,
            "admin/assignments/rerouting.html",
            {
                **self.admin_site.each_context(request),
                "title": f"Re-route {made.size:,} lead{'s' * (made.size != 1)}",
                "made": made,
                "form": form,
                "is_live": made.state in (State.RUNNING, State.UNDOING),
                "is_draft": made.state == State.DRAFT,
                "may_undo": made.state in (State.DONE, State.STOPPED),
                "percent": round(100 * made.cursor / made.size) if made.size else 100,
                "counts": rerouting.counts(made),
                "page": page_of(made, request.GET.get("page", "1")),
                "most": rerouting.LOOKED_AT,
                **context,
            },
        )

    def done(
        self, request: HttpRequest, made: Rerouting, form: WhereForm, context: dict[str, Any]
    ) -> HttpResponse | None:
        """None: stay on the page, which shows a preview or what is wrong."""
        by, now = caller(request), timezone.now()
        try:
            if "stop" in request.POST:
                rerouting.stop(made, by=by, now=now)
            elif "undo" in request.POST:
                rerouting.undo(made, by=by, now=now)
            elif not form.is_valid():
                return None
            elif "look" in request.POST:
                given = form.cleaned_data
                made.to_rep, made.to_queue = given["rep"], given["queue"]
                context["look"] = rerouting.preview(made, now)
                return None
            else:
                given = form.cleaned_data
                said = {"reason": given["reason"], "to_rep": given["rep"], "to_queue": given["queue"]}
                rerouting.start(made, by=by, now=now, **said)
        except Refused as refusal:
            if "stop" in request.POST or "undo" in request.POST:
                self.message_user(request, str(refusal), messages.WARNING)
            else:
                form.add_error(None, str(refusal))
                return None
        return HttpResponseRedirect(self.change_url(made))


def page_of(made: Rerouting, number: str) -> Any:
    if made.state == State.DRAFT:
        return None
    rows = made.leads.select_related(
        "lead", "before_rep__user", "before_queue", "decision__rep__user", "decision__queue"
    )
    return Paginator(rows.order_by("position"), SHOWN).get_page(number)
