"""How many leads came on which day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo

from django.db.models import Count
from django.db.models.functions import TruncDate

from leadrouting.leads.models import Lead


def leads_per_day(now: datetime, zone: tzinfo, days: int = 14) -> dict[date, int]:
    """The last `days` days in `zone` up to today, oldest first, with days on which none came. One query."""
    last = now.astimezone(zone).date()
    first = last - timedelta(days=days - 1)
    since = datetime.combine(first, time.min, tzinfo=zone)
    counted = dict(
        Lead.objects.filter(created_at__gte=since, merged_into=None)
        .annotate(day=TruncDate("created_at", tzinfo=zone))
        .order_by()
        .values_list("day")
        .annotate(number=Count("id"))
    )
    return {day: counted.get(day, 0) for day in (first + timedelta(days=n) for n in range(days))}
