"""A lead's row -> the facts that rules ask about."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from leadrouting.engine.territories.nodes import Spot, spot
from leadrouting.teams.snapshot import People

COLUMNS = tuple(
    (
        "channel source medium utm_source utm_medium utm_campaign utm_term utm_content landing_page "
        "country region city postal_code language time_zone product industry company_size deal_size "
        "budget urgency priority score tier tags behaviour_events email_domain email_kind is_repeat "
        "job_title company referrer"
    ).split()
)
"""Columns of Lead that are facts under their own name."""


def facts_of(row: dict[str, Any], people: People) -> dict[str, Any]:
    """Facts as plain JSON values, blanks left out; office hours and territories are resolved by now.

    `row` holds COLUMNS and `campaign`, `account_domains`, `account_tier`, `lifetime_value`, `account_owner`, `previous_owner`,
    `attributes`, `created_at`. Weekday and hour are the prospect's own where the time zone is known, else UTC.
    """
    facts: dict[str, Any] = {name: plain(row[name]) for name in COLUMNS}
    local = row["created_at"].astimezone(zone_or_utc(row["time_zone"]))
    facts.update(
        campaign=row["campaign"],
        territory=list(people.atlas.match(spot_of(row))),
        has_account=row["account_id"] is not None,
        account_tier=row["account_tier"],
        account_owner_known=row["account_owner"] is not None,
        previous_owner_known=row["previous_owner"] is not None,
        lifetime_value=plain(row["lifetime_value"]),
        received_at=row["created_at"].isoformat(),
        received_weekday=WEEKDAYS[local.weekday()],
        received_hour=local.hour,
    )
    facts.update((f"attributes.{key}", value) for key, value in row["attributes"].items())
    return {key: value for key, value in facts.items() if value not in BLANK}


def spot_of(row: dict[str, Any]) -> Spot:
    """What of the row says which territory the lead belongs to; without an account its e-mail's domain stands in."""
    return spot(
        row["country"],
        row["region"],
        row["postal_code"],
        row["industry"],
        row["company_size"],
        row["account_domains"] or row["email_domain"],
    )


BLANK: tuple[Any, ...] = (None, "", [], ())
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def plain(value: Any) -> Any:
    """Decimals as text: exact, and the same when read back from JSON."""
    return value if value is None or isinstance(value, (str, int, bool, list)) else str(value)


def zone_or_utc(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")
