from leadrouting.notifications.models.dispatch import Dispatch
from leadrouting.notifications.models.event import Event
from leadrouting.notifications.models.message import Message
from leadrouting.notifications.models.optout import OptOut
from leadrouting.notifications.models.workflow import Template, Workflow

__all__ = ["Dispatch", "Event", "Message", "OptOut", "Template", "Workflow"]
