"""Values that leads have had lately, most frequent first, to suggest them in a condition."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Count, F, Func, QuerySet
from django.db.models.expressions import BaseExpression
from django.db.models.fields.json import KeyTextTransform

from leadrouting.engine.facts import CUSTOM_PREFIX
from leadrouting.leads.models import Lead

SHOWN = 50
LOOKED_AT = 5000
"""Only the newest leads are read: the answer comes while somebody types."""
ELSEWHERE = {"account_tier": "account__tier", "campaign": "campaign__key"}
OPEN = frozenset(
    (
        "source campaign medium country region city postal_code language time_zone email_domain job_title "
        "company industry product tier tags behaviour_events account_tier landing_page referrer "
        "utm_source utm_medium utm_campaign utm_term utm_content"
    ).split()
)


def values_seen(fact: str) -> list[str]:
    """Empty for facts that are no words. One query."""
    if fact in OPEN:
        return counted(F(ELSEWHERE.get(fact, fact)), is_list=isinstance(field(fact), ArrayField))
    if fact.startswith(CUSTOM_PREFIX):
        return counted(KeyTextTransform(fact.removeprefix(CUSTOM_PREFIX), "attributes"))
    return []


def field(fact: str) -> object:
    return None if fact in ELSEWHERE else Lead._meta.get_field(fact)


def counted(value: F | BaseExpression, is_list: bool = False) -> list[str]:
    newest = Lead.objects.order_by("-created_at", "-pk").values("pk")[:LOOKED_AT]
    seen = Func(value, function="unnest", output_field=CharField()) if is_list else value
    leads: QuerySet[Lead] = Lead.objects.filter(pk__in=newest).order_by()
    rows = leads.annotate(seen=seen).values("seen").annotate(n=Count("pk")).order_by("-n", "seen")
    return [row["seen"] for row in rows[: SHOWN + 2] if row["seen"]][:SHOWN]
