"""The reasons to decline that reps choose from, with how often each was given."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib import admin, messages
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from unfold.decorators import display

from leadrouting.assignments.models import Decision
from leadrouting.assignments.orders import Cause
from leadrouting.common.console import OpsAdmin
from leadrouting.leads.models import DeclineReason

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

COUNTED = timedelta(days=30)


class ReasonFigures(TypedDict):
    times: int


def declines() -> QuerySet[Decision]:
    """Those of the last 30 days."""
    return Decision.objects.filter(cause=Cause.DECLINE, decided_at__gt=timezone.now() - COUNTED).order_by()


@admin.register(DeclineReason)
class DeclineReasonAdmin(OpsAdmin):
    list_display = ["label", "position", "is_active", "times"]
    list_editable = ["position", "is_active"]
    search_fields = ["label"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[DeclineReason]:
        given = declines().filter(reason=OuterRef("label")).values("reason").annotate(times=Count("pk"))
        times = Coalesce(Subquery(given.values("times"), output_field=IntegerField()), 0)
        return super().get_queryset(request).annotate(times=times)

    @display(description="Given in the last 30 days", ordering="times")
    def times(self, reason: WithAnnotations[DeclineReason, ReasonFigures]) -> int:
        return reason.times

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        others = declines().exclude(reason__in=DeclineReason.objects.values("label")).count()
        if others and request.method == "GET":
            said = f"In other words: {others} more in the last 30 days. The decisions tell them."
            self.message_user(request, said, messages.INFO)
        response: HttpResponse = super().changelist_view(request, extra_context)
        return response
