"""What the generated OpenAPI document says beyond the views: errors, the idempotency key, strict input."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from leadrouting.api.idempotency import HEADER
from leadrouting.api.problems import MEDIA_TYPE
from leadrouting.api.serializers.common import ProblemDocument
from leadrouting.api.strict import Strict

KEY = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    description="A key of your own (up to 200 printable characters), so that a repeat does nothing twice: it "
    "gets the first answer again, with `Idempotent-Replay: true`. Kept for a day.",
)

KEYED = ("/api/v1/leads/", "/api/v1/rule-sets/", "/api/v1/webhooks/")
"""Where a POST takes the key."""

SAYS = {
    "400": "Something in the request cannot be read or accepted; see `errors`.",
    "401": "Nobody is logged in: send `Authorization: Token ...`.",
    "403": "You may not do this.",
    "404": "There is nothing here, or it is not yours to see.",
    "409": "It cannot be done as things are (`refused`), or the first request with this key is still at work "
    "(`at_work`, with Retry-After).",
    "422": "This Idempotency-Key was used for another request.",
    "429": "Too many calls; see Retry-After.",
    "503": "Not ready.",
    "default": "Any other error.",
}


class Schema(AutoSchema):
    def get_override_parameters(self) -> list[Any]:
        return [*super().get_override_parameters(), *([KEY] if self.is_keyed() else [])]

    def is_keyed(self) -> bool:
        return bool(self.method == "POST" and self.path.startswith(KEYED))

    def problems(self) -> list[str]:
        """Statuses that this call answers with a problem document."""
        if not self.path.startswith("/api/"):
            return ["503", "default"]
        found = ["400", "401", "403", "429", "default"]
        if "{" in self.path:
            found.append("404")
        if self.is_keyed():
            found += ["409", "422"]
        return found

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for status in self.problems():
            problem = OpenApiResponse(ProblemDocument, description=SAYS[status])
            bodies.setdefault(status, self._get_response_for_code(problem, status, [MEDIA_TYPE]))
        return bodies

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> dict[str, Any]:
        schema: dict[str, Any] = super()._map_basic_serializer(serializer, direction)
        if isinstance(serializer, Strict):
            schema["additionalProperties"] = False
        return schema
