"""The period that a page looks back over, in days, chosen in its address."""

from __future__ import annotations

from leadrouting.workspace.asking import PersonRequest
from leadrouting.workspace.board import number

DAYS = (7, 30, 90)
USUAL = 30


def asked(request: PersonRequest) -> int:
    """What makes no sense is the usual."""
    days = number(request.GET.get("days", ""))
    return days if days in DAYS else USUAL
