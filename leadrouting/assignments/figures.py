"""How rules do: the leads that each placed, and what became of them. Three queries for any number of rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value

from leadrouting.assignments.judging import disputes_of_rules
from leadrouting.assignments.models import Assignment, Decision
from leadrouting.leads.enums import CLOSED, Status
from leadrouting.rules.models import Rule
from leadrouting.rules.signals import RuleFigures


def figures_of(rule_ids: Collection[int], *, since: datetime, now: datetime) -> dict[int, RuleFigures]:
    """From `since` up to `now` (UTC). A lead counts once for each rule that placed it."""
    placed = Decision.objects.filter(decided_at__gte=since, decided_at__lt=now).order_by()
    mine = Decision.objects.filter(rule_id=OuterRef("pk"))
    last = mine.filter(decided_at__lt=now).order_by("-decided_at").values("decided_at")[:1]
    of_rule = placed.filter(rule_id=OuterRef("pk"))
    rules = Rule.objects.filter(pk__in=rule_ids).order_by()
    rows = rules.annotate(
        leads=counted(of_rule, "rule_id"),
        all=counted(placed.annotate(one=Value(1)), "one"),
        last=Subquery(last),
    )
    ends = {row["rule"]: row for row in ended(rule_ids, since, now)}
    disputes = disputes_of_rules(rule_ids, since, now)
    return {
        pk: RuleFigures(
            leads=leads or 0,
            share=(leads or 0) / all_leads if all_leads else 0.0,
            won=ends[pk]["won"] if pk in ends else 0,
            closed=ends[pk]["closed"] if pk in ends else 0,
            last_hit=last_hit,
            disputed=disputes.get(pk, 0),
        )
        for pk, leads, all_leads, last_hit in rows.values_list("pk", "leads", "all", "last")
    }


def counted(decisions: QuerySet[Decision], by: str) -> Subquery:
    """How many leads these decisions are about."""
    return Subquery(
        decisions.values(by).annotate(n=Count("lead_id", distinct=True)).values("n"),
        output_field=IntegerField(),
    )


def ended(rule_ids: Collection[int], since: datetime, now: datetime) -> Iterable[Mapping[str, Any]]:
    """Leads closed in the time, by the rule that gave them to the owner who closed them."""
    return (
        Assignment.objects.filter(
            ended_at=None,
            lead__closed_at__gte=since,
            lead__closed_at__lt=now,
            lead__status__in=CLOSED,
            decision__rule_id__in=rule_ids,
        )
        .order_by()
        .values(rule=F("decision__rule_id"))
        .annotate(closed=Count("pk"), won=Count("pk", filter=Q(lead__status=Status.WON)))
    )
