"""What of a lead is not as it came: derived, put into another form, or not understood."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leadrouting.leads.called import called
from leadrouting.leads.enriching import is_derived
from leadrouting.leads.models import Lead

FOUND_FROM = {
    "text": gettext_lazy("{name} from the text"),
    "phone": gettext_lazy("{name} from the phone"),
    "e-mail": gettext_lazy("{name} from the e-mail"),
    "channel": gettext_lazy("{name} from the channel"),
}


def came(lead: Lead) -> list[tuple[str, Any]]:
    """Rows for the lead's page, as far as there is something to say."""
    marks = [(named(name), mark) for name, mark in sorted(lead.original.items())]
    otherwise = [f"{name} “{mark}”" for name, mark in marks if isinstance(mark, str)]
    unread = [
        f"{name} “{mark['came']}”" for name, mark in marks if isinstance(mark, dict) and "problem" in mark
    ]
    found = [
        (FOUND_FROM.get(mark["from"]) or _("{name} from {words}")).format(name=name, words=mark["from"])
        for name, mark in marks
        if is_derived(mark)
    ]
    rows = [
        (_("Not understood"), ", ".join(unread)),
        (_("As it came"), ", ".join(otherwise)),
        (_("Found"), ", ".join(found)),
    ]
    return [(label, said) for label, said in rows if said]


def named(name: str) -> str:
    return _("e-mail") if name == "email" else called(name)
