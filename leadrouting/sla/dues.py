"""What the pulse itself looks after: clocks, and leads that still wait to be routed."""

from leadrouting.sla.pulse import Due, register

CLOCKS = Due(
    name="clocks",
    task="leadrouting.sla.tasks.sweep_clocks",
    queue="pulse",
    statement="SELECT min(wake_at) FROM sla_clock WHERE ended_at IS NULL",
)
ROUTING = Due(
    name="routing",
    task="leadrouting.sla.tasks.sweep_routing",
    queue="pulse",
    statement="SELECT min(route_at) FROM leads_lead WHERE route_at IS NOT NULL",
)


def register_all() -> None:
    register(CLOCKS)
    register(ROUTING)
