"""What the pulse itself looks after: clocks, leads that still wait to be routed, and what may free somebody for them."""

from leadrouting.sla.pulse import Due, register
from leadrouting.sla.stays import NEXT

CLOCKS = Due(
    name="clocks",
    task="leadrouting.sla.tasks.sweep_clocks",
    queue="pulse",
    statement="SELECT min(wake_at) FROM sla_clock WHERE wake_at IS NOT NULL",
)
ROUTING = Due(
    name="routing",
    task="leadrouting.sla.tasks.sweep_routing",
    queue="pulse",
    statement="SELECT min(route_at) FROM leads_lead WHERE route_at IS NOT NULL",
)
DRAINING = Due(
    name="draining",
    task="leadrouting.sla.tasks.sweep_routing",
    queue="pulse",
    statement="SELECT date_trunc('second', min(at)) FROM assignments_stir",
)
"""Whole seconds, so that the bell rings once for all that stirs within one."""
STAYS = Due(
    name="queues",
    task="leadrouting.sla.tasks.sweep_queues",
    queue="pulse",
    statement=NEXT,
)


def register_all() -> None:
    register(CLOCKS)
    register(ROUTING)
    register(DRAINING)
    register(STAYS)
