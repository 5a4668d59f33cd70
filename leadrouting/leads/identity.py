"""The same person again: which lead an enquiry belongs to, and what becomes of it there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any

from django.db import connection
from django.db.models import Case, IntegerField, Q, Value, When
from django.db.models.functions import Coalesce

from leadrouting.leads.enums import CLOSED, Status
from leadrouting.leads.models import Campaign, Lead
from leadrouting.leads.models.origin import Repeats

IDENTITY = ("external_id", "email", "phone")
OPEN_FIRST = Case(When(status__in=CLOSED, then=Value(1)), default=Value(0), output_field=IntegerField()).asc()


class Way(Enum):
    NEW = auto()
    JOINS = auto()
    REOPENS = auto()


@dataclass(frozen=True, slots=True)
class Earlier:
    """The lead that an enquiry may belong to. `sent_again`: it came with this very external id before."""

    lead: Lead
    sent_again: bool = False

    def new_to_it(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What may be told to the lead. An external id that is known stays with the lead that had it first, which may
        have been merged into this one."""
        return {**values, "external_id": None} if self.sent_again else dict(values)


@dataclass(frozen=True, slots=True)
class Return:
    """Somebody whose lead was there already has enquired at `at` (UTC). `days`: since it was closed, when the
    enquiry `reopens` it. `quiet`: of long ago, so no clock starts and nobody is told."""

    lead: int
    at: datetime
    reopens: bool
    days: int = 0
    quiet: bool = False


def policy_of(campaign: Campaign | None) -> tuple[str, int]:
    """What becomes of repeats, and within how many days lost leads are reopened. Without a campaign: the default."""
    campaign = campaign or Campaign()
    return campaign.repeats, campaign.reopen_days


def way_of(
    earlier: Earlier | None, values: Mapping[str, Any], at: datetime, *, is_reply: bool = False
) -> Way:
    """By the policy of the enquiry's campaign. An external id is one enquiry for good: sent again it joins its lead,
    open or closed, and reopens nothing. A reply belongs to the open lead, whatever the campaign says."""
    if earlier is None:
        return Way.NEW
    lead, (repeats, days) = earlier.lead, policy_of(values.get("campaign"))
    if earlier.sent_again:
        return Way.JOINS
    if lead.is_open:
        return Way.NEW if repeats == Repeats.NEW and not is_reply else Way.JOINS
    if repeats != Repeats.JOIN or lead.status != Status.LOST or lead.closed_at is None:
        return Way.NEW
    return Way.REOPENS if timedelta() <= at - lead.closed_at < timedelta(days=days) else Way.NEW


def one_at_a_time(people: Iterable[Mapping[str, Any]]) -> None:
    """Until the transaction ends, other enquiries of the same people wait here, and then find these leads.

    Everybody takes these locks first, in one statement and in the same order, then those of leads in id order.
    """
    keys = {f"{name}:{values[name]}" for values in people for name in IDENTITY if values.get(name)}
    if keys:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(key, 0)) FROM unnest(%s::text[]) key ORDER BY key",
                [sorted(keys)],
            )


def earlier_of(values: Mapping[str, Any]) -> Earlier | None:
    """The lead of the same external id, else the same person's newest by e-mail or phone, an open one first.

    A lead that was merged stands for the one that was kept.
    """
    if key := values.get("external_id"):
        exact = Lead.objects.filter(external_id=key).select_related("merged_into").first()
        if exact is not None:
            return Earlier(exact.merged_into or exact, sent_again=True)
    same = Q()
    for name in ("email", "phone"):
        if values.get(name):
            same |= Q(**{name: values[name]})
    if not same:
        return None
    kept = Lead.objects.filter(same).values(kept=Coalesce("merged_into_id", "pk"))
    found = Lead.objects.filter(pk__in=kept).order_by(OPEN_FIRST, "-created_at", "-id").first()
    return Earlier(found) if found else None


def earlier_lead(values: Mapping[str, Any]) -> Lead | None:
    earlier = earlier_of(values)
    return earlier.lead if earlier else None


def locked(lead_ids: Iterable[int]) -> dict[int, Lead]:
    """As they are, locked in id order."""
    leads = Lead.objects.select_for_update(no_key=True).filter(pk__in=set(lead_ids)).order_by("pk")
    return {lead.pk: lead for lead in leads}
