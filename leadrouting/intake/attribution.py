"""Where somebody came from, as addresses tell it: UTM parameters and the click ids of ad networks. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
CLICKS = (
    "gclid",
    "gbraid",
    "wbraid",
    "dclid",
    "fbclid",
    "msclkid",
    "ttclid",
    "li_fat_id",
    "twclid",
    "rdt_cid",
    "sccid",
    "epik",
    "ctwa_clid",
)
"""What Google, Meta, Microsoft, TikTok, LinkedIn, X, Reddit, Snapchat, Pinterest and WhatsApp append to links."""
TOLD = (*UTM, *CLICKS, "landing_page", "referrer", "ad", "referred_by")
"""Names under which a page says where its visitor came from."""


def query_of(address: str) -> dict[str, str]:
    """The parameters of an address; the first of each name. Nothing where it cannot be read."""
    try:
        pairs = parse_qsl(urlsplit(address).query)
    except ValueError:
        return {}
    found: dict[str, str] = {}
    for name, value in pairs:
        found.setdefault(name.lower(), value)
    return found


def attributed(told: Mapping[str, str]) -> dict[str, Any]:
    """Fields of a lead from what was told by name; what the landing page's address says fills the rest."""
    landing = query_of(told.get("landing_page", ""))
    known = {name: told.get(name) or landing.get(name, "") for name in (*UTM, *CLICKS)}
    values: dict[str, Any] = {name: known[name][:120] for name in UTM if known[name]}
    values |= {name: told[name][:500] for name in ("landing_page", "referrer") if told.get(name)}
    values |= {name: told[name][:120] for name in ("ad", "referred_by") if told.get(name)}
    if clicks := {name: known[name][:500] for name in CLICKS if known[name]}:
        values["click_ids"] = clicks
    return values


def tracked(address: str, more: Iterable[tuple[str, str]]) -> str:
    """The address with these parameters, in front of none of its own: what it says already stays."""
    parts = urlsplit(address)
    own = parse_qsl(parts.query, keep_blank_values=True)
    named = {name for name, _ in own}
    added = [(name, value) for name, value in more if value and name not in named]
    return urlunsplit(parts._replace(query=urlencode([*own, *added])))
