"""How often a user may call: rates come from the environment (API_RATE_READ, API_RATE_WRITE).

Counted in the cache: with the default, in-memory cache for each web process by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.throttling import ScopedRateThrottle

if TYPE_CHECKING:  # the views load this module
    from rest_framework.request import Request
    from rest_framework.views import APIView

READING = ("GET", "HEAD", "OPTIONS")


class Throttle(ScopedRateThrottle):
    """Reading and writing have limits of their own; a view may say that its POST only reads."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        self.scope = "read" if request.method in READING else getattr(view, "post_scope", "write")
        self.rate = self.get_rate()
        self.num_requests, self.duration = self.parse_rate(self.rate)
        return super(ScopedRateThrottle, self).allow_request(request, view)
