"""Teams, and reps with their log-ins and absences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict, cast

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.decorators import display

from leadrouting.common.console import Inline
from leadrouting.common.console.inlines import ReadOnlyInline
from leadrouting.teams.admin.hours_words import counting_in_words, now_in_words
from leadrouting.teams.admin.rep_form import AbsenceFormSet, AddRep, ChangeRep
from leadrouting.teams.admin.share_words import share_told
from leadrouting.teams.admin.shares import QuotaInline
from leadrouting.teams.admin.skills import RepSkillInline
from leadrouting.teams.admin.telling import TellsHours
from leadrouting.teams.availability import set_presence
from leadrouting.teams.matrix import skill_matrix
from leadrouting.teams.models import Absence, Membership, PresenceChange, Rep, Team, User
from leadrouting.teams.opening import ROUND_THE_CLOCK, counting_hours, why_these_hours

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


def windows(path: str) -> list[str]:
    """What a calendar is made of, for `prefetch_related`."""
    return [f"{path}__{part}" for part in ("windows", "special_days", "holidays")]


Cause = PresenceChange.Cause


class TeamFigures(TypedDict):
    active: int


@admin.register(Team)
class TeamAdmin(TellsHours):
    hours_in = ("office_hours",)
    list_display = ["name", "manager", "active_reps", "hours"]
    list_select_related = ["manager", "office_hours"]
    search_fields = ["name", "manager__name"]
    readonly_fields = ["hours_now", "skills"]
    keep_because = "Move its reps to another team first."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        active = Count("reps", filter=Q(reps__is_active=True))
        return (
            super().get_queryset(request).annotate(active=active).prefetch_related(*windows("office_hours"))
        )

    def get_fields(self, request: HttpRequest, obj: Team | None = None) -> Any:
        shown = ["hours_now", "skills"] if obj else []
        return ["name", "manager", "office_hours", "away_after", ("max_open", "max_day"), *shown]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "manager":
            leaders = Q(role__in=[User.Role.MANAGER, User.Role.OPS]) | Q(managed_teams__isnull=False)
            kwargs["queryset"] = User.objects.filter(leaders, is_active=True).distinct()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @display(description="Active reps", ordering="active")
    def active_reps(self, team: WithAnnotations[Team, TeamFigures]) -> int:
        return team.active

    @display(description="Office hours", ordering="office_hours__name", header=True)
    def hours(self, team: Team) -> list[str]:
        if team.office_hours is None:
            return [ROUND_THE_CLOCK, ""]
        return [str(team.office_hours), now_in_words(team.office_hours, timezone.now())]

    @display(description="Hours that count")
    def hours_now(self, team: Team) -> str:
        hours = team.office_hours
        why = f"“{hours}”" if hours else "Round the clock: the team has no office hours"
        return counting_in_words(hours, f"{why}. A rep may have others of their own.", timezone.now())

    @display(description="Who can do what")
    def skills(self, team: Team) -> str:
        return render_to_string("admin/teams/skills.html", skill_matrix(team))


class AbsenceInline(Inline):
    model = Absence
    formset = AbsenceFormSet
    fk_name = "rep"
    fields = ["first_day", "from_noon", "last_day", "until_noon", "backup", "reason"]


class PresenceChangeInline(ReadOnlyInline):
    model = PresenceChange
    verbose_name_plural = "Presence lately"
    fields = ["at", "presence", "cause", "by", "reason"]
    readonly_fields = ["at", "presence", "cause", "by", "reason"]
    per_page = 10

    def get_queryset(self, request: HttpRequest) -> QuerySet[PresenceChange]:
        return super().get_queryset(request).select_related("by")


class RepAdmin(TellsHours):
    hours_in = ("office_hours", "time_zone", "team")
    form = ChangeRep
    list_display = ["name", "team", "shown_presence", "active", "hours", "time_zone"]
    list_select_related = ["user", "team__office_hours", "office_hours"]
    list_filter = ["team", "presence", "is_active"]
    list_filter_submit = True
    search_fields = ["user__name", "user__email", "user__username"]
    ordering = ["user__name", "user_id"]
    inlines = [QuotaInline, RepSkillInline, AbsenceInline, PresenceChangeInline]
    readonly_fields = ["login", "in_pools", "hours_now", "share_now"]
    keep_because = (
        "Choose “Rep leaves or comes back” instead: no new leads come, and the history keeps its name."
    )
    who = ["name", "email"]
    work = (
        "Work",
        {
            "fields": [
                "team",
                ("is_active", "presence"),
                "time_zone",
                "office_hours",
                ("max_open", "max_hour"),
                ("max_day", "max_week"),
                ("started_on", "backup"),
                "booking_url",
            ]
        },
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rep]:
        rows = super().get_queryset(request)
        return rows.prefetch_related(*windows("office_hours"), *windows("team__office_hours"))

    def get_form(
        self, request: HttpRequest, obj: Rep | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        return super().get_form(request, obj, change, **(kwargs if change else {**kwargs, "form": AddRep}))

    def get_fieldsets(self, request: HttpRequest, obj: Rep | None = None) -> Any:
        if obj is None:
            return [("Who", {"fields": ["existing", *self.who, "username"]}), self.work]
        counting = ("What counts", {"fields": ["hours_now", "share_now"]})
        return [("Who", {"fields": [*self.who, "login", "in_pools"]}), self.work, counting]

    def save_model(self, request: HttpRequest, obj: Rep, form: ChangeRep, change: bool) -> None:
        obj.user = form.saved_user()
        wanted = obj.presence
        if change:
            obj.presence = form.initial["presence"]
        super().save_model(request, obj, form, change)
        if change and "presence" in form.changed_data:
            set_presence(
                rep_id=obj.pk,
                presence=wanted,
                by=cast(User, request.user),
                cause=Cause.OPS,
                now=timezone.now(),
            )
            obj.presence = wanted
        if not obj.user.has_usable_password():
            link = reverse("admin:auth_user_password_change", args=[obj.pk])
            note = format_html(
                "{} cannot log in yet: <a href='{}' class='underline'>set a password</a>.", obj, link
            )
            self.message_user(request, note, messages.WARNING)

    @display(description="Rep", ordering="user__name", header=True)
    def name(self, rep: Rep) -> list[str]:
        return [rep.user.name or rep.user.username, rep.user.email]

    @display(description="Presence", label={"Available": "success", "Busy": "warning", "Away": "danger"})
    def shown_presence(self, rep: Rep) -> str:
        return rep.get_presence_display()

    @display(description="Office hours", header=True)
    def hours(self, rep: Rep) -> list[str]:
        hours = counting_hours(rep)
        if hours is None:
            return [ROUND_THE_CLOCK, ""]
        name = str(hours) if rep.office_hours else f"{hours} (team)"
        return [name, now_in_words(hours, timezone.now())]

    @display(description="Hours that count")
    def hours_now(self, rep: Rep) -> str:
        return counting_in_words(counting_hours(rep), why_these_hours(rep), timezone.now())

    @display(description="Share of turns")
    def share_now(self, rep: Rep) -> str:
        return share_told(rep, timezone.now())

    @display(description="Log-in")
    def login(self, rep: Rep) -> str:
        link = reverse("admin:teams_user_change", args=[rep.pk])
        return format_html("<a href='{}' class='text-link'>{}</a>", link, rep.user.username)

    @display(description="In pools")
    def in_pools(self, rep: Rep) -> str:
        names = (
            Membership.objects.filter(rep=rep.pk).values_list("pool__name", flat=True).order_by("pool__name")
        )
        return ", ".join(names) or "No pool: gets only leads that a rule sends by name"
