"""What rules ask of the rooms above them, which know leads and decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.dispatch import Signal


@dataclass(frozen=True, slots=True)
class RuleFigures:
    """What became of a rule's leads: `leads` it placed, their `share` of all that were placed, how many of
    those `closed` in the time were `won`; `last_hit` (UTC) looks back without end."""

    leads: int = 0
    share: float = 0.0
    won: int = 0
    closed: int = 0
    last_hit: datetime | None = None


measuring = Signal()
"""A page shows rules. Arguments: `rule_ids`, `since`, `now` (UTC). Receivers answer a dict: id to RuleFigures."""
