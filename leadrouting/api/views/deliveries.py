"""What was sent to other systems, what they answered, and one of it once more."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView, RetrieveAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from leadrouting.api.filters import DeliveryFilter
from leadrouting.api.idempotency import once
from leadrouting.api.paging import NewestKeyFirst
from leadrouting.api.permissions import MaySubscribe
from leadrouting.api.problems import Problem
from leadrouting.api.serializers.webhooks import DeliveryDocument, DeliveryInFull, Nothing
from leadrouting.api.strict import validated
from leadrouting.notifications.hooks.again import send_again
from leadrouting.notifications.models import Hook, Subscription


@extend_schema_view(get=extend_schema(summary="What was sent, newest first"))
class Deliveries(ListAPIView[Hook]):
    """Kept for 30 days."""

    queryset = Hook.objects.defer("body", "answer", "sent_headers")
    serializer_class = DeliveryDocument
    permission_classes = (MaySubscribe,)
    pagination_class = NewestKeyFirst
    filterset_class = DeliveryFilter
    known_parameters = tuple(DeliveryFilter.base_filters)

    def get_queryset(self) -> QuerySet[Hook]:
        get_object_or_404(Subscription, pk=self.kwargs["pk"])
        return super().get_queryset().filter(subscription=self.kwargs["pk"])


@extend_schema_view(get=extend_schema(summary="One delivery, with request and answer"))
class Delivery(RetrieveAPIView[Hook]):
    queryset = Hook.objects.all()
    serializer_class = DeliveryInFull
    permission_classes = (MaySubscribe,)
    filter_backends = ()

    def get_object(self) -> Hook:
        return found(self.kwargs["pk"], self.kwargs["delivery"])


class Again(APIView):
    permission_classes = (MaySubscribe,)

    @extend_schema(summary="Send one delivery again", request=Nothing, responses=DeliveryDocument)
    def post(self, request: Request, pk: int, delivery: int) -> Response:
        """With the same `webhook_id` and body, whatever became of it, within seconds."""

        def do() -> dict[str, Any]:
            validated(Nothing, request.data)
            hook = found(pk, delivery)
            if not send_again(Hook.objects.filter(pk=hook.pk), timezone.now()):
                raise Problem(
                    409,
                    "refused",
                    "Tests are not sent again, nor anything while the webhook is switched off.",
                )
            return {"delivery": hook.pk}

        return once(request, do, lambda made: (200, DeliveryDocument(found(pk, made["delivery"])).data))


def found(subscription: int, delivery: int) -> Hook:
    return get_object_or_404(Hook, pk=delivery, subscription=subscription)
