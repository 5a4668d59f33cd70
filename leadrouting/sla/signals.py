"""What notifications listen to. Sent inside the transaction that they speak of."""

from django.dispatch import Signal

escalated = Signal()
"""A clock has taken a step. Arguments: `clock` (with lead and rep), `step`, `now`, `outcome` (the reassignment's, or None)."""

set_away = Signal()
"""The system has set a rep away after missed deadlines. Arguments: `rep` (with user and team), `misses`, `now`."""
