"""What a refused lead's complaints are, in one line for whoever mends it."""

from __future__ import annotations

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError


def said(error: ValidationError) -> str:
    return " ".join(
        " ".join(texts) if name == NON_FIELD_ERRORS else f"{name}: {' '.join(texts)}"
        for name, texts in error.message_dict.items()
    )
