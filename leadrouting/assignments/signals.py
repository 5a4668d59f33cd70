"""What upper rooms listen to. All are sent inside the transaction that they speak of."""

from django.dispatch import Signal

decided = Signal()
"""Leads have been decided. Arguments: `outcomes` (list of `routing.Outcome`), `people`, `now`.

Receivers return a list of unsaved rows, which are written with the decisions in the same round trip.
"""

released = Signal()
"""Open assignments are about to end because their leads move on. Arguments: `assignment_ids`, `now`, `cause`."""

accepted = Signal()
"""The owner takes the lead on; it is not written yet. Arguments: `assignment`, `now`."""

answered = Signal()
"""The owner has written to the prospect, the first time or again; it is not written yet. Arguments: `assignment` (with lead), `now`."""

attempted = Signal()
"""The owner called and nobody answered. Arguments: `assignment` (with its decision), `now`. Receivers return whether
that counts as an answer."""

reported = Signal()
"""It is known only now that somebody who has, or had, a lead wrote to the prospect in the past. Arguments: `assignment`,
`at` (UTC). Receivers return how many missed deadlines were kept after all."""

closed = Signal()
"""Leads were won, lost or marked as junk. Arguments: `ended` (when, UTC, by their keys)."""

restored = Signal()
"""A lead that had been closed or merged into another is open again, with its owner. Arguments: `lead`, `since` (when
it was closed), `now`, `ran_on` (its clocks have not stood still meanwhile)."""

proposed = Signal()
"""An owned lead has changed and another rule would match it. Arguments: `proposal`, `now`."""

replayed = Signal()
"""Stored decisions have been recomputed. Arguments: `replay` (the stored run), `now`."""

disputed = Signal()
"""An owner says that a lead should not be theirs. Arguments: `dispute` (with its assignment, lead, rep and
team), `now`."""

dispute_settled = Signal()
"""Somebody has answered that. Arguments: `dispute` (with its assignment and lead), `now`."""
