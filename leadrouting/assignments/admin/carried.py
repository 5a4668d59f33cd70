"""Reps, pools and queues, with what distribution knows of them: load, turns and credits, leads that wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from django.contrib import admin
from django.db.models import Count, Model, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from unfold.decorators import display

from leadrouting.assignments.admin.forecast import shown_turns
from leadrouting.assignments.admin.leaving import Leaving
from leadrouting.assignments.admin.winning import shown_win_rates
from leadrouting.assignments.models import Roster
from leadrouting.common.models import Stamp
from leadrouting.teams.admin import pools, reps
from leadrouting.teams.admin.share_words import share_listed
from leadrouting.teams.models import Membership, Pool, Queue, Rep
from leadrouting.teams.snapshot import people

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Shares(TypedDict):
    stamp: int


@admin.register(Rep)
class RepAdmin(Leaving, reps.RepAdmin):
    actions_detail = ["leave"]
    list_display = ["name", "team", "shown_presence", "carries", "today", "share", "active", "hours"]
    list_select_related = ["user", "team__office_hours", "office_hours", "load"]
    readonly_fields = [*reps.RepAdmin.readonly_fields, "carries", "today"]

    def get_fieldsets(self, request: HttpRequest, obj: Rep | None = None) -> list[tuple]:
        sets = super().get_fieldsets(request, obj)
        return [*sets, ("Carries now", {"fields": [("carries", "today")]})] if obj else sets

    def get_readonly_fields(self, request: HttpRequest, obj: Rep | None = None) -> list[str]:
        """Switching off asks what becomes of the open leads: see `leaving`."""
        fields = list(super().get_readonly_fields(request, obj))
        return [*fields, "is_active"] if obj else fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rep]:
        return super().get_queryset(request).annotate(stamp=Subquery(Stamp.objects.values("version")[:1]))

    @display(
        description="Presence",
        label={"Available": "success", "Busy": "warning", "Away": "danger", "Out of office": "danger"},
    )
    def shown_presence(self, rep: WithAnnotations[Rep, Shares]) -> str:
        absent = people(rep.stamp).reps[rep.pk].is_absent(timezone.now())
        return "Out of office" if absent else rep.get_presence_display()

    @display(description="Share")
    def share(self, rep: WithAnnotations[Rep, Shares]) -> SafeString:
        return share_listed(people(rep.stamp).reps[rep.pk], timezone.now())

    @display(description="Open leads", ordering="load__open")
    def carries(self, rep: Rep) -> str:
        return used(rep.load.open, rep.max_open)

    @display(description="Taken today")
    def today(self, rep: Rep) -> str:
        """Today is the rep's own day."""
        from zoneinfo import ZoneInfo

        day = timezone.now().astimezone(ZoneInfo(rep.time_zone)).date()
        return used(rep.load.day if rep.load.day_on == day else 0, rep.max_day)


def used(number: int, limit: int | None) -> str:
    """A bar of how much of a limit is used, or the plain number where there is none."""
    share = min(100, round(100 * number / limit)) if limit else None
    full = limit is not None and number >= limit
    return render_to_string(
        "admin/assignments/used.html", {"number": number, "limit": limit, "share": share, "full": full}
    )


class MembershipInline(pools.MembershipInline):
    fields = ["rep", "weight", "share", "carries"]
    readonly_fields = ["share", "carries"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("rep__load")

    @display(description="Open leads")
    def carries(self, membership: Membership) -> str:
        return used(membership.rep.load.open, membership.rep.max_open) if membership.pk else ""


@admin.register(Pool)
class PoolAdmin(pools.PoolAdmin):
    inlines = [MembershipInline]
    readonly_fields = ["turns", "win_rates"]
    keep_because = "What it decided must stay explainable. Take it out of the rules instead."

    def get_fieldsets(self, request: HttpRequest, obj: Pool | None = None) -> list[tuple]:
        how = [
            "name",
            "strategy",
            "absence",
            "catch_up_limit",
            "gives_back",
            "after_hours",
            "after_pool",
            "language",
        ]
        by_wins = [("win_floor", "win_ceiling"), ("win_days", "win_prior")]
        fields = [*how[:2], *by_wins, *how[2:]]
        told = [("The rotation", {"fields": ["turns"]}), ("Win rates", {"fields": ["win_rates"]})]
        return [(None, {"fields": fields}), *(told if obj else [])]

    def why_kept(self, obj: Model) -> str:
        """Decisions refer to rosters, which would go with the pool."""
        if Roster.objects.filter(pool=obj.pk).exists():
            return f"“{obj}” cannot be deleted: it has given out leads. {self.keep_because}"
        return super().why_kept(obj)

    @display(description="Turns and credits")
    def turns(self, pool: Pool) -> str:
        return shown_turns(pool, timezone.now())

    @display(description="Deals won, and what follows")
    def win_rates(self, pool: Pool) -> str:
        return shown_win_rates(pool, timezone.now())


class QueueFigures(TypedDict):
    depth: int
    past: int


@admin.register(Queue)
class QueueAdmin(pools.QueueAdmin):
    list_display = ["name", "owner", "waiting", "window", "past_window", "alarm_depth", "alarm_after"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Queue]:
        waits = Q(leads__closed_at=None)
        past = waits & Q(leads__queue_steps__gt=0)
        return (
            super()
            .get_queryset(request)
            .annotate(depth=Count("leads", filter=waits), past=Count("leads", filter=past))
        )

    @display(description="Waiting now", ordering="depth")
    def waiting(self, queue: WithAnnotations[Queue, QueueFigures]) -> int:
        return queue.depth

    @display(description="Past the window", ordering="past")
    def past_window(self, queue: WithAnnotations[Queue, QueueFigures]) -> int:
        return queue.past
