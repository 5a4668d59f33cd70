"""The tree of places: listed from the root down. Registered in `assignments`, which knows the leads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Func, IntegerField, QuerySet, Value
from django.http import HttpRequest
from django.utils import timezone
from unfold.decorators import display
from unfold.views import ChangeList

from leadrouting.common.console import OpsAdmin
from leadrouting.teams.admin.territory_fields import shortened
from leadrouting.teams.admin.territory_form import TermInline, TerritoryForm
from leadrouting.teams.models import Pool, Rep, Territory
from leadrouting.teams.territories import area_of

INDENT = "\u2003"


class InTreeOrder(ChangeList):
    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[str]:
        return ["place"]


class TerritoryAdmin(OpsAdmin):
    form = TerritoryForm
    inlines = [TermInline]
    list_display = ["indented", "code", "owned_by", "places"]
    list_select_related = ["parent", "owner__user", "pool", "backup__user"]
    search_fields = ["name", "code"]
    prepopulated_fields = {"code": ["name"]}
    keep_because = "Move the territories below it first."
    fieldsets = [
        (None, {"fields": [("name", "code"), "parent", ("owner", "pool"), "backup"]}),
        (
            "Where: any one of these",
            {
                "fields": ["countries", "regions", "postal_areas"],
                "description": "A lead belongs to the most specific territory that holds it: named accounts come first, then postal codes (the narrower first), regions, countries; then whoever asks for more kinds. A territory below always comes before the one above. What is left blank here is taken from above.",
            },
        ),
        (
            "And of these, as far as filled in",
            {"fields": ["industries", ("size_from", "size_to"), "accounts"]},
        ),
    ]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A code that rules use does not follow a new name."""
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Territory]:
        """In the order of the tree. One query for the order, two for the owners for a time."""
        keys = [key for key, _ in walked()]
        at = Func(
            Value(keys, output_field=ArrayField(BigIntegerField())),
            "pk",
            function="array_position",
            output_field=IntegerField(),
        )
        return (
            Territory.objects.annotate(place=at)
            .order_by("place")
            .prefetch_related("terms__rep__user", "terms__pool")
        )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return InTreeOrder

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        found = super().get_changelist_instance(request)
        depths = dict(walked())
        for row in found.result_list:
            row.depth = depths.get(row.pk, 0)
        return found

    @display(description="Territory")
    def indented(self, territory: Territory) -> str:
        return f"{INDENT * getattr(territory, 'depth', 0)}{territory.name}"

    @display(description="Owner")
    def owned_by(self, territory: Territory) -> str:
        """Whoever owns it now; who comes next is on its page."""
        now = timezone.now()
        for term in territory.terms.all():
            if term.valid_from <= now and (term.valid_until is None or now < term.valid_until):
                until = f" until {timezone.localtime(term.valid_until):%d %b %Y}" if term.valid_until else ""
                return f"{whose(term.rep, term.pool)}{until}"
        if territory.owner is None:
            return whose(None, territory.pool)
        return f"{territory.owner}, backup {territory.backup}" if territory.backup else str(territory.owner)

    @display(description="Places named here")
    def places(self, territory: Territory) -> str:
        said = [
            shortened(territory.countries),
            shortened(territory.regions),
            shortened(str(area_of(one)) for one in territory.postal_areas),
            shortened(territory.industries),
            size_in_words(territory.size_from, territory.size_to),
            shortened(territory.accounts),
        ]
        return "; ".join(one for one in said if one) or "None of its own"


def whose(rep: Rep | None, pool: Pool | None) -> str:
    """The owner of a territory."""
    return str(rep) if rep is not None else f"Pool {pool}" if pool is not None else "–"


def size_in_words(low: int | None, high: int | None) -> str:
    if low is None and high is None:
        return ""
    if high is None:
        return f"{low:,} employees or more"
    return f"{low:,} to {high:,} employees" if low else f"up to {high:,} employees"


def walked() -> list[tuple[int, int]]:
    """Key and depth of every territory from the roots down, by name. One query."""
    below: dict[int | None, list[int]] = {}
    rows = Territory.objects.order_by("name", "id").values_list("pk", "parent_id")
    for key, parent in rows:
        below.setdefault(parent, []).append(key)

    def walk(parent: int | None, depth: int) -> Iterator[tuple[int, int]]:
        for key in below.get(parent, []):
            yield key, depth
            yield from walk(key, depth + 1)

    return list(walk(None, 0))
