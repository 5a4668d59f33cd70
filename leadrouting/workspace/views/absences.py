"""The team's calendar, and saying that somebody is out of office."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leadrouting.teams import out_of_office
from leadrouting.teams.models import Absence, Rep, User
from leadrouting.workspace.access import PEOPLE, page, sent_to
from leadrouting.workspace.asking import PersonRequest
from leadrouting.workspace.board import number
from leadrouting.workspace.calendar import DAYS, monday, rows, teams_of
from leadrouting.workspace.showing import show

YEARS = timedelta(days=366 * 5)  # how far the calendar turns, and absences lie


class AwayForm(forms.Form):
    rep = forms.ModelChoiceField(
        Rep.objects.none(),
        empty_label=None,
        error_messages={"invalid_choice": gettext_lazy("Choose somebody of your team.")},
    )
    first_day = forms.DateField(widget=forms.DateInput({"type": "date"}))
    from_noon = forms.BooleanField(required=False)
    last_day = forms.DateField(widget=forms.DateInput({"type": "date"}))
    until_noon = forms.BooleanField(required=False)
    backup = forms.ModelChoiceField(
        Rep.objects.none(),
        required=False,
        empty_label=gettext_lazy("The usual backup"),
        error_messages={"invalid_choice": gettext_lazy("Choose another rep of the team who is active.")},
    )
    reason = forms.CharField(max_length=120, required=False)

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        active = Rep.objects.filter(is_active=True).select_related("user").order_by("user__name", "pk")
        own = active.filter(team__in=teams_of(user))
        is_rep = user.role == User.Role.REP and not user.is_ops
        speaks_for = own.filter(pk=user.pk) if is_rep else own
        cast(forms.ModelChoiceField, self.fields["rep"]).queryset = speaks_for
        others = active if user.is_ops else own
        cast(forms.ModelChoiceField, self.fields["backup"]).queryset = (
            others.exclude(pk=user.pk) if is_rep else others
        )

    def clean_first_day(self) -> date:
        first: date = self.cleaned_data["first_day"]
        if first < timezone.localdate() - YEARS:
            raise ValidationError(_("That is more than five years ago. Choose a later first day."))
        return first

    def clean_last_day(self) -> date:
        last: date = self.cleaned_data["last_day"]
        if last > timezone.localdate() + YEARS:
            raise ValidationError(_("That is more than five years ahead. Choose an earlier last day."))
        return last


@page(*PEOPLE)
def calendar(request: PersonRequest, form: AwayForm | None = None) -> HttpResponse:
    """Four weeks from a Monday on; `from` turns them."""
    today = timezone.localdate()
    first = monday(wanted(request.GET.get("from", ""), today))
    context = {
        "today": today,
        "first": first,
        "last": first + timedelta(days=DAYS - 1),
        "days": [first + timedelta(days=number) for number in range(DAYS)],
        "before": first - timedelta(days=DAYS),
        "after": first + timedelta(days=DAYS),
        "rows": rows(list(teams_of(request.user)), first),
        "form": form or AwayForm(user=request.user, initial={"rep": number(request.GET.get("rep", ""))}),
        "is_rep": request.user.role == User.Role.REP,
    }
    return show(request, "workspace/calendar.html", context, status=422 if form else 200)


def wanted(typed: str, today: date) -> date:
    """The day that is asked for, as far as the calendar turns; else today."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return today
    return day if abs(day - today) <= YEARS else today


@page(*PEOPLE)
@sent_to("calendar")
def go_away(request: PersonRequest) -> HttpResponse:
    form = AwayForm(request.POST, user=request.user)
    if form.is_valid():
        try:
            absence = out_of_office.go_away(by=request.user, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, f"{absence}. {what_follows(absence, timezone.now())}")
            return redirect("calendar")
    return calendar(request, form)


def what_follows(absence: Absence, now: datetime) -> str:
    if absence.span[1] <= now.astimezone(ZoneInfo(absence.rep.time_zone)).replace(tzinfo=None):
        return _("These days are over: the calendar shows them, and no lead is affected.")
    return _("New leads go to others meanwhile.")


@page(*PEOPLE)
@sent_to("calendar")
def withdraw(request: PersonRequest, absence_id: int) -> HttpResponse:
    absences = Absence.objects.filter(rep__team__in=teams_of(request.user)).select_related(
        "rep__user", "rep__team"
    )
    absence = absences.filter(pk=absence_id).first()
    if absence is None:
        messages.info(request, _("This absence is not there any more: somebody has withdrawn it already."))
    elif out_of_office.withdraw(absence=absence, by=request.user, now=timezone.now()):
        messages.success(request, _("{rep} is not away on these days any more.").format(rep=absence.rep))
    else:
        messages.info(
            request, _("{rep}’s absence is over. It stays in the calendar.").format(rep=absence.rep)
        )
    return redirect("calendar")
