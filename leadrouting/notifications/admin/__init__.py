from leadrouting.notifications.admin import dispatches, events, messages, workflows

__all__ = ["dispatches", "events", "messages", "workflows"]
