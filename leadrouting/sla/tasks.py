"""The doorbells of the pulse. Both may ring twice, or together, at any time."""

from django.utils import timezone

from leadrouting.assignments.services import route_due
from leadrouting.sla.services import act_on_due_clocks
from leadrouting.sla.stays import escalate_due
from leadrouting.sla.sweeps import sweep


def sweep_clocks() -> int:
    return sweep(act_on_due_clocks, clock=timezone.now)


def sweep_routing() -> int:
    return sweep(route_due, clock=timezone.now)


def sweep_queues() -> int:
    return sweep(escalate_due, clock=timezone.now)
