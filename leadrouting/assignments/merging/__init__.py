"""Two leads of one person become one, and can be parted again."""

from leadrouting.assignments.merging.choosing import Row, rows
from leadrouting.assignments.merging.doing import merge
from leadrouting.assignments.merging.undoing import undo

__all__ = ["Row", "merge", "rows", "undo"]
