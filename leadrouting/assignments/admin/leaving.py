"""The page on which a rep leaves, or comes back: what there is to hand on, and to whom."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import action

from leadrouting.assignments.errors import Refused
from leadrouting.assignments.leaving import How, come_back, held, leave
from leadrouting.common.console import OpsAdmin
from leadrouting.teams.availability import absence_at
from leadrouting.teams.models import Rep, User
from leadrouting.teams.signals import places_of


class LeavingForm(forms.Form):
    how = forms.ChoiceField(
        choices=[(how.value, how.value) for how in How],
        error_messages={"required": "Say what becomes of the open leads."},
    )
    to = forms.ModelChoiceField(Rep.objects.none(), required=False)

    def __init__(self, *args: Any, rep: Rep, **options: Any) -> None:
        super().__init__(*args, **options)
        others = Rep.objects.filter(is_active=True).exclude(pk=rep.pk).select_related("user", "team", "load")
        self.fields["to"].queryset = others.order_by("user__name", "pk")  # type: ignore[attr-defined]


class Leaving(OpsAdmin):
    """For the admin of reps."""

    @action(description="Rep leaves or comes back", url_path="leave", icon="logout")
    def leave(self, request: HttpRequest, object_id: str) -> HttpResponse:
        rep = self.get_object(request, object_id)
        if rep is None:
            return HttpResponseRedirect(reverse("admin:teams_rep_changelist"))
        if not self.has_change_permission(request, rep):
            raise PermissionDenied
        form = LeavingForm(request.POST or None, rep=rep)
        if request.method == "POST":
            said = self.done(request, rep, form)
            if said is not None:
                self.message_user(request, said, messages.SUCCESS)
                return HttpResponseRedirect(self.change_url(rep))
        context = {**self.admin_site.each_context(request), "form": form, **situation(rep)}
        context |= {"title": f"{rep} leaves" if rep.is_active else f"{rep} has left"}
        context |= {"back": self.change_url(rep), "chosen": form["how"].value() or How.RULES}
        return TemplateResponse(request, "admin/assignments/leaving.html", context)

    def done(self, request: HttpRequest, rep: Rep, form: LeavingForm) -> str | None:
        """What happened; None when it could not, and the form or a message says why."""
        try:
            if "back" in request.POST:
                come_back(rep=rep, by=cast(User, request.user))
                return f"{rep} is active again and gets new leads."
            if not form.is_valid():
                return None
            how, to = form.cleaned_data["how"], form.cleaned_data["to"]
            moved = leave(rep=rep, by=cast(User, request.user), how=how, to=to, now=timezone.now())
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return None
        leads = f"{moved} open lead{'s' * (moved != 1)} moved" if moved else "There was no open lead to move"
        return f"{rep} gets no new leads any more. {leads}."


def situation(rep: Rep) -> dict[str, Any]:
    """What there is to think of when a rep leaves."""
    today = timezone.now().date()
    return {
        "rep": rep,
        "open_leads": len(held(rep)),
        "backup": rep.backup,
        "backup_away": absence_at(rep.backup, timezone.now()) if rep.backup else None,
        "places": places_of(rep.pk),
        "territories": list(rep.territories.order_by("name")),
        "memberships": list(rep.memberships.select_related("pool").order_by("pool__name")),
        "backed_up": list(rep.backs_up.filter(is_active=True).select_related("user")),
        "absences": list(rep.absences.filter(last_day__gte=today).order_by("first_day")),
    }
