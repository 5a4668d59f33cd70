"""Decisions: read-only, and never changed once made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from leadrouting.api.selectors import decisions_for
from leadrouting.api.serializers.decisions import DecisionDetail, DecisionSummary
from leadrouting.assignments.explaining import sentences
from leadrouting.assignments.models import Decision
from leadrouting.assignments.stories import story
from leadrouting.teams.auth import caller

MOST_RULES = 200
"""Of those that are told one by one."""


class Decisions(GenericViewSet[Decision]):
    queryset = Decision.objects.all()
    serializer_class = DecisionDetail
    filter_backends = ()
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Decision]:
        return decisions_for(caller(self.request))

    @extend_schema(summary="One decision, explained step by step")
    def retrieve(self, request: Request, pk: int) -> Response:
        decision = self.get_object()
        told = story(decision, shown=MOST_RULES)
        context = {"story": told, "sentences": {decision.pk: told.sentence}}
        return Response(DecisionDetail(decision, context=context).data)


def listed(decisions: Sequence[Decision]) -> Any:
    return DecisionSummary(decisions, many=True, context={"sentences": sentences(decisions)}).data
