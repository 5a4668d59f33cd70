"""What follows from what is known: language from the text, time zone from the phone, company from the e-mail's domain,
urgency from words. Pure; nothing is looked up anywhere. What was given always wins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import phonenumbers
from phonenumbers import timezone as phone_zones

from leadrouting.common.zones import titles
from leadrouting.leads.enums import Channel, EmailKind, Urgency

LANGUAGES = (
    "ar bg cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv ms nl no pl pt ro ru sk sl sr sv th tr uk ur vi zh"
).split()
"""Those that prospects are likely to write: rarer ones only win by accident in a short text."""
LETTERS, MARGIN = 12, 5.0
"""A text with fewer letters, or with a runner-up as close as this (natural logarithm of the odds), says nothing."""
LONGEST = 2_000
"""Characters that are looked at."""

SECOND = frozenset("co com org net gov ac edu ne or go".split())
"""Second parts of national domains, such as co.uk."""

WORDS = {
    Urgency.NOW: (
        "asap urgent urgently immediately today dringend sofort heute eilig urgence urgente urgentemente immédiatement "
        "aujourd'hui inmediatamente hoy hoje imediatamente oggi subito spoed vandaag pilne dzisiaj срочно сегодня "
        "至急 紧急 urgentissimo jetzt"
    ).split()
}
QUICK = (Channel.PHONE, Channel.WHATSAPP, Channel.CHAT)
"""Who comes this way is waiting at the other end."""

Found = tuple[Any, str]
"""A value, and what it was found from."""


def is_derived(mark: Any) -> bool:
    """Whether an entry of `Lead.original` says that the value only followed from others."""
    return isinstance(mark, Mapping) and "from" in mark and mark["from"] != "score"


def derived(values: Mapping[str, Any]) -> dict[str, Found]:
    """Only for fields that are blank."""
    found: dict[str, Found] = {}
    text = str(values.get("message", ""))
    if not values.get("language") and (language := language_of(text)):
        found["language"] = language, "text"
    if not values.get("time_zone") and (zone := zone_of(str(values.get("phone", "")))):
        found["time_zone"] = zone, "phone"
    is_business = values.get("email_kind") == EmailKind.BUSINESS
    if is_business and not values.get("company") and (company := company_of(str(values["email_domain"]))):
        found["company"] = company, "e-mail"
    if not values.get("urgency") and (urgency := urgency_of(text, values.get("channel"))):
        found["urgency"] = urgency
    return found


def language_of(text: str) -> str:
    """The code of the language, where there is no doubt; else empty."""
    text = re.sub(r"\S*[@/]\S*|\d+", " ", text[:LONGEST]).strip()
    if sum(map(str.isalpha, text)) < (LETTERS if text.isascii() else LETTERS // 3):
        return ""
    (best, first), (_, second) = identifier().rank(text)[:2]
    return str(best) if first - second >= MARGIN else ""


@cache
def identifier() -> Any:
    """Read when the first text is looked at: it takes half a second."""
    import py3langid

    py3langid.set_languages(LANGUAGES)
    return py3langid


def zone_of(phone: str) -> str:
    """Where a number can only be in one time zone."""
    if not phone:
        return ""
    try:
        zones = phone_zones.time_zones_for_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        return ""
    return zones[0] if len(zones) == 1 and zones[0] in titles() else ""


def company_of(domain: str) -> str:
    """`mail.acme-corp.co.uk` is Acme Corp."""
    labels = domain.split(".")
    if len(labels) > 2 and labels[-2] in SECOND and len(labels[-1]) == 2:
        labels = labels[:-1]
    if len(labels) < 2 or labels[-2].startswith("xn--"):
        return ""
    words = re.split(r"[-_]+", labels[-2])
    return " ".join(word if len(word) > 3 and not word.islower() else word.capitalize() for word in words)


def urgency_of(text: str, channel: Any) -> Found | None:
    words = set(re.findall(r"[\w']+", text[:LONGEST].casefold()))
    for urgency, known in WORDS.items():
        if word := next((word for word in known if word in words), ""):
            return urgency.value, f"“{word}”"
    return (Urgency.SOON.value, "channel") if channel in QUICK else None
