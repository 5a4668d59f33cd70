"""A dry run of routing. Nothing is written, and no turn is used."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from leadrouting.api.permissions import NotForReps
from leadrouting.api.problems import invalid
from leadrouting.api.serializers.leads import LeadInput
from leadrouting.api.serializers.preview import Preview, PreviewInput
from leadrouting.api.strict import validated
from leadrouting.assignments.missing import miss_now
from leadrouting.assignments.rehearsal import rehearse
from leadrouting.assignments.supposing import Supposed, supposed, supposed_lead
from leadrouting.leads.models import Lead
from leadrouting.leads.services import FIELDS
from leadrouting.teams.auth import caller
from leadrouting.teams.models import Queue, Rep, User


class PreviewView(APIView):
    permission_classes = (NotForReps,)
    post_scope = "read"

    @extend_schema(
        summary="Where a lead would go now, and why",
        request=PreviewInput,
        responses=Preview,
        examples=[
            OpenApiExample(
                "Made-up facts", {"facts": {"country": "DE", "deal_size": 5000}}, request_only=True
            ),
            OpenApiExample("A stored lead", {"lead": 12}, request_only=True),
        ],
    )
    def post(self, request: Request) -> Response:
        """Of a stored lead by its id, if it were routed again, or of facts that you make up. Nothing is written."""
        now = timezone.now()
        given = validated(PreviewInput, request.data)
        asked = (
            stored(given["lead"], caller(request), now) if "lead" in given else made_up(given["facts"], now)
        )
        run = rehearse(asked, now=now)
        rep, queue = run.verdict.rep, run.verdict.queue
        shown = {
            "owner": Rep.objects.select_related("user").filter(pk=rep).first() if rep else None,
            "queue": Queue.objects.filter(pk=queue).first() if queue else None,
            "rule": run.rule_name,
            "reason": run.sentence,
            "explanation": run.explanation,
            "trace": run.trace(),
            "nearest_miss": miss_now(asked.facts, now),
            "facts": asked.facts,
        }
        return Response(Preview(shown).data)


def stored(pk: int, user: User, now: datetime) -> Supposed:
    leads = Lead.objects.visible_to(user).select_related("campaign", "account")
    if (lead := leads.filter(pk=pk).first()) is None:
        raise ValidationError({"lead": [f"There is no lead {pk}, or it is not yours to see."]})
    return supposed_lead(lead, now=now)


def made_up(given: dict[str, Any], now: datetime) -> Supposed:
    """Lead fields are read as POST leads/ reads them; the rest are facts by their key."""
    fields = {key: value for key, value in given.items() if key in FIELDS}
    try:
        return supposed({**given, **validated(LeadInput, fields)}, now=now)
    except DjangoValidationError as error:
        raise ValidationError({"facts": invalid(error).detail}) from None
    except ValidationError as error:
        raise ValidationError({"facts": error.detail}) from None
