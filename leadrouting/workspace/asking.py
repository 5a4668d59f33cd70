"""What the pages know of a request, for the type checker: a request is of these kinds without being made so."""

from __future__ import annotations

from typing import TypeGuard

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from leadrouting.teams.models import User


class PageRequest(HttpRequest):
    """Any request: the middleware tells htmx's from a visit."""

    htmx: HtmxDetails


class PersonRequest(PageRequest):
    """A request of somebody who has logged in: what a view behind `access.page` gets."""

    user: User


def has_person(request: PageRequest) -> TypeGuard[PersonRequest]:
    return request.user.is_authenticated
