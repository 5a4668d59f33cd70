from leadrouting.notifications.admin import (
    dispatches,
    events,
    hooks,
    messages,
    sequences,
    subscriptions,
    workflows,
)

__all__ = ["dispatches", "events", "hooks", "messages", "sequences", "subscriptions", "workflows"]
