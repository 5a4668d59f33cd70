"""Custom attributes in people's words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from leadrouting.engine.values import read_moment, read_number
from leadrouting.leads.attributes.reading import BLANK, Definitions
from leadrouting.leads.models import Attribute


def told(values: Mapping[str, Any], definitions: Definitions) -> list[tuple[str, str]]:
    """Label and value of each, in the order of labels; then those that nobody defines any more, as they are."""
    defined = [
        (str(capfirst(one.label)), worded(one, values[key]))
        for key, one in definitions.items()
        if values.get(key) not in BLANK
    ]
    return [*defined, *leftover(values, definitions)]


def leftover(values: Mapping[str, Any], definitions: Definitions) -> list[tuple[str, str]]:
    return [
        (str(capfirst(key.replace("_", " "))), plainly(value))
        for key, value in values.items()
        if key not in definitions
    ]


def worded(attribute: Attribute, value: Any) -> str:
    """One value, with its unit; moments in the time zone of the person who looks."""
    if attribute.type == Attribute.Type.NUMBER and (number := read_number(value)) is not None:
        text = f"{number:,}" if isinstance(number, int) else f"{Decimal(number):,f}"
        return f"{text} {attribute.unit}".strip()
    if attribute.type == Attribute.Type.MOMENT and (moment := read_moment(value)) is not None:
        return date_format(localtime(moment), "j M Y, H:i")
    return plainly(value)


def plainly(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
