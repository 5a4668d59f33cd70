from leadrouting.notifications.models.dispatch import Dispatch
from leadrouting.notifications.models.event import Event
from leadrouting.notifications.models.message import Message

__all__ = ["Dispatch", "Event", "Message"]
