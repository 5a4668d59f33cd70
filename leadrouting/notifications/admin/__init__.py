from leadrouting.notifications.admin import dispatches, events, messages

__all__ = ["dispatches", "events", "messages"]
