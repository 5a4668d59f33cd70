"""Cursor pages by keyset: stable while rows come in, and as quick on the last page as on the first."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from leadrouting.api.strict import unknown_in

HIGHEST = 200


class Pages(BasePagination):
    """`{"next": address or null, "results": [...]}`, by a unique order that a subclass gives.

    The view's `known_parameters` are accepted beside `limit` and `cursor`; any other is refused.
    """

    def paginate_queryset(  # type: ignore[override]  # a place in an order: only a query has one
        self, queryset: QuerySet[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        self.request = request
        check_parameters(request, {"limit", "cursor", *getattr(view, "known_parameters", ())})
        limit = limit_of(request)
        cursor = request.query_params.get("cursor")
        if cursor is not None:
            queryset = self.after(queryset, decoded(cursor))
        rows = list(self.ordered(queryset)[: limit + 1])
        self.last = rows[limit - 1] if len(rows) > limit else None
        return rows[:limit]

    def ordered(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """By the order of the subclass, which knows it."""
        raise NotImplementedError("A subclass says in which order its rows come.")

    def after(self, queryset: QuerySet[Any], place: list[Any]) -> QuerySet[Any]:
        """The rows behind a place in that order."""
        raise NotImplementedError("A subclass says what comes behind a place in its order.")

    def place(self, row: Any) -> list[Any]:
        """What `after` needs to go on behind this row."""
        raise NotImplementedError("A subclass says where in its order a row stands.")

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.next_address(), "results": data})

    def next_address(self) -> str | None:
        if self.last is None:
            return None
        address = self.request.build_absolute_uri()
        return str(replace_query_param(address, "cursor", encoded(self.place(self.last))))

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        address = {"type": "string", "format": "uri", "nullable": True}
        properties = {"next": address, "results": schema}
        return {"type": "object", "required": ["next", "results"], "properties": properties}

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        limit = {"type": "integer", "minimum": 1, "maximum": HIGHEST, "default": 50}
        return [
            parameter("limit", "Rows on a page.", limit),
            parameter("cursor", "Where the page starts: follow `next`.", {"type": "string"}),
        ]


class NewestFirst(Pages):
    """By `moment`, then by key: stable while many rows share a moment."""

    moment = "created_at"

    def ordered(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.order_by(f"-{self.moment}", "-pk")

    def after(self, queryset: QuerySet[Any], place: list[Any]) -> QuerySet[Any]:
        at, pk = moment_from(place[0]), key_from(place[-1])
        earlier = {f"{self.moment}__lt": at}
        return queryset.filter(Q(**earlier) | Q(pk__lt=pk), **{f"{self.moment}__lte": at})

    def place(self, row: Any) -> list[Any]:
        return [getattr(row, self.moment).isoformat(), row.pk]


class NewestDecisionsFirst(NewestFirst):
    moment = "decided_at"


class LatestPublishedFirst(NewestFirst):
    moment = "published_at"


class ByKey(Pages):
    """Smallest key first."""

    def ordered(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.order_by("pk")

    def after(self, queryset: QuerySet[Any], place: list[Any]) -> QuerySet[Any]:
        return queryset.filter(pk__gt=key_from(place[-1]))

    def place(self, row: Any) -> list[Any]:
        return [row.pk]


class NewestKeyFirst(ByKey):
    """Largest key first."""

    def ordered(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.order_by("-pk")

    def after(self, queryset: QuerySet[Any], place: list[Any]) -> QuerySet[Any]:
        return queryset.filter(pk__lt=key_from(place[-1]))


def parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def check_parameters(request: Request, known: set[str]) -> None:
    """Refuse what nobody knows, and blanks: a filter that was meant must not let everything through."""
    given = request.query_params
    blank = {
        name: ["Give a value, or leave it out."] for name, value in given.items() if not str(value).strip()
    }
    wrong = blank | unknown_in(given, known)
    if wrong:
        raise ValidationError(wrong)


def limit_of(request: Request) -> int:
    given = request.query_params.get("limit", "50")
    if not (given.isascii() and given.isdigit() and len(given) <= 3 and 1 <= int(given) <= HIGHEST):
        raise ValidationError({"limit": [f"Use a whole number from 1 to {HIGHEST}."]})
    return int(given)


def encoded(place: list[Any]) -> str:
    return urlsafe_b64encode(json.dumps(place).encode()).decode()


def decoded(cursor: str) -> list[Any]:
    try:
        place = json.loads(urlsafe_b64decode(cursor))
    except (ValueError, RecursionError):
        raise no_cursor() from None
    if not isinstance(place, list) or not place:
        raise no_cursor()
    return place


def moment_from(text: Any) -> datetime:
    try:
        at = parse_datetime(text)
    except (ValueError, TypeError):
        raise no_cursor() from None
    if at is None or at.tzinfo is None:
        raise no_cursor()
    return at


def key_from(number: Any) -> int:
    if type(number) is not int:
        raise no_cursor()
    return number


def no_cursor() -> ValidationError:
    return ValidationError({"cursor": ["This is no cursor. Follow the address in `next`."]})
