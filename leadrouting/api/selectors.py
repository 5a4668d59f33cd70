"""What the API reads, in a number of queries that does not grow with the rows."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Func, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from leadrouting.assignments.explaining import sentences
from leadrouting.assignments.models import Decision
from leadrouting.leads.models import Lead
from leadrouting.notifications.models import Hook, Subscription, Task
from leadrouting.notifications.optouts import with_refusals
from leadrouting.notifications.todo.choosing import visible_to
from leadrouting.rules.models import RuleSet, Version
from leadrouting.sla.standing import with_standing
from leadrouting.teams.models import Rep, User


def leads_for(user: User) -> QuerySet[Lead]:
    """The leads that this user may see, each with its owner, rule, and deadline. One query."""
    return with_refusals(with_standing(Lead.objects.visible_to(user)))


def decisions_for(user: User) -> QuerySet[Decision]:
    """Decisions about the leads that this user may see."""
    return Decision.objects.filter(lead__in=Lead.objects.visible_to(user)).select_related(
        "actor", "rep__user", "queue", "version__rule_set"
    )


def tasks_for(user: User) -> QuerySet[Task]:
    """Of the leads that this user may see."""
    return with_people(visible_to(user))


def with_people(tasks: QuerySet[Task]) -> QuerySet[Task]:
    return tasks.select_related("lead__owner__user", "author", "done_by")


class RuleCount(Func):
    """How many rules a version has, without fetching them."""

    template = "jsonb_array_length(%(expressions)s -> 'rules')"
    output_field = IntegerField()


def rule_sets() -> QuerySet[RuleSet]:
    """With the number of rules that are on, and of the version that routes."""
    live = Version.objects.filter(rule_set=OuterRef("pk"), is_live=True).values("number")
    return RuleSet.objects.select_related("catch_all").annotate(
        active_rules=Count("rules", filter=Q(rules__is_active=True)), live_number=Subquery(live[:1])
    )


def versions() -> QuerySet[Version]:
    """Without their documents."""
    rows = Version.objects.select_related("published_by", "restores").annotate(
        rule_count=RuleCount("document")
    )
    return rows.defer("document", "restores__document")


def subscriptions() -> QuerySet[Subscription]:
    """With the number of deliveries that wait."""
    waiting = Hook.objects.filter(subscription=OuterRef("pk"), state=Hook.State.WAITING).order_by()
    counted = waiting.values("subscription").annotate(number=Count("pk")).values("number")
    return Subscription.objects.select_related("campaign", "created_by").annotate(
        due=Coalesce(Subquery(counted), 0)
    )


def reps_for(user: User) -> QuerySet[Rep]:
    """All reps for ops and services, the team's for a manager, and nobody but oneself for a rep."""
    reps = Rep.objects.select_related("user", "team", "load")
    if user.is_ops or user.role == User.Role.SERVICE:
        return reps
    return reps.filter(team__manager=user) if user.role == User.Role.MANAGER else reps.filter(pk=user.pk)


@dataclass(frozen=True, slots=True)
class Why:
    decision: int | None
    reason: str


def why(lead: Lead) -> Why:
    """The latest decision about a lead, in a sentence."""
    latest = Decision.objects.filter(lead=lead).select_related("actor").order_by("-decided_at", "-id").first()
    if latest is None:
        return Why(None, f"Waiting in the queue “{lead.queue}” to be routed." if lead.queue else "")
    return Why(latest.pk, sentences([latest])[latest.pk])
