"""Seeded rules and leads for the benchmarks: realistic shares, every fact type and every operator in use."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from leadrouting.engine.facts import Catalogue, Fact, FactType
from leadrouting.engine.model import Condition, Rule, RuleSet, Step, StepKind
from leadrouting.engine.operators import Arity, Operator, arity, operators_for

CATALOGUE = Catalogue(
    [
        Fact("attributes.plan", FactType.CHOICE, "plan"),
        Fact("attributes.seats", FactType.NUMBER, "seats"),
        Fact("attributes.use_case", FactType.TEXT, "use case"),
    ]
)


def _words(text: str) -> list[str]:
    return text.split()


COUNTRIES = _words(
    "US IN DE GB FR ES IT NL PL SE NO DK FI AT CH BE PT IE CZ RO HU GR TR IL AE SA ZA NG KE EG"
)
COUNTRIES += _words(
    "BR MX AR CL CO PE CA AU NZ JP KR CN HK SG MY TH VN PH ID PK BD LK NP UA RS HR BG SK SI LT LV"
)
SOURCES = _words(
    "google linkedin facebook referral webinar event partner newsletter organic direct g2 capterra"
)
PRODUCTS = _words("crm billing analytics chat phone forms inbox payroll hr-suite erp warehouse bi")
INDUSTRIES = _words(
    "software retail banking insurance health education logistics energy media travel law food"
)
LANGUAGES = _words("en de fr es it nl pl sv pt tr ar hi ja ko zh")
WORDS = _words(
    "free pricing demo enterprise migration integration security api mobile cloud team small large"
)
ROLES = _words("head chief vice junior senior lead group regional global founding")
CRAFTS = _words("engineer buyer officer manager director analyst developer marketer recruiter accountant")
FIELDS = _words("sales marketing finance operations it people support product data legal")
TOWNS = (
    "München",
    "São Paulo",
    "Zürich",
    "Málaga",
    "Kraków",
    "Łódź",
    "Pune",
    "Austin",
    "Leeds",
    "Lyon",
    "Umeå",
)
TAGS = [f"tag-{number}" for number in range(60)]
EVENTS = _words(
    "pricing-seen whitepaper demo-asked trial-started docs-read video-seen chat-opened seminar-joined"
)
DAYS = _words("monday tuesday wednesday thursday friday saturday sunday")
START = datetime(2026, 1, 1, tzinfo=UTC)


def path(country: str, random_: random.Random) -> list[str]:
    place = COUNTRIES.index(country)
    return [
        "world",
        f"zone-{place % 4}",
        f"area-{place % 16}",
        country.lower(),
        f"{country}-{random_.randrange(9)}",
    ]


def _pick(items: list[str] | tuple[str, ...], skew: float = 1.6) -> Callable[[random.Random], str]:
    """The first items come up more often, as countries and sources do."""
    return lambda r: items[int(len(items) * r.random() ** skew)]


# What a fact's value may be, also as an operand. Numbers that come from decimal columns are text, as in a lead.
VALUES: dict[str, Callable[[random.Random], Any]] = {
    "source": _pick(SOURCES),
    "channel": _pick(("form", "chat", "whatsapp", "email", "phone", "import")),
    "campaign": lambda r: f"campaign-{r.randrange(80)}",
    "medium": _pick(("cpc", "email", "social", "organic", "referral")),
    "utm_source": _pick(SOURCES),
    "utm_campaign": lambda r: f"{r.choice(WORDS)}-{r.choice(FIELDS)}-{r.randrange(400)}",
    "utm_term": lambda r: f"{r.choice(WORDS)} {r.choice(PRODUCTS)} {r.choice(WORDS)}",
    "country": _pick(COUNTRIES, 2.2),
    "region": lambda r: f"Region {r.randrange(120)}",
    "city": lambda r: f"{r.choice(TOWNS)} {r.randrange(30)}",
    "postal_code": lambda r: f"{r.randrange(10_000, 99_999)}",
    "language": _pick(LANGUAGES, 2.2),
    "time_zone": lambda r: f"Area/City_{r.randrange(40)}",
    "product": _pick(PRODUCTS),
    "industry": _pick(INDUSTRIES),
    "company_size": lambda r: int(10 ** (r.random() * 4.5)),
    "deal_size": lambda r: f"{10 ** (2 + r.random() * 4):.2f}",
    "budget": lambda r: f"{10 ** (2 + r.random() * 4):.2f}",
    "urgency": _pick(("normal", "low", "high")),
    "score": lambda r: r.randrange(101),
    "tier": _pick(("standard", "plus", "vip")),
    "priority": _pick(("normal", "low", "high", "urgent")),
    "tags": lambda r: r.choice(TAGS),
    "behaviour_events": lambda r: r.choice(EVENTS),
    "email_domain": lambda r: (
        f"{r.choice(WORDS)}{r.randrange(100_000)}.{r.choice(('com', 'de', 'io', 'edu'))}"
    ),
    "email_kind": _pick(("business", "free", "disposable")),
    "job_title": lambda r: f"{r.choice(ROLES)} {r.choice(FIELDS)} {r.choice(CRAFTS)}".title(),
    "landing_page": lambda r: f"/{r.choice(PRODUCTS)}/{r.choice(WORDS)}?id={r.randrange(10**9)}",
    "is_repeat": lambda r: r.random() < 0.2,
    "has_account": lambda r: r.random() < 0.3,
    "account_tier": _pick(("standard", "plus", "vip")),
    "lifetime_value": lambda r: f"{r.random() * 1e5:.2f}",
    "received_weekday": lambda r: r.choice(DAYS),
    "received_hour": lambda r: r.randrange(24),
    "received_at": lambda r: (START + timedelta(seconds=r.randrange(31_000_000))).isoformat(),
    "attributes.plan": _pick(("gold", "silver", "basic", "trial")),
    "attributes.seats": lambda r: r.randrange(1, 500),
    "attributes.use_case": lambda r: f"{r.choice(WORDS)} for {r.choice(FIELDS)}, ref {r.randrange(10**6)}",
}
BLANK_SHARE = {"account_tier": 0.7, "lifetime_value": 0.5, "attributes.use_case": 0.3, "utm_term": 0.3}
LOGIC = ("1 AND (2 OR 3)", "(1 OR 2) AND 3", "1 AND 2 AND NOT 3", "1 AND (2 OR NOT 3)", "1 AND NOT (2 OR 3)")
OFTEN = ("country", "source", "product", "tier", "language", "industry", "deal_size", "channel", "tags")
PARTS: dict[str, Callable[[random.Random], str]] = {
    "postal_code": lambda r: str(r.randrange(10, 99)),
    "landing_page": lambda r: f"/{r.choice(PRODUCTS)}",
    "utm_campaign": lambda r: r.choice(WORDS),
    "utm_source": lambda r: r.choice(SOURCES)[:4],
    "utm_term": lambda r: r.choice(PRODUCTS),
    "city": lambda r: r.choice(TOWNS)[:4].upper(),
    "region": lambda r: f"region {r.randrange(1, 13)}",
    "job_title": lambda r: r.choice((*ROLES, *CRAFTS)),
    "email_domain": lambda r: r.choice((".edu", ".de", *WORDS)),
    "attributes.use_case": lambda r: r.choice(FIELDS),
}


def leads(count: int, seed: int) -> list[str]:
    """Leads as JSON, no two alike; decoded, they are what `facts_of` gives."""
    r = random.Random(seed)
    return [json.dumps(_lead(r, number)) for number in range(count)]


def _lead(r: random.Random, number: int) -> dict[str, Any]:
    lead = {key: make(r) for key, make in VALUES.items() if r.random() >= BLANK_SHARE.get(key, 0.03)}
    lead["tags"] = r.sample(TAGS, r.randrange(5))
    lead["behaviour_events"] = r.sample(EVENTS, r.randrange(4))
    if "country" in lead:
        lead["territory"] = path(lead["country"], r)
    lead["email_domain"] = f"company{number}.{r.choice(('com', 'de', 'io', 'edu'))}"
    return {key: value for key, value in lead.items() if value != []}


def rule_set(count: int, seed: int) -> RuleSet:
    """Rules of three to six conditions: where, what, and then anything; one in eight with OR or NOT, one in
    two hundred with logic so wide that part of it is left to be checked.

    Narrow rules go first, as ops order them; the last one takes everything.
    """
    r = random.Random(seed)
    rules = sorted((_rule(r, number) for number in range(1, count)), key=lambda rule: -len(rule.conditions))
    numbered = [replace(rule, id=place) for place, rule in enumerate(rules, start=1)]
    return RuleSet(1, (*numbered, Rule(count, "everything else", ladder=_ladder(r))), catch_all=1)


def _rule(r: random.Random, number: int) -> Rule:
    wide = r.random() < 0.005
    size = 12 if wide else r.choice((3, 3, 4, 4, 5, 6))
    where = "country" if r.random() < 0.6 else "territory"
    keys = dict.fromkeys((where, r.choice(("product", "source", "campaign", "industry"))))
    while len(keys) < size:
        keys[r.choice((*OFTEN, *VALUES, *PARTS))] = None
    conditions = tuple(_condition(r, key, narrow=place < 2) for place, key in enumerate(keys))
    if wide:
        logic = "1 AND 2 AND " + " AND ".join(f"({index} OR {index + 1})" for index in range(3, size, 2))
    elif r.random() < 0.125:
        logic = r.choice(LOGIC) + "".join(f" AND {index}" for index in range(4, size + 1))
    else:
        logic = ""
    return Rule(number, f"rule {number}", conditions, logic, _ladder(r))


def _ladder(r: random.Random) -> tuple[Step, ...]:
    return Step(StepKind.POOL, r.randrange(1, 200)), Step(StepKind.QUEUE, r.randrange(1, 20))


def _condition(r: random.Random, key: str, *, narrow: bool) -> Condition:
    fact = CATALOGUE[key]
    if key == "territory":
        return Condition(
            key,
            Operator.WITHIN,
            path(VALUES["country"](r), r)[r.choice((2, 3, 3, 4) if narrow else (1, 2, 3))],
        )
    allowed = operators_for(fact.type)
    rare = (Operator.IS_BLANK, Operator.IS_NOT_BLANK, Operator.IS_NOT, Operator.IS_NONE_OF, Operator.MATCHES)
    weights = [(0.0 if narrow else 0.15) if operator in rare else 1.0 for operator in allowed]
    operator = r.choices(allowed, weights)[0]
    if operator in (Operator.CONTAINS, Operator.STARTS_WITH, Operator.ENDS_WITH):
        return Condition(key, operator, PARTS[key](r))
    if operator is Operator.MATCHES:
        return Condition(key, operator, f"(^|\\W){PARTS[key](r)[:5].strip('./')}[a-z0-9]*")
    make = VALUES[key]
    match arity(operator):
        case Arity.NONE:
            return Condition(key, operator)
        case Arity.ONE:
            return Condition(key, operator, make(r))
        case Arity.LIST:
            return Condition(key, operator, tuple(make(r) for _ in range(r.choice((1, 2, 2, 3, 5)))))
        case Arity.RANGE:
            return Condition(key, operator, tuple(sorted((make(r), make(r)), key=_in_order)))


def _in_order(value: Any) -> Any:
    try:
        return float(value)
    except ValueError:
        return value
