"""Reps, and what a rep may say about oneself."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.exceptions import ValidationError as Invalid
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
from leadrouting.teams.out_of_office import be_back, go_away


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
        """Busy, away and absent get no new leads. Leads that you have stay yours."""
        rep = me(request)
        asked = validated(RepRevision, request.data)
        if "out_of_office" in asked:
            out_of_office(rep, asked["out_of_office"])
        if presence := asked.get("presence"):
            said = PresenceChange.Cause.SELF
            set_presence(rep_id=rep.pk, presence=presence, cause=said, by=rep.user, now=timezone.now())
            rep.presence = presence
        return Response(RepDocument(rep).data)


def out_of_office(rep: Rep, asked: dict[str, Any] | None) -> None:
    """Add an absence, or end the one of this moment."""
    if asked is None:
        be_back(rep=rep, by=rep.user, now=timezone.now())
        return
    try:
        go_away(rep=rep, by=rep.user, now=timezone.now(), **asked)
    except ValidationError as error:
        raise Invalid({"out_of_office": error.messages}) from None


def me(request: Request) -> Rep:
    rep = Rep.objects.select_related("user", "team", "load").filter(pk=caller(request).pk).first()
    if rep is None:
        raise Problem(404, "not_a_rep", "You are not a rep: leads are not given to this log-in.")
    return rep
