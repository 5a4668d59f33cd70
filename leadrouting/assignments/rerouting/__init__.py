"""Moving a selection of leads: a look before, portions of one transaction each, and the way back."""

from leadrouting.assignments.rerouting.choosing import MOST, counts, select
from leadrouting.assignments.rerouting.looking import LOOKED_AT, Look, preview
from leadrouting.assignments.rerouting.moving import go_on, start, stop, undo, unfinished

__all__ = [
    "LOOKED_AT",
    "MOST",
    "Look",
    "counts",
    "go_on",
    "preview",
    "select",
    "start",
    "stop",
    "undo",
    "unfinished",
]
