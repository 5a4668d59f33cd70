"""Decisions to read, leads to try, and what reps, pools and queues carry."""

from leadrouting.assignments.admin import (
    campaigns,
    carried,
    decisions,
    declining,
    judged,
    merging,
    replays,
    rerouting,
    territories,
)

__all__ = [
    "campaigns",
    "carried",
    "decisions",
    "declining",
    "judged",
    "merging",
    "replays",
    "rerouting",
    "territories",
]
