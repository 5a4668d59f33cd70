"""What happens a moment after the transaction in which something happened."""

from django.dispatch import Signal

spread = Signal()
"""Events are handed on, each lead's in order. Arguments: `events` (list of Event, with lead), `now`. Receivers write what
follows, in this transaction; they may be called again for the same event, should this transaction fail."""

sent = Signal()
"""A dispatch has left, in the transaction that says so. Arguments: `dispatch` (with message, recipient and lead), `now`."""

failed = Signal()
"""A dispatch to a prospect has failed for good, in the transaction that says so. Arguments: `dispatch`, `now`."""
