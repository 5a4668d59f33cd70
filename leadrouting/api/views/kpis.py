"""The eight figures."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from leadrouting.analytics.counting import Counts
from leadrouting.analytics.figures import Figure
from leadrouting.analytics.grouping import GroupBy
from leadrouting.analytics.measures import eight_figures, figures, grouped_figures
from leadrouting.api.serializers.kpis import Kpis, Period
from leadrouting.api.strict import validated
from leadrouting.teams.auth import caller
from leadrouting.teams.models import Rep, Team, User

Groups = dict[None, list[Figure]] | dict[str, list[Figure]]


class KpiView(APIView):
    @extend_schema(summary="The eight figures of a period", parameters=[Period], responses=Kpis)
    def get(self, request: Request) -> Response:
        """A rep's own, a manager's teams', everybody's for sales ops and services."""
        period = validated(Period, request.query_params.dict())
        groups = groups_for(caller(request), **period, now=timezone.now())
        listed = [{"group": name, "figures": figures} for name, figures in groups.items()]
        return Response(Kpis({**period, "groups": listed}).data)


def groups_for(user: User, *, group_by: str | None, **period: Any) -> Groups:
    if user.role == User.Role.REP and not user.is_ops:
        return {None: own_figures(user, group_by, **period)}
    team_ids: list[int] | None = None
    if user.role == User.Role.MANAGER and not user.is_ops:
        team_ids = list(Team.objects.filter(manager=user).values_list("pk", flat=True))
    if group_by is None:
        return {None: eight_figures(team_ids=team_ids, **period)}
    return grouped_figures(team_ids=team_ids, group_by=group_by, **period)


def own_figures(user: User, group_by: str | None, **period: Any) -> list[Figure]:
    """A rep's group among the team's reps; namesakes are told apart by their log-in."""
    if group_by is not None:
        raise ValidationError({"group_by": ["You see your own figures, which are one group. Leave it out."]})
    team_ids = list(Rep.objects.filter(pk=user.pk).values_list("team", flat=True))
    groups = grouped_figures(team_ids=team_ids, group_by=GroupBy.REP, **period)
    return groups.get(f"{user} ({user.username})") or groups.get(str(user)) or figures(Counts())
