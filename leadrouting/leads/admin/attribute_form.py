"""Defining a custom attribute: the choices one a line, the key suggested by the label."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import CharField, ModelForm
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from leadrouting.engine.values import fold
from leadrouting.leads.attributes import check_choices
from leadrouting.leads.models import Attribute
from leadrouting.leads.normalise import clean_text

Type = Attribute.Type
LONGEST, MOST = 60, 200


class AttributeForm(ModelForm):
    key = CharField(
        required=False,
        max_length=40,
        widget=UnfoldAdminTextInputWidget,
        help_text="Its short name in imports and the API, e.g. budget_band. It cannot be changed later. "
        "Empty: made from the label.",
    )
    choices = CharField(
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 8}),
        help_text="One on each line. Empty: any text may be given.",
    )

    class Meta:
        model = Attribute
        fields = ["label", "key", "type", "choices", "unit", "help"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial["choices"] = "\n".join(self.instance.choices)

    def clean_label(self) -> str:
        label = clean_text(self.cleaned_data["label"])
        others = Attribute.objects.exclude(pk=self.instance.pk).values_list("label", flat=True)
        if same := next((other for other in others if fold(other) == fold(label)), None):
            raise ValidationError(f"There is an attribute “{same}” already: choose another label.")
        return label

    def clean_key(self) -> str:
        key = self.cleaned_data["key"].strip() or key_from(self.cleaned_data.get("label", ""))
        if Attribute.objects.exclude(pk=self.instance.pk).filter(key=key).exists():
            raise ValidationError(f"There is an attribute with the key “{key}” already: choose another key.")
        return key

    def clean_choices(self) -> list[str]:
        choices = unique(self.cleaned_data["choices"])
        if self.instance.pk:
            check_choices(self.instance, choices)
        return choices

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or self.cleaned_data
        kind = clean.get("type") or self.instance.type
        if clean.get("choices") and kind not in (Type.CHOICE, Type.SET):
            self.add_error("choices", f"“{Type(kind).label}” has no choices: leave this empty.")
        if clean.get("unit") and kind != Type.NUMBER:
            self.add_error("unit", "Only numbers have a unit: leave this empty.")
        return clean


def key_from(label: str) -> str:
    """ "Größe (Büro)" -> "grosse_buro"."""
    key = re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_")[:40].strip("_")
    return key if key[:1].isalpha() else f"a_{key}"[:40].strip("_")


def unique(lines: str) -> list[str]:
    """The choices, trimmed, each once. Raises ValidationError."""
    first: dict[str, str] = {}
    for text in texts(lines):
        first.setdefault(fold(text), text)
    choices = list(first.values())
    if comma := next((one for one in choices if "," in one), None):
        raise ValidationError(
            f"“{comma}” has a comma, which stands between several values in rules and imports. Write it without."
        )
    if long := next((one for one in choices if len(one) > LONGEST), None):
        raise ValidationError(f"“{long}” is too long: a choice has at most {LONGEST} characters.")
    if len(choices) > MOST:
        raise ValidationError(f"These are {len(choices)} choices; at most {MOST} are possible.")
    return choices


def texts(lines: str) -> list[str]:
    return [text for line in lines.splitlines() if (text := clean_text(line))]
