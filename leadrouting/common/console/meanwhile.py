"""Two people, or two tabs, save what cannot be both: what the second one reads."""

from __future__ import annotations

from django.apps import apps
from django.db import IntegrityError
from django.db.models import BaseConstraint

MEANWHILE = (
    "Somebody else has changed this in the meantime, perhaps you in another tab. Nothing of yours was saved: "
    "this is how it is now."
)


def said_of(error: IntegrityError) -> str:
    """Begins with the constraint's own message, where it has one."""
    diagnosis = getattr(error.__cause__, "diag", None)
    constraint = constraint_named(getattr(diagnosis, "constraint_name", None) or "")
    if constraint is None or constraint.violation_error_message == constraint.default_violation_error_message:
        return MEANWHILE
    return f"{constraint.violation_error_message} {MEANWHILE}"


def constraint_named(name: str) -> BaseConstraint | None:
    every = (one for model in apps.get_models() for one in model._meta.constraints)
    return next((one for one in every if one.name == name), None)
