"""Pools with their members, and queues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib import messages
from django.db.models import Count, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from unfold.decorators import display

from leadrouting.common.console import Inline, OpsAdmin
from leadrouting.common.models import Stamp
from leadrouting.teams.admin.share_words import member_share
from leadrouting.teams.models import INTAKE, Membership, Pool, Queue
from leadrouting.teams.snapshot import people

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class MemberFigures(TypedDict):
    stamp: int


class MembershipInline(Inline):
    model = Membership
    verbose_name_plural = "Members"
    fields = ["rep", "weight", "share"]
    readonly_fields = ["share"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        stamp = Subquery(Stamp.objects.values("version")[:1])
        return super().get_queryset(request).select_related("rep__user").annotate(stamp=stamp)

    @display(description="Share of turns now")
    def share(self, membership: WithAnnotations[Membership, MemberFigures]) -> str:
        if not membership.pk:
            return "after saving"
        now = timezone.now()
        return member_share(membership.pool_id, membership.rep_id, people(membership.stamp).at(now), now)


class PoolFigures(TypedDict):
    size: int
    able: int


class PoolAdmin(OpsAdmin):
    list_display = ["name", "strategy", "shown_members", "absence"]
    search_fields = ["name"]
    inlines = [MembershipInline]
    conditional_fields = {
        "catch_up_limit": "absence == 'catch_up_limited'",
        "after_pool": "after_hours == 'pool'",
        **dict.fromkeys(["win_days", "win_prior", "win_floor", "win_ceiling"], "strategy == 'performance'"),
    }
    keep_because = "Take it out of the rules that send leads to it first."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Pool]:
        active = Q(memberships__rep__is_active=True)
        return (
            super()
            .get_queryset(request)
            .filter(team=None)  # those of the teams are kept by the teams
            .annotate(size=Count("memberships"), able=Count("memberships", filter=active))
        )

    @display(
        description="Members", ordering="size", label={"No members": "danger", "Nobody active": "warning"}
    )
    def shown_members(self, pool: WithAnnotations[Pool, PoolFigures]) -> str:
        if not pool.size:
            return "No members"
        if not pool.able:
            return "Nobody active"
        return str(pool.size) if pool.able == pool.size else f"{pool.able} of {pool.size} active"

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not form.instance.memberships.exists():
            warning = (
                f"The pool “{form.instance}” has no members: nobody can get a lead from it, and a rule that "
                "points at it cannot be published. Add members below."
            )
            self.message_user(request, warning, messages.WARNING)


class QueueAdmin(OpsAdmin):
    list_display = ["name", "owner", "alarm_depth", "alarm_after"]
    list_select_related = ["owner"]
    search_fields = ["name", "owner__name"]
    keep_because = "Choose another queue in the rule sets that use it, and route its leads first."

    def has_delete_permission(self, request: HttpRequest, obj: Queue | None = None) -> bool:
        """Every new lead lies in the intake queue until it is routed."""
        return super().has_delete_permission(request, obj) and getattr(obj, "pk", None) != INTAKE
