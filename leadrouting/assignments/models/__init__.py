from leadrouting.assignments.models.books import Load, Roster, Rotation
from leadrouting.assignments.models.decision import Decision
from leadrouting.assignments.models.ownership import Assignment

__all__ = ["Assignment", "Decision", "Load", "Roster", "Rotation"]
