"""A table of their questions and our fields, edited as lines of text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import CharField
from unfold.widgets import UnfoldAdminTextareaWidget

from leadrouting.leads.attributes import PREFIX, definitions, key_named, unknown
from leadrouting.leads.services import FIELDS

TAKEN = FIELDS - {"attributes", "click_ids", "campaign"}


class MappingField(CharField):
    """`their question = our field` a line; a custom attribute by its key or label."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("label", "Their questions, our fields")
        options.setdefault(
            "help_text",
            "One a line, e.g. “Team size = company_size”. Fields of the same name need no line. What is not named "
            "here goes into the message.",
        )
        super().__init__(widget=UnfoldAdminTextareaWidget({"rows": 4, "spellcheck": "false"}), **options)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return "\n".join(f"{question} = {name}" for question, name in value.items())
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)

    def clean(self, value: Any) -> dict[str, str]:
        lines = str(super().clean(value) or "").splitlines()
        found: dict[str, str] = {}
        for line in filter(str.strip, lines):
            question, is_there, name = line.rpartition("=")
            if not is_there or not question.strip() or not name.strip():
                raise ValidationError(f"“{line.strip()}”: write it as “their question = our field”.")
            found[question.strip()] = known(name.strip())
        return found


def known(name: str) -> str:
    """Raises ValidationError."""
    if name in TAKEN:
        return name
    own = definitions()
    if (key := key_named(name.removeprefix(PREFIX), own)) is not None:
        return f"{PREFIX}{key}"
    if name.startswith(PREFIX):
        raise ValidationError(unknown(name.removeprefix(PREFIX), own))
    raise ValidationError(f"Leads have no field “{name}”. They have: {', '.join(sorted(TAKEN))}.")
