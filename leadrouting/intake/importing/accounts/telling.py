"""What a row says of an account."""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from typing import Any

from leadrouting.engine.values import fold
from leadrouting.intake.importing.errors import BadRow
from leadrouting.intake.importing.mapping import Mapping
from leadrouting.intake.importing.numbers import amount
from leadrouting.leads.domains import clean_domain, clean_domains
from leadrouting.leads.normalise import InvalidValue

PLAIN = ("name", "external_id", "tier", "owner", "parent", "parent_id", "lifetime_value")
TARGETS = (*PLAIN, "domains", "website")
SHARED = frozenset(
    "facebook.com linkedin.com instagram.com twitter.com x.com youtube.com xing.com google.com wixsite.com "
    "wordpress.com blogspot.com github.io tiktok.com linktr.ee business.site".split()
)
"""Where anybody may have a page: no company's own domain."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is blank says nothing. `website` is the domain of its web site, if that is its own; `values` are plain
    fields. `parent` and `parent_id` name the account above it; where a system has one column for it, that may hold either."""

    name: str = ""
    external_id: str = ""
    domains: list[str] = field(default_factory=list)
    website: str = ""
    parent: str = ""
    parent_id: str = ""
    owner: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def called(self) -> str:
        return folded(self.name)


def folded(name: str) -> str:
    """As names are compared: without case, accents, and the number of spaces."""
    return " ".join(fold(name).split())


def told_by(row: Map[str, str], mapping: Mapping) -> Told:
    """Raises BadRow."""
    said: dict[str, str] = {}
    for column, target in mapping.columns.items():
        text = " ".join(row[column].split())
        text = mapping.values.get(target, {}).get(text, text)
        if target and text:
            said[target] = f"{said[target]} {text}" if target in said else text
    prefix = mapping.prefixes.get("external_id", "")
    one = Told(
        name=said.get("name", ""),
        external_id=f"{prefix}{said['external_id']}" if "external_id" in said else "",
        domains=domains_in(said.get("domains", "")),
        website=website_in(said.get("website", "")),
        parent=said.get("parent", ""),
        parent_id=f"{prefix}{above}"
        if (above := said.get("parent_id") or (prefix and said.get("parent")))
        else "",
        owner=said.get("owner", ""),
        values=values_in(said),
    )
    if not (one.name or one.external_id or one.domains):
        raise BadRow("Which account is it? Write its name, its id or its domain.")
    return one


def domains_in(text: str) -> list[str]:
    try:
        return clean_domains(text)
    except InvalidValue as error:
        raise BadRow(f"domains: {error}") from None


def website_in(text: str) -> str:
    """The first that is a company's own; an address of something else says nothing."""
    for one in text.split():
        try:
            domain = clean_domain(one)
        except InvalidValue:
            continue
        if not any(domain == shared or domain.endswith(f".{shared}") for shared in SHARED):
            return domain
    return ""


def values_in(said: Map[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {"tier": said["tier"]} if "tier" in said else {}
    if text := said.get("lifetime_value"):
        try:
            values["lifetime_value"] = amount(text)
        except ValueError:
            raise BadRow(f"lifetime_value: “{text[:60]}” is no amount. Write it like 1250.00.") from None
        if not 0 <= values["lifetime_value"] < 10**12:
            raise BadRow("lifetime_value: write an amount from 0 to 999,999,999,999.")
    return values
