"""Every error of the API as a problem document (RFC 9457, `application/problem+json`)."""

from __future__ import annotations

import logging
from http import HTTPStatus
from math import ceil
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer

from leadrouting.assignments.errors import NotYours, Refused

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"


class Problem(exceptions.APIException):
    """A problem of our own; `more` holds further members of the document."""

    def __init__(
        self, status: int, code: str, detail: str, *, wait: float | None = None, **more: Any
    ) -> None:
        super().__init__(detail, code)
        self.status_code, self.wait, self.more = status, wait, more


def handler(exc: Exception, context: dict[str, Any]) -> HttpResponse:
    """What the REST framework answers instead of an exception. Failures of ours are logged and answered 500."""
    known = translated(exc)
    if known is None:
        logger.error("An API request failed", exc_info=exc, extra={"view": type(context["view"]).__name__})
        got_request_exception.send(sender=handler, request=context["request"])
        known = Problem(500, "failure", "Something failed here. It is logged; please try again.")
    return response(known)


def response(problem: exceptions.APIException) -> HttpResponse:
    """Rendered at once and always as JSON, whatever the view would have rendered."""
    answer = HttpResponse(
        JSONRenderer().render(document(problem)), status=problem.status_code, content_type=MEDIA_TYPE
    )
    if auth_header := getattr(problem, "auth_header", None):
        answer["WWW-Authenticate"] = auth_header
    if (wait := getattr(problem, "wait", None)) is not None:
        answer["Retry-After"] = str(ceil(wait))
    return answer


def translated(exc: Exception) -> exceptions.APIException | None:
    """The exception as an answer to the client; None for a failure of ours."""
    match exc:
        case exceptions.APIException():
            return exc
        case Http404():
            return Problem(404, "not_found", "There is nothing here, or it is not yours to see.")
        case PermissionDenied():
            return exceptions.PermissionDenied()
        case NotYours():
            return Problem(403, "not_yours", str(exc))
        case Refused():
            return Problem(409, "refused", str(exc))
        case ValidationError():
            return invalid(exc)
        case RequestDataTooBig():
            return Problem(413, "too_large", "The body is too large. Send less at a time.")
        case OperationalError() | InterfaceError():
            logger.warning("The database did not answer", exc_info=exc)
            return Problem(503, "busy", "The database is busy or away. Try again in a moment.", wait=1)
    return None


def invalid(exc: ValidationError) -> exceptions.ValidationError:
    """What a model or a service refuses, as the API says it."""
    return exceptions.ValidationError(exc.message_dict if hasattr(exc, "error_dict") else exc.messages)


def document(problem: exceptions.APIException) -> dict[str, Any]:
    status = HTTPStatus(problem.status_code)
    body: dict[str, Any] = {"type": "about:blank", "title": status.phrase, "status": status.value}
    if isinstance(problem, exceptions.ValidationError):
        errors = flattened(problem.detail)
        return {**body, "code": "invalid", "detail": summary(errors), "errors": errors}
    code = getattr(problem.detail, "code", problem.default_code)
    return {**body, "code": code, "detail": str(problem.detail), **getattr(problem, "more", {})}


def flattened(detail: Any, path: str = "") -> dict[str, list[str]]:
    """Messages by field; nested fields as `tags.0`, what concerns the whole as `body`."""
    if isinstance(detail, dict):
        parts = [(str(key), value) for key, value in detail.items()]
    elif isinstance(detail, list) and any(isinstance(value, (dict, list)) for value in detail):
        parts = [(str(index), value) for index, value in enumerate(detail) if value]
    else:
        return {path or "body": [str(one) for one in (detail if isinstance(detail, list) else [detail])]}
    found: dict[str, list[str]] = {}
    for key, value in parts:
        key = "" if key in ("non_field_errors", "__all__") else key
        for where, messages in flattened(value, f"{path}.{key}".strip(".")).items():
            found.setdefault(where, []).extend(messages)
    return found


def summary(errors: dict[str, list[str]]) -> str:
    if len(errors) == 1:
        (field, messages) = next(iter(errors.items()))
        return messages[0] if field == "body" else f"{field}: {messages[0]}"
    return f"{len(errors)} fields cannot be accepted: {', '.join(errors)}. See errors."
