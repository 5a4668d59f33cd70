"""The facts that rules may ask about, with the choices that this installation knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from leadrouting.common.languages import english, known_code
from leadrouting.common.places import country_code, english_names, region_code, region_names_known
from leadrouting.common.zones import titles, zone_name
from leadrouting.engine.codes import Codes
from leadrouting.engine.facts import CUSTOM_PREFIX, Catalogue, Fact, FactType
from leadrouting.engine.spans import Span
from leadrouting.leads.attributes.reading import LARGEST, PLACES
from leadrouting.leads.enums import Channel, EmailKind, Priority, Urgency
from leadrouting.leads.models import Attribute
from leadrouting.leads.sources import as_known, known_names

CHOICES = {"channel": Channel, "priority": Priority, "urgency": Urgency, "email_kind": EmailKind}
GROUP = "Your own"
COLUMNS = ("key", "label", "type", "choices", "unit", "help")


def catalogue() -> Catalogue:
    """As it is now, custom attributes included. One query, one more when a condition names sources: ask once for a
    page."""
    return with_sources(catalogue_with(Attribute.objects.values(*COLUMNS)))


def with_sources(known: Catalogue) -> Catalogue:
    """Leads hold the key of a source, whatever it came under: a condition that asks for another name of it finds none.
    A source that nobody has named may be asked for."""
    names = cache(known_names)
    codes = Codes("the key of a source", {}, lambda raw: as_known(names(), raw))
    return Catalogue(replace(fact, codes=codes) if fact.key == "source" else fact for fact in known.values())


def catalogue_of(document: Mapping[str, Any]) -> Catalogue:
    """As it was when a version was published: what it asks about never changes afterwards."""
    return catalogue_with(document.get("attributes", ()))


def catalogue_as_it_was(document: Mapping[str, Any]) -> Catalogue:
    """For a version that routed leads once and may do so again: what it asks for need be no code of today."""
    return Catalogue(replace(fact, codes=None) for fact in catalogue_of(document).values())


def catalogue_with(attributes: Iterable[Mapping[str, Any]]) -> Catalogue:
    """The built-in facts and these attributes: rows by COLUMNS."""
    return Catalogue([*built_in(), *map(custom_fact, attributes)])


def custom_fact(attribute: Mapping[str, Any]) -> Fact:
    """Its numbers are those that are kept for it, fractions among them: a unit does not say that it counts."""
    return Fact(
        f"{CUSTOM_PREFIX}{attribute['key']}",
        FactType(attribute["type"]),
        attribute["label"],
        GROUP,
        tuple((choice, choice) for choice in attribute["choices"]),
        attribute["unit"],
        attribute["help"],
        span=Span(-LARGEST, LARGEST, PLACES),
    )


@cache
def built_in() -> tuple[Fact, ...]:
    return (*with_choices(), *with_codes())


def with_codes() -> Iterator[Fact]:
    """Facts that leads hold as codes, however people write them."""
    plain = Catalogue()
    for key, codes in (
        ("country", Codes("the code of a country", english_names(), country_code)),
        (
            "language",
            Codes("the code of a language", english(), known_code),
        ),
        ("region", Codes("the code of a region", region_names_known(), region_code)),
        ("time_zone", Codes("a time zone", titles(), zone_name)),
    ):
        yield replace(plain[key], codes=codes)


def with_choices() -> Iterator[Fact]:
    plain = Catalogue()
    for key, enum in CHOICES.items():
        choices = tuple((value, str(label)) for value, label in enum.choices)
        yield replace(plain[key], choices=choices)
