"""Webhooks: which other systems hear of what happens to leads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from leadrouting.api.idempotency import Told, once
from leadrouting.api.paging import ByKey
from leadrouting.api.permissions import MaySubscribe
from leadrouting.api.problems import Problem
from leadrouting.api.selectors import subscriptions
from leadrouting.api.serializers.webhooks import (
    Nothing,
    SinceDocument,
    SinceInput,
    SubscriptionChange,
    SubscriptionDocument,
    SubscriptionInput,
    TestDocument,
    WithSecret,
)
from leadrouting.api.strict import validated
from leadrouting.notifications.hooks import managing
from leadrouting.notifications.hooks.again import end_old, new_test, try_out
from leadrouting.notifications.hooks.again import rotate as make_new
from leadrouting.notifications.hooks.order import held
from leadrouting.notifications.hooks.since import CannotSend, Wanted, number_since, send_since
from leadrouting.notifications.models import Hook, Subscription
from leadrouting.teams.auth import caller


@extend_schema_view(
    list=extend_schema(summary="Who hears of what"),
    retrieve=extend_schema(summary="One webhook, and how it goes"),
    destroy=extend_schema(
        summary="End a webhook for good",
        description="With all that was sent. To stop it for a while, PATCH it with `active` false.",
    ),
)
class Webhooks(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.DestroyModelMixin, GenericViewSet[Subscription]
):
    """For sales ops, and for services that may manage webhooks."""

    queryset = Subscription.objects.all()
    serializer_class = SubscriptionDocument
    permission_classes = (MaySubscribe,)
    pagination_class = ByKey
    filter_backends = ()
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Subscription]:
        return subscriptions()

    @extend_schema(
        summary="Tell another system",
        description="The address is checked as it is each time before it is called: https, on the open internet.",
        request=SubscriptionInput,
        responses={201: WithSecret},
    )
    def create(self, request: Request) -> Response:
        def do() -> dict[str, Any]:
            said = validated(SubscriptionInput, request.data)
            return {"webhook": managing.subscribe(by=caller(request), now=timezone.now(), **said).pk}

        return once(request, do, lambda made: with_secret(made["webhook"], 201))

    @extend_schema(
        summary="Change a webhook",
        description="Switched off, it is sent nothing any more, not even what waits. Switched on again, it hears of what "
        "happens from then on; `again/` sends what it missed.",
        request=SubscriptionChange,
        responses=SubscriptionDocument,
    )
    def partial_update(self, request: Request, pk: int) -> Response:
        said = validated(SubscriptionChange, request.data)
        with transaction.atomic():
            managing.change(subscription=self.taken(pk), by=caller(request), now=timezone.now(), **said)
        return self.retrieve(request, pk=pk)

    @extend_schema(summary="Make a new secret", request=Nothing, responses=WithSecret)
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, pk: int) -> Response:
        """What is sent is signed with both until the old one is ended. A secret that was old already is gone."""

        def do() -> dict[str, Any]:
            validated(Nothing, request.data)
            make_new(self.taken(pk), timezone.now())
            return {"webhook": pk}

        return once(request, do, lambda made: with_secret(made["webhook"], 200))

    @extend_schema(summary="End the old secret", request=Nothing, responses=SubscriptionDocument)
    @action(detail=True, methods=["post"], url_path="end-old-secret")
    def end_old_secret(self, request: Request, pk: int) -> Response:
        """When the other side knows the new one. A second time changes nothing."""

        def do() -> dict[str, Any]:
            validated(Nothing, request.data)
            end_old(self.taken(pk))
            return {"webhook": pk}

        return once(
            request,
            do,
            lambda made: (200, SubscriptionDocument(subscriptions().get(pk=made["webhook"])).data),
        )

    @extend_schema(
        summary="Send a test event, and say what came back", request=Nothing, responses=TestDocument
    )
    @action(detail=True, methods=["post"])
    def test(self, request: Request, pk: int) -> Response:
        """At once, also while the webhook is off. Takes ten seconds at most."""

        def do() -> dict[str, Any]:
            validated(Nothing, request.data)
            return {"delivery": new_test(self.taken(pk), timezone.now()).pk}

        return once(request, do, lambda made: (200, tried(made["delivery"])))

    @extend_schema(
        summary="Send again what it missed",
        description="Everything since a moment that did not arrive: given up, or never sent because the webhook was off "
        "or not yet there. Each lead's events in order. What was never sent before shows the lead as it is now.",
        request=SinceInput,
        responses=SinceDocument,
    )
    @action(detail=True, methods=["post"])
    def again(self, request: Request, pk: int) -> Response:
        one = self.get_object()

        def do() -> dict[str, Any]:
            """Only looks: what is sent is written in pieces, behind this transaction."""
            said = validated(SinceInput, request.data)
            dry_run = said.pop("dry_run")
            with refusing():
                number = number_since(Wanted(one, **said))
            given = {name: said[name] and said[name].isoformat() for name in ("since", "until")}
            return {**said, **given, "dry_run": dry_run, "number": number}

        return once(request, do, lambda made: (200, SinceDocument(sent_since(one, **made)).data))

    def taken(self, pk: int) -> Subscription:
        """Held until the transaction ends."""
        get_object_or_404(Subscription, pk=pk)
        return held([pk])[0]


def with_secret(pk: int, status: int) -> Told:
    return status, WithSecret(subscriptions().get(pk=pk)).data


def tried(pk: int) -> Any:
    """Also by a repeat, when the first call died before it tried."""
    hook = Hook.objects.select_related("subscription").get(pk=pk)
    if hook.tried_at is None:
        try_out(hook, timezone.now())
        hook.refresh_from_db()
    return TestDocument(hook).data


def sent_since(
    one: Subscription, *, since: str, until: str | None, delivered: bool, dry_run: bool, number: int
) -> dict[str, Any]:
    if not dry_run:
        end = datetime.fromisoformat(until) if until else None
        with refusing():
            number = send_since(Wanted(one, datetime.fromisoformat(since), end, delivered), timezone.now())
    return {"events": number, "dry_run": dry_run}


@contextmanager
def refusing() -> Iterator[None]:
    try:
        yield
    except CannotSend as cannot:
        raise Problem(409, "refused", str(cannot)) from None
