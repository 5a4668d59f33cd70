"""The life of a first-response clock: started with an assignment, met by a response, missed, or cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Model

from leadrouting.assignments.models import Assignment
from leadrouting.assignments.orders import Outcome
from leadrouting.leads.models import Lead
from leadrouting.sla.models import Clock
from leadrouting.sla.policies import deadline, policy_for
from leadrouting.teams.snapshot import People


def started(outcomes: Sequence[Outcome], people: People) -> list[Model]:
    """Unsaved clocks for those outcomes that have an owner and a policy."""
    clocks: list[Model] = []
    for outcome in outcomes:
        rep = outcome.verdict.rep
        counts = rep is not None and not outcome.order.quiet
        policy = policy_for(outcome.facts, people.stamp) if counts else None
        if rep is None or policy is None:
            continue
        due_at = deadline(policy, people.reps[rep].calendar, outcome.starts_at)
        remind_at = due_at - policy.remind_before if policy.remind_before else due_at
        clocks.append(
            Clock(
                assignment_id=outcome.decision,
                lead_id=outcome.lead,
                rep_id=rep,
                policy_id=policy.pk,
                started_at=outcome.starts_at,
                due_at=due_at,
                wake_at=max(remind_at, outcome.starts_at),
            )
        )
    return clocks


def stop(assignment: Assignment, now: datetime) -> None:
    """The owner has answered: met until the deadline, missed after it."""
    running = Clock.objects.filter(assignment=assignment, ended_at=None)
    if not running.filter(due_at__gte=now).update(ended_at=now, outcome=Clock.Outcome.MET):
        running.update(ended_at=now, outcome=Clock.Outcome.MISSED)


def cancel(assignments: Sequence[int], now: datetime) -> None:
    """Ownership ended before the clock did. A clock whose deadline has passed is missed, not cancelled."""
    running = Clock.objects.filter(assignment__in=assignments, ended_at=None)
    running.filter(due_at__lt=now).update(ended_at=now, outcome=Clock.Outcome.MISSED)
    running.update(ended_at=now, outcome=Clock.Outcome.CANCELLED)


def cancel_of_lead(lead: Lead, now: datetime) -> None:
    cancel(list(lead.assignments.filter(ended_at=None).values_list("pk", flat=True)), now)
