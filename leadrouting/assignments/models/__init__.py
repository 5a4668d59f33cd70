from leadrouting.assignments.models.books import Load, Roster, Rotation
from leadrouting.assignments.models.decision import Decision
from leadrouting.assignments.models.feedback import Dispute, Feedback
from leadrouting.assignments.models.merge import Merge
from leadrouting.assignments.models.ownership import Assignment
from leadrouting.assignments.models.proposal import Proposal
from leadrouting.assignments.models.replay import Replay
from leadrouting.assignments.models.rerouting import Rerouted, Rerouting
from leadrouting.assignments.models.stir import Stir

__all__ = [
    "Assignment",
    "Decision",
    "Dispute",
    "Feedback",
    "Load",
    "Merge",
    "Proposal",
    "Replay",
    "Rerouted",
    "Rerouting",
    "Roster",
    "Rotation",
    "Stir",
]
