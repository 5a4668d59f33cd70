"""In which format an answer is given."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.negotiation import DefaultContentNegotiation


class Negotiation(DefaultContentNegotiation):
    """An unknown `?format=` is a wrong parameter; the framework would say that nothing is here."""

    def filter_renderers(self, renderers: Iterable[Any], format: str) -> list[Any]:
        every = list(renderers)
        found = [renderer for renderer in every if renderer.format == format]
        if not found:
            known = ", ".join(renderer.format for renderer in every)
            raise ValidationError({"format": [f"There is no format “{format}”. There is: {known}."]})
        return found
