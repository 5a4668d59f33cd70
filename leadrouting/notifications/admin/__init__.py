from leadrouting.notifications.admin import dispatches, events, hooks, messages, workflows

__all__ = ["dispatches", "events", "hooks", "messages", "workflows"]
