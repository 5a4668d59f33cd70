"""The list of leads: by urgency, filtered, searched, counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Case, Count, Exists, F, FilteredRelation, OuterRef, Q, Value, When
from django.db.models.functions import Least, Left
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from leadrouting.leads.enums import CLOSED, WAITING, WORKED
from leadrouting.leads.models import Lead
from leadrouting.leads.querysets import LeadQuerySet
from leadrouting.sla.models import Pause
from leadrouting.sla.models.policy import Kind
from leadrouting.teams.models import User

ACCEPT = Kind.ACCEPT
PAGE = 50
PREVIEW = 140


class Show(models.TextChoices):
    OPEN = "open", pgettext_lazy("lead state", "Open")
    TO_ANSWER = "to-answer", _("To answer")
    IN_PROGRESS = "in-progress", _("In progress")
    WAITING = "waiting", _("In a queue")
    CLOSED = "closed", pgettext_lazy("lead state", "Closed")


WORKED_ON = Q(status__in=WORKED)
UNANSWERED = Q(held__responded_at=None)
FILTERS = {
    Show.OPEN: WORKED_ON,
    Show.TO_ANSWER: WORKED_ON & UNANSWERED,
    Show.IN_PROGRESS: WORKED_ON & ~UNANSWERED,
    Show.WAITING: Q(status__in=WAITING),
    Show.CLOSED: Q(status__in=CLOSED),
}
ORDERS = {
    Show.WAITING: ["created_at", "id"],
    Show.CLOSED: ["-closed_at", "-id"],
}
BY_URGENCY = ["stage", F("due_at").asc(nulls_last=True), "created_at", "id"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asked the list to show. `rep` and `queue` are keys."""

    show: Show = Show.OPEN
    search: str = ""
    rep: int | None = None
    queue: int | None = None

    @classmethod
    def read(cls, values: Any) -> Wish:
        """From a query string; what makes no sense is left out."""
        show = values.get("show", "")
        return cls(
            show=Show(show) if show in Show.values else Show.OPEN,
            search=values.get("q", "").replace("\x00", "").strip()[:100],
            rep=number(values.get("rep", "")),
            queue=number(values.get("queue", "")),
        )


def number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def leads(user: User, wish: Wish) -> LeadQuerySet:
    """Due soonest first, overdue on top; then what is answered, oldest first. One query."""
    return (
        found(user, wish)
        .filter(FILTERS[wish.show])
        .annotate(
            answer=FilteredRelation("clocks", condition=Q(clocks__ended_at=None) & ~Q(clocks__kind=ACCEPT)),
            accept=FilteredRelation("clocks", condition=Q(clocks__ended_at=None, clocks__kind=ACCEPT)),
            due_at=Least(running("answer"), running("accept")),
            accept_by=running("accept"),
            promise=F("answer__kind"),
            is_paused=Exists(Pause.objects.filter(lead=OuterRef("pk"), ends_at=None)),
            since=F("held__started_at"),
            stage=Case(When(UNANSWERED, then=Value(0)), default=Value(1)),
            preview=Left("message", PREVIEW),
        )
        .select_related("owner__user", "queue")
        .defer("message", "attributes")
        .order_by(*ORDERS.get(wish.show, BY_URGENCY))
    )


def running(clock: str) -> Case:
    """When it is due; nothing while it stands still."""
    return Case(When(**{f"{clock}__wake_at__isnull": False}, then=F(f"{clock}__due_at")))


def counts(user: User, wish: Wish) -> dict[str, int]:
    """How many leads each filter would show, by filter. One query."""
    return found(user, wish).aggregate(
        **{show.name: Count("pk", filter=condition) for show, condition in FILTERS.items()}
    )


def found(user: User, wish: Wish) -> LeadQuerySet:
    held = FilteredRelation("assignments", condition=Q(assignments__ended_at=None))
    visible = Lead.objects.visible_to(user).annotate(held=held)
    for words in wish.search.split():
        visible = visible.filter(
            Q(name__icontains=words)
            | Q(company__icontains=words)
            | Q(email__icontains=words)
            | Q(phone__icontains=words)
        )
    if wish.rep is not None:
        visible = visible.filter(owner=wish.rep)
    if wish.queue is not None:
        visible = visible.filter(queue=wish.queue)
    return visible
