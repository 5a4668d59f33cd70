"""Which addresses want nothing."""

from __future__ import annotations

from collections.abc import Iterable

from leadrouting.notifications.models import OptOut


def opted_out(addresses: Iterable[str]) -> set[str]:
    """Those of these addresses that may not be written to. One query."""
    return set(OptOut.objects.filter(address__in=set(addresses)).values_list("address", flat=True))
