"""What this room asks of rooms above it, which it does not know."""

from django.dispatch import Signal

attributes_in_use = Signal()
"""Sent with `keys`, of custom attributes; receivers answer with `{key: [Use, ...]}`: what asks about each."""

returned = Signal()
"""People whose leads were there already have enquired, sent in that transaction with the leads locked. Arguments:
`returns` (list of `identity.Return`, one for each lead)."""

linked = Signal()
"""Leads that were there already have got an account, sent in that transaction with the leads locked. Arguments: `leads`
(their keys)."""

mended = Signal()
"""Leads have been put right in bulk, sent in that transaction with the leads locked. Arguments: `leads` (the keys of those
that are open)."""
