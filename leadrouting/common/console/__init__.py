"""What all admin pages share: habits of lists and forms. Knows no app."""

from leadrouting.common.console.base import OpsAdmin, ReadOnly
from leadrouting.common.console.inlines import Inline, PositionedFormSet, ReadOnlyInline
from leadrouting.common.console.paging import Endless

__all__ = ["Endless", "Inline", "OpsAdmin", "PositionedFormSet", "ReadOnly", "ReadOnlyInline"]
