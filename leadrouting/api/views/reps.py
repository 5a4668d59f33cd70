"""Reps, and what a rep may say about oneself."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from leadrouting.api.paging import ByKey
from leadrouting.api.permissions import NotForReps
from leadrouting.api.problems import Problem
from leadrouting.api.selectors import reps_for
from leadrouting.api.serializers.reps import RepDocument, RepRevision
from leadrouting.api.strict import validated
from leadrouting.teams.auth import caller
from leadrouting.teams.availability import set_presence
from leadrouting.teams.models import PresenceChange, Rep


@extend_schema_view(get=extend_schema(summary="Reps: the team's for a manager, all for ops and services"))
class Reps(ListAPIView[Rep]):
    queryset = Rep.objects.all()
    serializer_class = RepDocument
    permission_classes = (NotForReps,)
    pagination_class = ByKey
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Rep]:
        return reps_for(caller(self.request))


class Me(APIView):
    """Your own presence, capacity and load."""

    @extend_schema(summary="Your presence, capacity and load", responses=RepDocument)
    def get(self, request: Request) -> Response:
        return Response(RepDocument(me(request)).data)

    @extend_schema(summary="Say whether you are there", request=RepRevision, responses=RepDocument)
    def patch(self, request: Request) -> Response:
        """Busy and away get no new leads. Leads that you have stay yours."""
        rep = me(request)
        if presence := validated(RepRevision, request.data).get("presence"):
            said = PresenceChange.Cause.SELF
            set_presence(rep_id=rep.pk, presence=presence, cause=said, by=rep.user, now=timezone.now())
            rep.presence = presence
        return Response(RepDocument(rep).data)


def me(request: Request) -> Rep:
    rep = Rep.objects.select_related("user", "team", "load").filter(pk=caller(request).pk).first()
    if rep is None:
        raise Problem(404, "not_a_rep", "You are not a rep: leads are not given to this log-in.")
    return rep
