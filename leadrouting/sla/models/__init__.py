from leadrouting.sla.models.clock import Clock, Escalation, Pause
from leadrouting.sla.models.policy import Policy, PolicyCondition, Rung, Target
from leadrouting.sla.models.ring import Ring

__all__ = ["Clock", "Escalation", "Pause", "Policy", "PolicyCondition", "Ring", "Rung", "Target"]
