"""Decisions to read, leads to try, and what reps, pools and queues carry."""

from leadrouting.assignments.admin import carried, decisions, replays

__all__ = ["carried", "decisions", "replays"]
