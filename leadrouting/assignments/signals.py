"""What upper rooms listen to. All are sent inside the transaction that they speak of."""

from django.dispatch import Signal

decided = Signal()
"""Leads have been decided. Arguments: `outcomes` (list of `routing.Outcome`), `people`, `now`.

Receivers return a list of unsaved rows, which are written with the decisions in the same round trip.
"""

released = Signal()
"""Open assignments are about to end because their leads move on. Arguments: `assignment_ids`, `now`, `cause`."""

responded = Signal()
"""The owner gave the first response. Arguments: `assignment`, `now`."""

closed = Signal()
"""A lead was won, lost or marked as junk. Arguments: `lead`, `now`."""

proposed = Signal()
"""An owned lead has changed and another rule would match it. Arguments: `proposal`, `now`."""

replayed = Signal()
"""Stored decisions have been recomputed. Arguments: `replay` (the stored run), `now`."""
