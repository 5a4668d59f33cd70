"""The questions of a form, as its page shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leadrouting.intake.models import Form
from leadrouting.intake.readers.submissions import Said
from leadrouting.leads.attributes import PREFIX, definitions
from leadrouting.leads.models import Attribute

LABELS = {
    "name": "Your name",
    "email": "E-mail",
    "phone": "Phone",
    "company": "Company",
    "job_title": "Job title",
    "message": "How can we help?",
    "country": "Country",
    "region": "Region",
    "city": "City",
    "postal_code": "Postal code",
    "language": "Language",
    "product": "Product",
    "industry": "Industry",
    "company_size": "Employees",
    "budget": "Budget",
    "deal_size": "Deal size",
    "referred_by": "Who told you about us?",
}
"""Fields that a form can ask for, custom attributes apart."""
USUAL = ("name", "email", "phone", "company", "message")
KINDS = {"email": "email", "phone": "tel", "company_size": "number", "message": "area"}
COMPLETE = {
    "name": "name",
    "email": "email",
    "phone": "tel",
    "company": "organization",
    "job_title": "organization-title",
    "country": "country-name",
    "city": "address-level2",
    "postal_code": "postal-code",
}
"""What browsers fill in by themselves."""
TYPES = {Attribute.Type.NUMBER: "number", Attribute.Type.YES_NO: "box", Attribute.Type.CHOICE: "select"}


@dataclass(frozen=True, slots=True)
class Question:
    name: str
    label: str
    kind: str
    is_required: bool
    value: str
    error: str
    complete: str = "off"
    choices: Sequence[str] = ()


def questions(form: Form, told: Said, errors: Mapping[str, str]) -> list[Question]:
    """One query more where a custom attribute is asked for."""
    rows = [(one.name, one.label, one.is_required) for one in form.fields.all()] or [
        (name, "", name == "email") for name in USUAL
    ]
    own = definitions() if any(name.startswith(PREFIX) for name, *_ in rows) else {}
    asked: list[Question] = []
    for name, label, is_required in rows:
        attribute = own.get(name.removeprefix(PREFIX)) if name.startswith(PREFIX) else None
        if name.startswith(PREFIX) and attribute is None:
            continue  # it was taken away meanwhile
        shown = label or (attribute.label.capitalize() if attribute else LABELS.get(name, name))
        kind = TYPES.get(Attribute.Type(attribute.type), "text") if attribute else KINDS.get(name, "text")
        asked.append(
            Question(
                name,
                shown,
                kind,
                is_required,
                told.get(name),
                errors.get(name, ""),
                COMPLETE.get(name, "off"),
                tuple(attribute.choices) if attribute else (),
            )
        )
    return asked
