from leadrouting.sla.models.clock import Clock, Escalation, Pause
from leadrouting.sla.models.policy import Policy, PolicyCondition, Rung, Target
from leadrouting.sla.models.recount import Recount
from leadrouting.sla.models.ring import Ring
from leadrouting.sla.models.stay import Overstay

__all__ = [
    "Clock",
    "Escalation",
    "Overstay",
    "Pause",
    "Policy",
    "PolicyCondition",
    "Recount",
    "Ring",
    "Rung",
    "Target",
]
