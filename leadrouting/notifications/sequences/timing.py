"""When a step is due."""

from __future__ import annotations

from datetime import datetime

from leadrouting.businesstime import ALWAYS
from leadrouting.notifications.models import Step
from leadrouting.sla.plan import by
from leadrouting.teams.person import Person


def due(step: Step, begun_at: datetime, owner: Person | None) -> datetime:
    """So long after the beginning (UTC), in the owner's office hours if the step says so and somebody owns the lead."""
    if step.hours == Step.Hours.ALWAYS:
        return begun_at + step.after
    return by((owner.calendar if owner else None) or ALWAYS, begun_at, step.after, ())
