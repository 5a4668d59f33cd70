"""What all admin pages share: habits of lists and forms. Knows no app."""

from leadrouting.common.console.base import OpsAdmin, ReadOnly
from leadrouting.common.console.inlines import Inline, PositionedFormSet, ReadOnlyInline

__all__ = ["Inline", "OpsAdmin", "PositionedFormSet", "ReadOnly", "ReadOnlyInline"]
