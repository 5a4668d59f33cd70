from leadrouting.notifications.models.chat import ChatAddress
from leadrouting.notifications.models.device import Device, ServerKey
from leadrouting.notifications.models.dispatch import Dispatch
from leadrouting.notifications.models.event import Event
from leadrouting.notifications.models.hook import Hook
from leadrouting.notifications.models.lane import Lane
from leadrouting.notifications.models.message import Message
from leadrouting.notifications.models.optout import OptOut
from leadrouting.notifications.models.preference import Muted, QuietHours
from leadrouting.notifications.models.sequence import Enrolment, Sequence, SequenceCondition, Step
from leadrouting.notifications.models.subscription import Subscription
from leadrouting.notifications.models.task import Task
from leadrouting.notifications.models.workflow import Template, Workflow

__all__ = [
    "ChatAddress",
    "Device",
    "Dispatch",
    "Enrolment",
    "Event",
    "Hook",
    "Lane",
    "Message",
    "Muted",
    "OptOut",
    "QuietHours",
    "Sequence",
    "SequenceCondition",
    "ServerKey",
    "Step",
    "Subscription",
    "Task",
    "Template",
    "Workflow",
]
