"""The score of leads that are about to be saved: worked out by the rooms above, which know the rules for it."""

from __future__ import annotations

from collections.abc import Sequence

from django.dispatch import Signal

from leadrouting.leads.models import Lead

scoring = Signal()
"""Sent with `leads` (not saved yet, or about to be); receivers set `score` and what follows from it."""

SCORED = ("score", "tier", "urgency", "score_reasons", "original")
"""Fields that may change."""


def score(leads: Sequence[Lead]) -> None:
    scoring.send(None, leads=leads)


def scored_anew(lead: Lead) -> list[str]:
    """Score a lead of which something has changed; the fields that differ from before."""
    before = {name: getattr(lead, name) for name in SCORED}
    score([lead])
    return [name for name, value in before.items() if getattr(lead, name) != value]
