"""Where other systems deliver: stored, then acknowledged. Nobody logs in here; signatures say who it is."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.http.request import RawPostDataException
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from leadrouting.intake.deliveries import store
from leadrouting.intake.heard import Raw
from leadrouting.intake.models import Connection, Kind
from leadrouting.intake.readers import READERS
from leadrouting.intake.readers.reading import is_one_of

MOST = 1_000_000
"""Bytes of a delivery."""
HANDSHAKES = (Kind.WHATSAPP, Kind.META)


def refusal(status: int, detail: str) -> JsonResponse:
    return JsonResponse({"detail": detail}, status=status)


@method_decorator(csrf_exempt, name="dispatch")
class Webhook(View):
    """`/intake/<kind>/` for whichever connection of this kind signed it; `/intake/<kind>/<key>/` for one."""

    http_method_names = ["get", "post"]
    connections: list[Connection]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.connections = list(
            Connection.objects.filter(
                is_active=True, kind=kwargs["kind"], **({"key": kwargs["key"]} if "key" in kwargs else {})
            ).select_related("campaign")
        )
        if not self.connections:
            return refusal(404, "Nothing is connected here. Sales ops set up connections in the admin.")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, kind: str, key: str = "") -> HttpResponse:
        """WhatsApp and Meta make sure that the address is ours before they deliver."""
        if kind not in HANDSHAKES:
            return refusal(405, "Deliver here by POST.")
        tokens = [one.verify_token for one in self.connections if one.verify_token]
        if request.GET.get("hub.mode") != "subscribe" or not is_one_of(
            request.GET.get("hub.verify_token", ""), tokens
        ):
            return refusal(403, "The verify token is not the one of the connection.")
        return HttpResponse(request.GET.get("hub.challenge", ""), content_type="text/plain")

    def post(self, request: HttpRequest, kind: str, key: str = "") -> HttpResponse:
        raw = raw_of(request)
        if raw is None:
            return refusal(413, f"A delivery may have {MOST:,} bytes.")
        signer = next((one for one in self.connections if READERS[kind].is_authentic(raw, one.secrets)), None)
        if signer is None:
            count_refused(self.connections)
            return refusal(401, "The signature is wrong or missing.")
        store(raw, kind=kind, now=timezone.now(), connection=signer)
        return JsonResponse({})


def raw_of(request: HttpRequest) -> Raw | None:
    """None when it is too long."""
    try:
        length = int(request.headers.get("Content-Length") or 0)
        body = request.body if length <= MOST else b""
    except (ValueError, RawPostDataException):
        return Raw(b"")
    if length > MOST or len(body) > MOST:
        return None
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Raw(
        body,
        headers.get("content-type", ""),
        headers,
        method=request.method or "POST",
        address=request.build_absolute_uri(),
        at=timezone.now(),
    )


def count_refused(connections: list[Connection]) -> None:
    Connection.objects.filter(pk__in=[one.pk for one in connections]).update(
        refused=F("refused") + 1, refused_at=timezone.now()
    )
