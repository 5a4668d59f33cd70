"""Custom attributes on a form: an input that fits each type. Fields are named `attributes.<key>`, as errors are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import (
    CharField,
    ChoiceField,
    DateTimeField,
    DateTimeInput,
    DecimalField,
    Field,
    MultipleChoiceField,
)
from django.utils.text import capfirst
from django.utils.timezone import localtime
from unfold.widgets import (
    INPUT_CLASSES,
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from leadrouting.engine.values import fold, read_moment, read_number, read_yes_no
from leadrouting.leads.attributes import PREFIX, Definitions, clean_attributes
from leadrouting.leads.models import Attribute

Type = Attribute.Type
CLOCK = "%Y-%m-%dT%H:%M"


def name_of(attribute: Attribute) -> str:
    return f"{PREFIX}{attribute.key}"


def value_fields(definitions: Definitions, held: Mapping[str, Any] | None = None) -> dict[str, Field]:
    """A field for each attribute, by its name, lists of boxes to tick last. What a lead holds and is no choice any
    more stays on offer."""
    held = held or {}
    ordered = sorted(definitions.values(), key=has_boxes)
    return {name_of(one): field_of(one, held.get(one.key)) for one in ordered}


def has_boxes(attribute: Attribute) -> bool:
    return attribute.type == Type.SET and bool(attribute.choices)


def field_of(attribute: Attribute, held: Any = None) -> Field:
    common: dict[str, Any] = {
        "label": capfirst(attribute.label),
        "required": False,
        "help_text": " ".join(filter(None, [unit_of(attribute), attribute.help])),
    }
    options = choices_of(attribute, held)
    match attribute.type:
        case Type.CHOICE if options:
            return ChoiceField(
                choices=[("", "Not known"), *options], widget=UnfoldAdminSelectWidget, **common
            )
        case Type.SET if options:
            return MultipleChoiceField(
                choices=options, widget=UnfoldAdminCheckboxSelectMultipleWidget, **common
            )
        case Type.YES_NO:
            answers = [("", "Not known"), ("yes", "Yes"), ("no", "No")]
            return ChoiceField(choices=answers, widget=UnfoldAdminSelectWidget, **common)
        case Type.NUMBER:
            return DecimalField(widget=UnfoldAdminDecimalFieldWidget(attrs={"step": "any"}), **common)
        case Type.MOMENT:
            widget = DateTimeInput({"type": "datetime-local", "class": " ".join(INPUT_CLASSES)}, CLOCK)
            return DateTimeField(widget=widget, **common)
    return CharField(max_length=500, widget=UnfoldAdminTextInputWidget, **common)


def unit_of(attribute: Attribute) -> str:
    if attribute.type == Type.MOMENT:
        return "Your time."
    if attribute.type == Type.SET and not attribute.choices:
        return "Several are separated by commas."
    return f"In {attribute.unit}." if attribute.unit else ""


def choices_of(attribute: Attribute, held: Any) -> list[tuple[str, str]]:
    if not attribute.choices:
        return []
    known = {fold(choice) for choice in attribute.choices}
    parts = held if isinstance(held, list) else [held] if held else []
    gone = [str(part) for part in parts if fold(str(part)) not in known]
    return [(choice, choice) for choice in attribute.choices] + [
        (one, f"{one} (no choice now)") for one in gone
    ]


def initials(definitions: Definitions, held: Mapping[str, Any]) -> dict[str, Any]:
    return {name_of(one): initial_of(one, held[key]) for key, one in definitions.items() if key in held}


def initial_of(attribute: Attribute, value: Any) -> Any:
    """A stored value as its field shows it; None when it is not of its type."""
    match attribute.type:
        case Type.YES_NO:
            answer = read_yes_no(value)
            return None if answer is None else "yes" if answer else "no"
        case Type.NUMBER:
            number = read_number(value)
            return None if number is None else Decimal(number)
        case Type.MOMENT:
            moment = read_moment(value)
            return localtime(moment).replace(second=0, microsecond=0) if moment else None
        case Type.SET:
            members = value if isinstance(value, list) else [value]
            return [str(one) for one in members] if attribute.choices else ", ".join(map(str, members))
    return value if isinstance(value, str) else str(value)


def typed_values(definitions: Definitions, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as these fields would be filled, by name; only those that a field takes without changing them."""
    typed: dict[str, Any] = {}
    for one in definitions.values():
        value = facts.get(name_of(one))
        shown = None if value is None else initial_of(one, value)
        shown = shown.strftime(CLOCK) if isinstance(shown, datetime) else shown
        if shown is not None and is_kept(one, shown, value):
            typed[name_of(one)] = shown
    return typed


def is_kept(attribute: Attribute, shown: Any, value: Any) -> bool:
    try:
        read = clean_attributes({attribute.key: field_of(attribute).clean(shown)}, {attribute.key: attribute})
    except ValidationError:
        return False
    return read == {attribute.key: value}


def given_in(clean: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The values of these fields by key, as `clean_attributes` reads them; None where a field was emptied."""
    return {
        name.removeprefix(PREFIX): None if clean.get(name) in ("", None, []) else clean[name]
        for name in names
        if name.startswith(PREFIX)
    }
