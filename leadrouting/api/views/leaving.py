"""Switching a rep off and on."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from leadrouting.api.permissions import OpsOnly
from leadrouting.api.serializers.leaving import Leave, Left
from leadrouting.api.strict import validated
from leadrouting.assignments.leaving import come_back, leave
from leadrouting.teams.auth import caller
from leadrouting.teams.models import Rep


class Leaving(APIView):
    permission_classes = (OpsOnly,)

    @extend_schema(summary="A rep leaves: say where the open leads go", request=Leave, responses=Left)
    def post(self, request: Request, pk: int) -> Response:
        """A second call moves what is left."""
        rep, asked = found(pk), validated(Leave, request.data)
        moved = leave(
            rep=rep, by=caller(request), how=asked["open_leads"], to=asked["to"], now=timezone.now()
        )
        return Response(Left({"id": rep.pk, "is_active": False, "moved": moved}).data)

    @extend_schema(summary="A rep comes back: new leads reach the rep again", request=None, responses=Left)
    def delete(self, request: Request, pk: int) -> Response:
        """Leads that moved stay where they are. A second call changes nothing."""
        rep = found(pk)
        come_back(rep=rep, by=caller(request))
        return Response(Left({"id": rep.pk, "is_active": True, "moved": 0}).data)


def found(pk: int) -> Rep:
    return get_object_or_404(Rep.objects.select_related("user", "team", "backup__user"), pk=pk)
