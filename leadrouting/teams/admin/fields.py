"""Form fields that several pages of this room share."""

from typing import Any

from django.forms import ChoiceField
from unfold.widgets import UnfoldAdminSelect2Widget

from leadrouting.common.zones import places


def zones() -> list[tuple[str, str]]:
    return [("UTC", "UTC"), *places().items()]


class ZoneField(ChoiceField):
    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "Type a city to find it, e.g. Berlin.")
        super().__init__(choices=zones, widget=UnfoldAdminSelect2Widget, **options)
