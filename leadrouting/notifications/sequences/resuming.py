"""A sequence that was stopped goes on where it was."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from leadrouting.notifications.events import last_closed
from leadrouting.notifications.models import Enrolment, Event, Step
from leadrouting.notifications.sequences.stopping import BECAUSE
from leadrouting.notifications.sequences.timing import due
from leadrouting.teams.snapshot import people_now

State = Enrolment.State


def resume(stopped: Enrolment, step: Step, now: datetime) -> None:
    """With this step next: the time in between does not count. What had ended it before `now` ends it no more."""
    stopped.begun_at += now - (stopped.ended_at or now)
    owner = people_now().reps.get(stopped.lead.owner_id or 0)
    stopped.next_at = max(due(step, stopped.begun_at, owner), now)
    stopped.state, stopped.why, stopped.ended_at, stopped.since = State.RUNNING, "", None, now
    stopped.save()


def resume_undone(events: Iterable[Event], now: datetime) -> None:
    """Called when events are handed on: those that an outcome had stopped which was taken back."""
    undone = {one.lead_id for one in events if one.kind == Event.Kind.UNDONE}
    if not undone:
        return
    stopped = (
        Enrolment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("sequence", "lead")
        .prefetch_related("sequence__steps")
        .filter(
            lead__in=undone,
            lead__closed_at=None,
            state=State.STOPPED,
            why=BECAUSE[Event.Kind.CLOSED],
            ended_at__gte=last_closed(),
        )
    )
    for one in stopped:
        if step := one.next_step:
            resume(one, step, now)
