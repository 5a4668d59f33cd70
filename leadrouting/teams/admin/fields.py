"""Form fields that several pages of this room share."""

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django.forms import ChoiceField
from unfold.widgets import UnfoldAdminSelect2Widget


@cache
def zones() -> list[tuple[str, str]]:
    """All zones by name, the usable ones only: no `Etc/GMT+5`, whose sign is the wrong way round."""
    usual = (zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix")))
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in sorted(usual))]


class ZoneField(ChoiceField):
    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "Type a city to find it, e.g. Berlin.")
        super().__init__(choices=zones, widget=UnfoldAdminSelect2Widget, **options)
