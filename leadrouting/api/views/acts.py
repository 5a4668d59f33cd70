"""What people do with a lead. Each answers with where the lead stands now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from leadrouting.api.idempotency import once
from leadrouting.api.serializers.acts import (
    Acceptance,
    Handover,
    Judgement,
    Outcome,
    Refusal,
    Reply,
    Silence,
    Waiting,
)
from leadrouting.api.serializers.leads import Standing
from leadrouting.api.standing import standing
from leadrouting.api.strict import validated
from leadrouting.assignments import judging, ownership
from leadrouting.leads.models import Lead
from leadrouting.notifications import refusing
from leadrouting.sla import pausing
from leadrouting.teams.auth import caller
from leadrouting.teams.models import Rep

Input = type[BaseSerializer[Any]]


def act(request: Request, pk: int, said: Input, do: Callable[..., Any]) -> Response:
    """Check that the caller may see the lead, read the input, act; once for each Idempotency-Key."""

    def done() -> dict[str, Any]:
        get_object_or_404(Lead.objects.visible_to(caller(request)), pk=pk)
        do(lead_id=pk, by=caller(request), now=timezone.now(), **validated(said, request.data))
        return {"lead": pk}

    return once(request, done, lambda made: (200, Standing(standing(made["lead"])).data))


class Acts:
    """The calls under one lead."""

    get_queryset: Callable[[], QuerySet[Lead]]

    @extend_schema(summary="Take the lead on", request=Acceptance, responses=Standing)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: int) -> Response:
        """For its owner. A second time changes nothing."""
        return act(request, pk, Acceptance, ownership.accept)

    @extend_schema(summary="Pass the lead on", request=Refusal, responses=Standing)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: int) -> Response:
        """For its owner. The lead goes to the next who can take it; the answer says to whom."""
        return act(request, pk, Refusal, ownership.decline)

    @extend_schema(summary="Say that the prospect was answered", request=Reply, responses=Standing)
    @action(detail=True, methods=["post"])
    def respond(self, request: Request, pk: int) -> Response:
        """For its owner. The first response stops the clock; each is written into the timeline."""
        return act(request, pk, Reply, ownership.respond)

    @extend_schema(summary="Let the clocks stand still", request=Waiting, responses=Standing)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: int) -> Response:
        """While the owner waits for the prospect; for the owner, the team's manager and sales ops."""
        return act(request, pk, Waiting, pausing.pause)

    @extend_schema(summary="Let the clocks go on", request=Acceptance, responses=Standing)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: int) -> Response:
        """With as much time as was left when the pause began. A new enquiry of the prospect does it, too."""
        return act(request, pk, Acceptance, pausing.resume)

    @extend_schema(summary="Close the lead: won, lost or junk", request=Outcome, responses=Standing)
    @action(detail=True, methods=["post"])
    def outcome(self, request: Request, pk: int) -> Response:
        """For its owner, the team's manager and sales ops."""
        return act(request, pk, Outcome, ownership.close)

    @extend_schema(
        summary="Say how well the lead fits, or that it should be somebody else's",
        request=Judgement,
        responses=Standing,
    )
    @action(detail=True, methods=["post"])
    def feedback(self, request: Request, pk: int) -> Response:
        """For its owner, also of a closed lead. A second fit takes the place of the first. A dispute goes to the manager
        of the owner's team; it moves nothing and stops no clock."""
        return act(request, pk, Judgement, judging.judge)

    @extend_schema(summary="Do not contact this prospect", request=Silence, responses=Standing)
    @action(detail=True, methods=["post"], url_path="do-not-contact")
    def do_not_contact(self, request: Request, pk: int) -> Response:
        """All addresses of the lead are put on the list of those that nothing is sent to, whatever the lead. For the
        owner, the team's manager and sales ops, also of a closed lead. A second time changes nothing."""
        return act(request, pk, Silence, refusing.do_not_contact)

    @extend_schema(summary="This prospect may be contacted again", request=Acceptance, responses=Standing)
    @action(detail=True, methods=["post"], url_path="contact-again")
    def contact_again(self, request: Request, pk: int) -> Response:
        """Takes back what one of us said. What prospects have said themselves only sales ops take back, or they do."""
        return act(request, pk, Acceptance, refusing.contact_again)

    @extend_schema(summary="Give the lead to a rep", request=Handover, responses=Standing)
    @action(detail=True, methods=["post"])
    def reassign(self, request: Request, pk: int) -> Response:
        """For the team's manager (within the team) and sales ops, whatever the hour and the load."""
        return act(request, pk, Handover, hand_over)


def hand_over(*, to: int, **said: Any) -> None:
    rep = Rep.objects.select_related("user", "team").filter(pk=to).first()
    if rep is None:
        raise ValidationError({"to": [f"There is no rep with the id {to}."]})
    ownership.reassign(to=rep, **said)
