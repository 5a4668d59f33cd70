"""From a pack to rows: people, places, pools, promises, and its rule set, published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_duration

from leadrouting.intake.packs.files import Pack, PackError, read_pack
from leadrouting.intake.packs.people import equip
from leadrouting.intake.packs.rules import draft_rules
from leadrouting.leads.models import Account, AccountDomain, Attribute, Campaign
from leadrouting.rules.models import RuleSet
from leadrouting.rules.services import publish
from leadrouting.sla.making import make
from leadrouting.sla.models import Policy
from leadrouting.teams.models import (
    Absence,
    Membership,
    OfficeHours,
    OpeningWindow,
    Pool,
    Queue,
    Rep,
    Team,
    Territory,
    User,
)

POOL_OPTIONS = ("strategy", "absence", "catch_up_limit", "language", "after_hours")
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


@dataclass(frozen=True, slots=True)
class Loaded:
    rule_set: RuleSet
    is_new: bool


@transaction.atomic
def load_pack(name: str, *, now: datetime, since: datetime | None = None) -> Loaded:
    """Set a pack up and make its rules live, as of `since` (by default `now`).

    One that is there already is left as it is, whatever became of it. Raises PackError.
    """
    pack = read_pack(name)
    if known := RuleSet.objects.filter(name=pack["title"]).first():
        return Loaded(known, is_new=False)
    try:
        hours = {entry["name"]: office_hours(entry) for entry in pack.get("office_hours", [])}
        reps = people(pack, hours)
        equip(pack, reps)
        organise(pack, reps, now.date())
        rule_set = draft_rules(pack)
    except KeyError as missing:
        raise PackError(f"The pack “{name}” speaks of {missing}, which it does not define.") from None
    go_live(rule_set, since or now)
    return Loaded(rule_set, is_new=True)


def go_live(rule_set: RuleSet, now: datetime) -> bool:
    """Publish the draft unless a version of it is live; whether that was needed."""
    if rule_set.versions.filter(is_live=True).exists():
        return False
    ops = User.objects.filter(username="ops").first()
    publish(rule_set=rule_set, by=ops, now=now, summary="As in the pack")
    return True


def office_hours(entry: dict[str, Any]) -> OfficeHours:
    place = {key: entry.get(key, "") for key in ("time_zone", "country", "subdivision")}
    hours, is_new = OfficeHours.objects.get_or_create(name=entry["name"], defaults=place)
    if is_new:
        OpeningWindow.objects.bulk_create(
            OpeningWindow(office_hours=hours, weekday=day, opens=opens, closes=closes)
            for days, *windows in entry["week"]
            for day in weekdays(days)
            for opens, closes in (window.split("-") for window in windows)
        )
    return hours


def weekdays(span: str) -> Iterator[int]:
    """ "sun-thu" -> 6, 0, 1, 2, 3."""
    first, _, last = span.partition("-")
    day, end = DAYS.index(first), DAYS.index(last or first)
    while day != end:
        yield day
        day = (day + 1) % 7
    yield end


def person(entry: dict[str, Any], role: str) -> User:
    user, is_new = User.objects.get_or_create(
        username=entry["username"],
        defaults={
            "name": entry["name"],
            "email": f"{entry['username']}@leadrouting.example",
            "role": role,
            "time_zone": entry.get("time_zone", "UTC"),
        },
    )
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


def people(pack: Pack, hours: dict[str, OfficeHours]) -> dict[str, Rep]:
    teams: dict[str, Team] = {}
    for entry in pack["teams"]:
        opening = hours[entry["office_hours"]] if "office_hours" in entry else None
        teams[entry["name"]], _ = Team.objects.get_or_create(
            name=entry["name"],
            defaults={
                "manager": person(entry["manager"], User.Role.MANAGER),
                "office_hours": opening,
            },
        )
    reps: dict[str, Rep] = {}
    for entry in pack["reps"]:
        opening = hours[entry["office_hours"]] if "office_hours" in entry else None
        reps[entry["username"]], _ = Rep.objects.get_or_create(
            user=person(entry, User.Role.REP),
            defaults={
                "team": teams[entry["team"]],
                "time_zone": entry.get("time_zone", "UTC"),
                "office_hours": opening,
                "max_open": entry.get("max_open"),
                "max_day": entry.get("max_day"),
            },
        )
    return reps


def organise(pack: Pack, reps: dict[str, Rep], today: date) -> None:
    """Everything around the people. Absences are in days from `today`."""
    fill_pools(pack, reps)
    set_up_queues(pack)
    for number, entry in enumerate(pack.get("policies", []), 1):
        if not Policy.objects.filter(name=entry["name"]).exists():
            make(**policy_of(entry), precedence=number)
    draw_territories(pack, reps)
    for entry in pack.get("campaigns", []):
        Campaign.objects.get_or_create(key=entry["key"], defaults=entry)
    for entry in pack.get("attributes", []):
        told = {key: value for key, value in entry.items() if key not in ("known", "drawn")}
        Attribute.objects.get_or_create(key=entry["key"], defaults=told)
    for entry in pack.get("accounts", []):
        if not AccountDomain.objects.filter(domain=entry["domain"]).exists():
            told = {key: value for key, value in entry.items() if key != "domain"}
            owner = {"owner": reps[entry["owner"]]} if "owner" in entry else {}
            AccountDomain.objects.create(
                domain=entry["domain"], account=Account.objects.create(**{**told, **owner})
            )
    for entry in pack.get("absences", []):
        first, last = (today + timedelta(days=entry[key]) for key in ("first_day", "last_day"))
        Absence.objects.get_or_create(
            rep=reps[entry["rep"]],
            first_day=first,
            last_day=last,
            defaults={
                "reason": entry.get("reason", ""),
                "backup": reps[entry["backup"]] if "backup" in entry else None,
            },
        )


def fill_pools(pack: Pack, reps: dict[str, Rep]) -> None:
    for entry in pack["pools"]:
        weights = dict.fromkeys(reps, 1) if entry["members"] == "all" else entry["members"]
        options = {key: entry[key] for key in POOL_OPTIONS if key in entry}
        pool, is_new = Pool.objects.get_or_create(name=entry["name"], defaults=options)
        if is_new:
            Membership.objects.bulk_create(
                Membership(pool=pool, rep=reps[username], weight=weight)
                for username, weight in weights.items()
            )


def set_up_queues(pack: Pack) -> None:
    users = {user.username: user for user in User.objects.all()}
    for entry in pack["queues"]:
        Queue.objects.get_or_create(
            name=entry["name"],
            defaults={
                "owner": users[entry["owner"]],
                "alarm_depth": entry.get("alarm_depth", 10),
                "alarm_after": duration(entry, "alarm_after"),
            },
        )


def draw_territories(pack: Pack, reps: dict[str, Rep]) -> None:
    """Those above come first in a pack."""
    for entry in pack.get("territories", []):
        parent = Territory.objects.get(code=entry["parent"]) if "parent" in entry else None
        options = {key: value for key, value in entry.items() if key not in ("code", "parent")}
        options |= {key: reps[entry[key]] for key in ("owner", "backup") if key in entry}
        if "pool" in entry:
            options["pool"] = Pool.objects.get(name=entry["pool"])
        Territory.objects.get_or_create(code=entry["code"], defaults={**options, "parent": parent})


def policy_of(entry: dict[str, Any]) -> dict[str, Any]:
    """As `sla.making.make` takes it: spans are written hh:mm:ss, a step of a ladder is a word or a word and a span."""
    return {
        **entry,
        "within": {kind: parse_duration(span) for kind, span in entry["within"].items()},
        "ladders": {
            kind: [step if isinstance(step, str) else (step[0], parse_duration(step[1])) for step in ladder]
            for kind, ladder in entry.get("ladders", {}).items()
        },
    }


def duration(entry: dict[str, Any], key: str) -> timedelta | None:
    return parse_duration(entry[key]) if key in entry else None
