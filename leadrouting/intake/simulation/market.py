"""Who asks, drawn from a pack's market: the same seed, days and number give the same stream of leads."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from leadrouting.intake.simulation.own import own_attributes

AGAIN = 0.03  # the chance that somebody asks a second time
PHONED = frozenset({"whatsapp", "phone"})


@dataclass(frozen=True, slots=True)
class Arrival:
    """A lead to come: its number in the stream, when (UTC), and what the entrance will be told."""

    number: int
    at: datetime
    values: dict[str, Any]
    luck: float = 1.0


class Market:
    """Draws leads. `pack` holds markets, rhythm, channels, origins, products, industries, tiers, titles, names."""

    def __init__(self, pack: Mapping[str, Any], seed: int | str) -> None:
        self.pack = pack
        self.seed = seed

    def stream(self, number: int, days: int, until: datetime) -> list[Arrival]:
        """`number` leads over the `days` before `until`, in order of arrival."""
        rng = Random(f"{self.seed}:stream")
        last = until.astimezone(UTC).date()
        calendar = [last - timedelta(days=back) for back in range(days, -1, -1)]
        growth, rhythm = self.pack["rhythm"]["growth"], self.pack["rhythm"]
        weights = [
            rhythm["weekdays"][day.weekday()] * growth ** (place / max(days, 1))
            for place, day in enumerate(calendar)
        ]
        markets = self.pack["markets"]
        moments: list[tuple[datetime, int, dict[str, Any]]] = []
        earliest = until - timedelta(days=days)
        while len(moments) < number:
            market = rng.choices(markets, [one["share"] for one in markets])[0]
            day = rng.choices(calendar, weights)[0]
            at = moment(rng, day, rhythm["hours"], market["time_zone"])
            if earliest <= at < until:
                moments.append((at, len(moments), market))
        arrivals: list[Arrival] = []
        for place, (at, _, market) in enumerate(sorted(moments, key=lambda one: one[:2])):
            arrivals.append(self.lead(place, at, market, arrivals))
        return arrivals

    def lead_now(self, number: int, now: datetime) -> Arrival:
        """One lead that comes in at `now`, from a market where people are awake."""
        rng = Random(f"{self.seed}:now:{number}")
        hours = self.pack["rhythm"]["hours"]
        markets = self.pack["markets"]
        weights = [
            one["share"] * hours[now.astimezone(ZoneInfo(one["time_zone"] or "UTC")).hour] for one in markets
        ]
        return self.lead(number, now, rng.choices(markets, weights)[0], [])

    def lead(self, number: int, at: datetime, market: dict[str, Any], before: list[Arrival]) -> Arrival:
        """The lead with this number, all from a chance of its own: others do not change it."""
        rng = Random(f"{self.seed}:{number}")
        if before and rng.random() < AGAIN:
            earlier = rng.choice(before)
            again = {"message": rng.choice(self.pack["companies"]["messages"]), "channel": "email"}
            return Arrival(number, at, {**earlier.values, **again}, earlier.luck)
        tier = rng.choices(self.pack["tiers"], [one["share"] for one in self.pack["tiers"]])[0]
        values = {
            **self.place(rng, market),
            **self.person(rng, number, market),
            **self.origin(rng, market),
            **self.wish(rng, tier),
        }
        if values["channel"] in PHONED:
            values["phone"] = f"+1 201 555 {number % 10000:04d}"  # numbers kept free for fiction
        values["attributes"] = own_attributes(rng, self.pack.get("attributes", []))
        return Arrival(number, at, {key: value for key, value in values.items() if value}, tier["luck"])

    def place(self, rng: Random, market: dict[str, Any]) -> dict[str, Any]:
        region = rng.choice(list(market["places"]))
        return {
            "country": market["country"],
            "region": region,
            "city": market["places"][region],
            "time_zone": market["time_zone"],
            "language": market["language"],
        }

    def person(self, rng: Random, number: int, market: dict[str, Any]) -> dict[str, Any]:
        names, companies = self.pack["names"][market["names"]], self.pack["companies"]
        first, last = rng.choice(names["first"]), rng.choice(names["last"])
        company = f"{rng.choice(companies['first'])} {rng.choice(companies['last'])}"
        chance = rng.random()
        domain = f"{plain(company)}{number}.example"
        if chance < 0.02:
            domain = "mailinator.com"
        elif chance < 0.09:
            domain = "gmail.com"
        elif chance < 0.12 and self.pack.get("accounts"):
            account = rng.choice(self.pack["accounts"])
            company, domain = account["name"], account["domain"]
        return {
            "name": f"{first} {last}",
            "email": f"{plain(first)}.{plain(last)}.{number}@{domain}",
            "company": company,
            "job_title": drawn(rng, self.pack["titles"]),
        }

    def origin(self, rng: Random, market: dict[str, Any]) -> dict[str, Any]:
        channel = drawn(rng, {**self.pack["channels"], **market.get("channels", {})})
        fitting = [
            one
            for one in self.pack["origins"]
            if one["channel"] == channel and market["country"] in one.get("countries", [market["country"]])
        ]
        origin = rng.choices(fitting, [one["share"] for one in fitting])[0] if fitting else {}
        told = {key: value for key, value in origin.items() if key not in ("share", "countries")}
        return {**told, "channel": channel}

    def wish(self, rng: Random, tier: dict[str, Any]) -> dict[str, Any]:
        hot = rng.random() < 0.06
        return {
            "tier": tier["tier"],
            "company_size": round(between(rng, tier["employees"])),
            "deal_size": round(between(rng, tier["deal"]), -2),
            "product": drawn(rng, self.pack["products"]),
            "industry": drawn(rng, self.pack["industries"]),
            "message": rng.choice(self.pack["companies"]["messages"]),
            "behaviour_events": ["pricing-page", "demo-request"] if hot else [],
            "priority": rng.choices(["urgent", "high", "normal", "low"], [3, 12, 75, 10])[0],
        }


def moment(rng: Random, day: date, hours: list[float], zone: str) -> datetime:
    """An instant (UTC) on `day` by the prospect's clock, at an hour as likely as `hours` says."""
    hour = rng.choices(range(24), hours)[0]
    local = datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), ZoneInfo(zone or "UTC"))
    return local.astimezone(UTC) + timedelta(microseconds=rng.randrange(1_000_000))


def drawn(rng: Random, weights: Mapping[str, float]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def between(rng: Random, span: list[float]) -> float:
    """A number in the span; small ones are likelier."""
    low, high = span
    return float(low * (high / low) ** rng.random())


def plain(text: str) -> str:
    """Letters and digits only, without accents, for addresses."""
    ascii_only = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ø", "o").replace("Ł", "L"))
    return re.sub(r"[^a-z0-9]", "", ascii_only.encode("ascii", "ignore").decode().lower()) or "somebody"
