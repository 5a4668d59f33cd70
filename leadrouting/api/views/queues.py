"""Queues, as reps take leads from them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from leadrouting.api.idempotency import once
from leadrouting.api.serializers.leads import Standing
from leadrouting.api.serializers.queues import LineDocument, Taking
from leadrouting.api.standing import standing
from leadrouting.api.strict import validated
from leadrouting.assignments.taking import lines, take_next
from leadrouting.teams.auth import caller


class Queues(APIView):
    @extend_schema(summary="Queues that you may take leads from", responses=LineDocument(many=True))
    def get(self, request: Request) -> Response:
        """By name, with what waits in them for you. Empty for who is no rep."""
        return Response(LineDocument(lines(caller(request)), many=True).data)


class TakeNext(APIView):
    @extend_schema(summary="Take the next lead of a queue", request=Taking, responses=Standing)
    def post(self, request: Request, pk: int) -> Response:
        """For reps whose team the queue is open to: the most urgent lead, and of those the oldest, is theirs."""

        def done() -> dict[str, Any]:
            validated(Taking, request.data)
            return {"lead": take_next(queue_id=pk, by=caller(request), now=timezone.now()).lead}

        return once(request, done, lambda made: (200, Standing(standing(made["lead"])).data))
