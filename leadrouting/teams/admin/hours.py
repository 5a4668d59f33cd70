"""Office hours with their windows, holidays and special days on one page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import TextInput
from django.http import HttpRequest
from django.utils import timezone
from unfold.decorators import display
from unfold.widgets import INPUT_CLASSES

from leadrouting.common.console import Inline
from leadrouting.common.console.selects import SharedOptions
from leadrouting.teams.admin.hours_forms import CalendarFormSet, HolidayFormSet, HoursForm
from leadrouting.teams.admin.hours_words import coming_drawn, now_in_words, week_in_words
from leadrouting.teams.admin.telling import TellsHours
from leadrouting.teams.admin.week_field import COPY
from leadrouting.teams.holidays import place_in_words
from leadrouting.teams.models import Holiday, OfficeHours, SpecialDay
from leadrouting.teams.week import set_week


class ClockTimes(SharedOptions):
    """Times of day are typed as HH:MM, because 24:00 is one of them."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in ("opens", "closes"):
            hint = "09:00" if db_field.name == "opens" else "17:30"
            attributes = {"class": " ".join(INPUT_CLASSES), "placeholder": hint, "inputmode": "numeric"}
            kwargs["widget"] = TextInput(attributes)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class HolidayInline(Inline):
    model = Holiday
    formset = HolidayFormSet
    verbose_name_plural = "Own holidays: closed all day"
    fields = ["day", "name"]


class SpecialDayInline(ClockTimes, Inline):
    model = SpecialDay
    formset = CalendarFormSet
    verbose_name_plural = "Special days: hours that replace the usual ones, also on a holiday"
    fields = ["day", "opens", "closes"]


@admin.register(OfficeHours)
class OfficeHoursAdmin(TellsHours):
    form = HoursForm
    list_display = ["name", "now", "week", "time_zone", "public_holidays"]
    search_fields = ["name", "time_zone"]
    inlines = [HolidayInline, SpecialDayInline]
    readonly_fields = ["now", "coming"]
    keep_because = "Give its teams and reps other office hours first."
    change_form_template = "admin/teams/officehours/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[OfficeHours]:
        return super().get_queryset(request).prefetch_related("windows", "special_days", "holidays")

    def get_fieldsets(self, request: HttpRequest, obj: OfficeHours | None = None) -> Any:
        shown = ["now", "coming"] if obj else []
        return [
            (None, {"fields": [*shown, ("name", "time_zone")]}),
            ("The week", {"fields": ["week"]}),
            ("Public holidays", {"fields": ["place", "worked"]}),
        ]

    def save_related(self, request: HttpRequest, form: HoursForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if "week" in form.changed_data:
            set_week(form.instance, form.windows())

    def response_add(self, request: HttpRequest, obj: OfficeHours, post_url_continue: Any = None) -> Any:
        return super().response_add(self.staying(request), obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: OfficeHours) -> Any:
        return super().response_change(self.staying(request), obj)

    def staying(self, request: HttpRequest) -> HttpRequest:
        """Copying hours saves, and the page stays open."""
        if COPY in request.POST:
            sent = request.POST.copy()
            sent["_continue"] = "1"
            request.POST = sent  # type: ignore[assignment]
        return request

    @display(description="Now")
    def now(self, hours: OfficeHours) -> str:
        return now_in_words(hours, timezone.now())

    @display(description="The next seven days")
    def coming(self, hours: OfficeHours) -> str:
        return coming_drawn(hours, timezone.now())

    @display(description="Week")
    def week(self, hours: OfficeHours) -> str:
        return week_in_words(hours)

    @display(description="Public holidays", ordering="country")
    def public_holidays(self, hours: OfficeHours) -> str:
        return place_in_words(hours.country, hours.subdivision) if hours.country else "None"


@admin.register(Holiday)
class HolidayAdmin(TellsHours):
    list_display = ["name", "day", "office_hours"]
    list_select_related = ["office_hours"]
    list_filter = ["office_hours"]
    list_filter_submit = True
    search_fields = ["name"]
    ordering = ["-day", "id"]
