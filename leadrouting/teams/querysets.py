"""Questions about pools."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, QuerySet


class PoolQuerySet(QuerySet[Any]):
    def ordinary(self) -> PoolQuerySet:
        """Those that people edit: not the ones that a team has by itself."""
        return self.filter(team=None)

    def without_members(self) -> PoolQuerySet:
        """Those that could never give a lead to anybody."""
        members: Any = apps.get_model("teams", "Membership")._default_manager
        reps: Any = apps.get_model("teams", "Rep")._default_manager
        return self.exclude(Exists(members.filter(pool=OuterRef("pk")))).exclude(
            Exists(reps.filter(team=OuterRef("team")))
        )
