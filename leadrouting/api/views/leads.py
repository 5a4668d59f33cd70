"""Leads: receive, list, read, correct, and why each went where it went."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from leadrouting.api.filters import LeadFilter
from leadrouting.api.idempotency import Told, once
from leadrouting.api.paging import NewestDecisionsFirst, NewestFirst
from leadrouting.api.selectors import decisions_for, leads_for
from leadrouting.api.serializers.decisions import DecisionSummary
from leadrouting.api.serializers.leads import LeadDetail, LeadInput, LeadRevision, LeadSummary, Receipt
from leadrouting.api.standing import explained, standing
from leadrouting.api.strict import validated
from leadrouting.api.views.acts import Acts
from leadrouting.api.views.decisions import listed
from leadrouting.leads.models import Lead
from leadrouting.leads.revising import revise_lead
from leadrouting.leads.services import receive_lead
from leadrouting.teams.auth import caller

EXAMPLE = OpenApiExample(
    "A web form",
    {
        "name": "Max Muster",
        "email": "max@acme.example",
        "channel": "web_form",
        "country": "DE",
        "product": "crm",
        "message": "Please call me.",
    },
    request_only=True,
)


@extend_schema_view(
    list=extend_schema(summary="List leads, newest first", description="Those that you may see."),
)
class Leads(Acts, mixins.ListModelMixin, GenericViewSet[Lead]):
    """A rep sees own leads, a manager the team's, sales ops and services all."""

    queryset = Lead.objects.all()
    serializer_class = LeadSummary
    pagination_class = NewestFirst
    filterset_class = LeadFilter
    known_parameters = tuple(LeadFilter.base_filters)
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Lead]:
        """Lists know the lead that was kept; one that was merged into it is read by its number."""
        leads = leads_for(caller(self.request))
        return leads.filter(merged_into=None) if self.action == "list" else leads

    @extend_schema(
        summary="Receive one lead",
        description="It is saved, routed, and answered with its owner. An enquiry by somebody whose lead is "
        "still open joins that lead (200), which stays with its owner; one that was lost lately is reopened (200). "
        "The campaign may say otherwise.",
        request=LeadInput,
        examples=[EXAMPLE],
        responses={201: Receipt, 200: OpenApiResponse(Receipt, "It joined a lead that was there.")},
    )
    def create(self, request: Request) -> Response:
        def receive() -> dict[str, Any]:
            received = receive_lead(now=timezone.now(), **validated(LeadInput, request.data))
            return {
                "lead": received.lead.pk,
                "joined": not received.created,
                "reopened": received.reopened,
            }

        return once(request, receive, receipt)

    @extend_schema(summary="Read one lead", responses=LeadDetail)
    def retrieve(self, request: Request, pk: int) -> Response:
        return Response(LeadDetail(explained(self.get_object())).data)

    @extend_schema(
        summary="Correct what is known about a lead",
        description="Plain fields only: ownership and stage change by the calls below. Whether it is then routed "
        "again is said by its rule set.",
        request=LeadRevision,
        responses=LeadDetail,
    )
    def partial_update(self, request: Request, pk: int) -> Response:
        get_object_or_404(Lead.objects.visible_to(caller(request)), pk=pk)
        revise_lead(lead_id=pk, **validated(LeadRevision, request.data))
        return self.retrieve(request, pk)

    @extend_schema(
        summary="Why it went where it went, newest first",
        responses=DecisionSummary(many=True),
        filters=False,
    )
    @action(detail=True, filterset_class=None, known_parameters=(), pagination_class=NewestDecisionsFirst)
    def decisions(self, request: Request, pk: int) -> Response:
        get_object_or_404(Lead.objects.visible_to(caller(request)), pk=pk)
        pages = NewestDecisionsFirst()
        page = pages.paginate_queryset(decisions_for(caller(request)).filter(lead=pk), request, view=self)
        return pages.get_paginated_response(listed(page))


def receipt(made: dict[str, Any]) -> Told:
    lead = standing(made["lead"])
    lead.joined, lead.reopened = made["joined"], made.get("reopened", False)
    return status.HTTP_200_OK if lead.joined else status.HTTP_201_CREATED, Receipt(lead).data
