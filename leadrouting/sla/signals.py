"""What notifications listen to. Sent inside the transaction that they speak of."""

from django.dispatch import Signal

escalated = Signal()
"""A clock has taken steps. Arguments: `clock` (with lead and rep), `steps` (what was done, see `sla.plan`), `now`,
`outcome` (of the move to somebody else, or None), `since` (a sentence on what has become of the lead where the clock did
not do it; may be empty). `stays`: it should have moved, and could not."""

overstayed = Signal()
"""Leads have waited in a queue past its window. Arguments: `queue` (with owner), `step` (see `Overstay.Step`),
`leads`, `told` (users), `now`."""

set_away = Signal()
"""The system has set a rep away after missed deadlines. Arguments: `rep` (with user and team), `misses`, `now`."""
