"""Reports of telephone and mail systems."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError
from django.db.models import Q
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from leadrouting.api.permissions import SystemsOnly
from leadrouting.api.serializers.activities import Report, Reported
from leadrouting.api.strict import validated
from leadrouting.assignments.reporting import Told, report
from leadrouting.leads.models import Lead
from leadrouting.teams.auth import caller
from leadrouting.teams.models import Rep


class Activities(APIView):
    permission_classes = (SystemsOnly,)

    @extend_schema(
        summary="Report what a rep did: a call, an e-mail, a message",
        request=Report,
        responses={201: Reported, 200: OpenApiResponse(Reported, "It was reported already.")},
    )
    def post(self, request: Request) -> Response:
        """For services and sales ops. When it happened decides about deadlines, not when it is reported."""
        said = validated(Report, request.data)
        lead, rep = lead_named(said.pop("lead"), said.pop("lead_external_id")), rep_named(said.pop("by"))
        said["external_id"] = said["external_id"] or None

        def told() -> Told:
            return report(sender=caller(request), lead_id=lead, rep=rep, now=timezone.now(), **said)

        try:
            answer = told()
        except IntegrityError:  # the same report for another lead came at this instant
            answer = told()
        return Response(Reported(answer).data, 201 if answer.is_new else 200)


def lead_named(pk: int | None, external_id: str) -> int:
    found = Lead.objects.filter(Q(pk=pk) if pk is not None else Q(external_id=external_id))
    lead: Any = found.values_list("pk", flat=True).first()
    if lead is None:
        name, said = ("lead", pk) if pk is not None else ("lead_external_id", external_id)
        raise ValidationError({name: [f"There is no lead “{said}”."]})
    return int(lead)


def rep_named(name: str) -> Rep:
    """By user name, e-mail or id."""
    same = Q(user__username__iexact=name) | Q(user__email__iexact=name)
    if name.isdecimal() and len(name) < 19:
        same |= Q(pk=int(name))
    found = list(Rep.objects.select_related("user").filter(same)[:2])
    if len(found) != 1:
        why = "There is no rep" if not found else "There are several reps"
        raise ValidationError({"by": [f"{why} with the user name, e-mail or id “{name}”."]})
    return found[0]
