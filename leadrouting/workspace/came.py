"""What of a lead is not as it came: derived, put into another form, or not understood."""

from __future__ import annotations

from typing import Any

from leadrouting.leads.enriching import is_derived
from leadrouting.leads.models import Lead

NAMES = {"email": "e-mail", "time_zone": "time zone", "company_size": "company size"}


def came(lead: Lead) -> list[tuple[str, Any]]:
    """Rows for the lead's page, as far as there is something to say."""
    marks = [(named(name), mark) for name, mark in sorted(lead.original.items())]
    otherwise = [f"{name} “{mark}”" for name, mark in marks if isinstance(mark, str)]
    unread = [
        f"{name} “{mark['came']}”" for name, mark in marks if isinstance(mark, dict) and "problem" in mark
    ]
    found = [
        f"{name} from the {mark['from']}" if mark["from"][:1] != "“" else f"{name} from {mark['from']}"
        for name, mark in marks
        if is_derived(mark)
    ]
    rows = [
        ("Not understood", ", ".join(unread)),
        ("As it came", ", ".join(otherwise)),
        ("Found", ", ".join(found)),
    ]
    return [(label, said) for label, said in rows if said]


def named(name: str) -> str:
    return NAMES.get(name, name.removeprefix("attributes.").replace("_", " "))
