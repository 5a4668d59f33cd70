"""People and quotas that come after a pack's history, so that the history is the same without them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from leadrouting.assignments.attaining import count_attainment, count_win_rates
from leadrouting.intake.packs.files import Pack
from leadrouting.intake.packs.loading import person
from leadrouting.teams.models import Membership, Pool, Quota, Rep, Team, User


@transaction.atomic
def settle(pack: Pack, now: datetime) -> None:
    """Bring in who is new and set the quotas, change the pools as agreed, then count what routing knows by now. A second time changes nothing."""
    for entry in pack.get("newcomers", []):
        welcome(entry, now)
    for entry in pack.get("quotas", []):
        rep = Rep.objects.get(user__username=entry["rep"])
        Quota.objects.get_or_create(
            rep=rep, defaults={key: entry[key] for key in ("target", "measure", "period")}
        )
    for entry in pack.get("agreed", []):
        Pool.objects.filter(name=entry["pool"]).update(after_hours=entry["after_hours"])
    count_attainment(now)
    count_win_rates(now)


def welcome(entry: dict[str, Any], now: datetime) -> None:
    rep, is_new = Rep.objects.get_or_create(
        user=person(entry, User.Role.REP),
        defaults={
            "team": Team.objects.get(name=entry["team"]),
            "time_zone": entry["time_zone"],
            "started_on": (now - timedelta(days=entry["started"])).date(),
            "max_open": entry.get("max_open"),
            "max_day": entry.get("max_day"),
        },
    )
    if is_new:
        Membership.objects.bulk_create(
            Membership(pool=Pool.objects.get(name=name), rep=rep, weight=weight)
            for name, weight in entry["pools"].items()
        )
