"""What a rule can ask about a lead: a closed, typed catalogue, plus `attributes.<key>` that ops define."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches

from leadrouting.engine.codes import Codes
from leadrouting.engine.fact_types import FactType as FactType
from leadrouting.engine.spans import ANY_NUMBER, Span

CUSTOM_PREFIX = "attributes."


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known about a lead.

    `label` is written as in the middle of a sentence. `choices` are (value, label) pairs; a choice fact
    without them is open: any text may be compared with it. A place fact's value is the list of node codes
    from the root of the territory tree to the most specific node. `always`: no lead is without it. `span`: the
    numbers that leads can have; what lies between or beyond them does not exist for the analysis. `codes`: values
    are codes of things that have names.
    """

    key: str
    type: FactType
    label: str
    group: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    help: str = ""
    always: bool = False
    span: Span = ANY_NUMBER
    codes: Codes | None = field(default=None, compare=False)


class UnknownFactError(KeyError):
    """There is no fact of this name; the message names the nearest ones."""

    def __init__(self, key: str, known: Iterable[str]) -> None:
        super().__init__(key)
        self.key = key
        self.near = tuple(get_close_matches(key.strip().lower(), list(known), n=3, cutoff=0.75))

    def __str__(self) -> str:
        if not self.near:
            return f"There is no fact “{self.key}”."
        return (
            f"There is no fact “{self.key}”. Did you mean {' or '.join(f'“{near}”' for near in self.near)}?"
        )


class FactConflictError(ValueError):
    """A custom fact would change what a built-in one means, or two custom facts share a key."""


WEEKDAYS = tuple(
    (day.lower(), day)
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
)


_ALWAYS = frozenset("channel priority is_repeat has_account account_owner_known previous_owner_known".split())

_LARGEST_AMOUNT = Decimal("999999999999.99")
_AMOUNT = Span(-_LARGEST_AMOUNT, _LARGEST_AMOUNT, places=2)
_SPANS = {
    "company_size": Span(0, 2**31 - 1, places=0),
    "score": Span(-(2**15), 2**15 - 1, places=0),
    "deal_size": _AMOUNT,
    "budget": _AMOUNT,
    "lifetime_value": Span(0, _LARGEST_AMOUNT, places=2),
}
"""What the columns of a lead and its account hold, and what their constraints allow."""


def _facts(group: str, *facts: tuple[str, FactType, str, dict[str, str]]) -> tuple[Fact, ...]:
    return tuple(
        Fact(
            key,
            type_,
            label,
            group,
            unit=more.get("unit", ""),
            help=more.get("help", ""),
            always=key in _ALWAYS,
            span=_SPANS.get(key, ANY_NUMBER),
        )
        for key, type_, label, more in facts
    )


_C, _T, _N, _Y = FactType.CHOICE, FactType.TEXT, FactType.NUMBER, FactType.YES_NO

CATALOGUE: tuple[Fact, ...] = (
    *_facts(
        "Where it came from",
        ("source", _C, "source", {}),
        ("channel", _C, "channel", {"help": "Form, chat, WhatsApp, e-mail, phone, import and so on."}),
        ("campaign", _C, "campaign", {}),
        ("medium", _C, "medium", {}),
        ("utm_source", _T, "UTM source", {}),
        ("utm_medium", _T, "UTM medium", {}),
        ("utm_campaign", _T, "UTM campaign", {}),
        ("utm_term", _T, "UTM term", {}),
        ("utm_content", _T, "UTM content", {}),
        ("landing_page", _T, "landing page", {}),
        ("referrer", _T, "referrer", {}),
    ),
    *_facts(
        "Where they are",
        ("country", _C, "country", {"help": "Two-letter code, such as DE."}),
        ("region", _T, "region", {}),
        ("city", _T, "city", {}),
        ("postal_code", _T, "postal code", {}),
        ("language", _C, "language", {}),
        ("time_zone", _C, "time zone", {"help": "IANA name, such as Asia/Kolkata."}),
        ("territory", FactType.PLACE, "territory", {"help": "Matches the territory and all below it."}),
    ),
    *_facts(
        "Who they are",
        ("email_domain", _T, "e-mail domain", {}),
        ("email_kind", _C, "e-mail kind", {"help": "Business, free or disposable."}),
        ("job_title", _T, "job title", {}),
        ("company", _T, "company", {}),
        ("company_size", _N, "company size", {"unit": "employees"}),
        ("industry", _C, "industry", {}),
        ("tags", FactType.SET, "tags", {}),
    ),
    *_facts(
        "What they want",
        ("product", _C, "product", {}),
        ("deal_size", _N, "deal size", {}),
        ("budget", _N, "budget", {}),
        ("urgency", _C, "urgency", {}),
        ("score", _N, "score", {"unit": "points"}),
        ("tier", _C, "tier", {}),
        ("priority", _C, "priority", {}),
        ("behaviour_events", FactType.SET, "behaviour events", {"help": "Such as: pricing page seen."}),
    ),
    *_facts(
        "What we know",
        ("is_repeat", _Y, "repeat enquiry", {}),
        ("has_account", _Y, "existing account", {}),
        ("account_tier", _C, "account tier", {}),
        ("account_owner_known", _Y, "account owner known", {}),
        ("previous_owner_known", _Y, "previous owner known", {}),
        ("lifetime_value", _N, "lifetime value", {}),
    ),
    Fact(
        *("received_weekday", _C, "received weekday", "When", WEEKDAYS),
        help="In the lead's own time zone.",
        always=True,
    ),
    Fact(
        *("received_hour", _N, "received hour", "When"),
        help="0 to 23, in the lead's own time zone.",
        always=True,
        span=Span(0, 23, places=0),
    ),
    Fact("received_at", FactType.MOMENT, "time received", "When", always=True),
)


class Catalogue(Mapping[str, Fact]):
    """The built-in facts plus custom ones.

    A custom fact's key is `attributes.<key>`; one with a built-in key and type replaces it, to give it the
    choices that the database knows. Raises `FactConflictError` for anything else, and `UnknownFactError`
    when a key is looked up that is not there.
    """

    __slots__ = ("_facts",)

    def __init__(self, custom: Iterable[Fact] = ()) -> None:
        self._facts = {fact.key: fact for fact in CATALOGUE}
        replaced: set[str] = set()
        for fact in custom:
            known = self._facts.get(fact.key)
            if fact.key in replaced:
                raise FactConflictError(f"“{fact.key}” is defined twice.")
            if known is None and not fact.key.startswith(CUSTOM_PREFIX):
                raise FactConflictError(
                    f"“{fact.key}” is not built in: a custom fact starts with “{CUSTOM_PREFIX}”."
                )
            if known is not None and known.type is not fact.type:
                raise FactConflictError(f"“{fact.key}” is a {known.type} and cannot become a {fact.type}.")
            replaced.add(fact.key)
            self._facts[fact.key] = fact

    def __getitem__(self, key: str) -> Fact:
        try:
            return self._facts[key]
        except KeyError:
            raise UnknownFactError(key, self._facts) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)
