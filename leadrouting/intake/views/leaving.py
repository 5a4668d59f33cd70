"""Where prospects unsubscribe: the page behind the link, and the one click of mail programs (RFC 8058)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from leadrouting.notifications.prospects.farewells import farewell
from leadrouting.notifications.prospects.leaving import Holder, masked, opened
from leadrouting.notifications.refusing import come_back, leave
from leadrouting.notifications.unwanted import opted_out

ONE_CLICK = "One-Click"


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class Unsubscribe(View):
    """GET shows, and changes nothing: mail scanners follow every link. POST acts; the link itself is the proof, for a
    mail program has no page to take a token from. Never a redirect, which mail programs do not follow."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        holder = opened(token)
        if holder is None:
            return wrong(request)
        return page(request, holder, "left" if opted_out([holder.address]) else "ask")

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        holder = opened(token)
        if holder is None:
            return wrong(request)
        if request.POST.get("List-Unsubscribe") == ONE_CLICK:
            leave(holder, timezone.now())
            return page(request, holder, "left")
        if "undo" in request.POST:
            come_back(holder, timezone.now())
            return page(request, holder, "back")
        return page(request, holder, "left" if opted_out([holder.address]) else "ask", status=400)


def page(request: HttpRequest, holder: Holder, state: str, status: int = 200) -> HttpResponse:
    language, words = farewell(holder.language)
    title, text = {
        "ask": (words.title, words.ask),
        "left": (words.left, words.left_text),
        "back": (words.back, words.back_text),
    }[state]
    told: dict[str, Any] = {
        "language": language,
        "words": words,
        "state": state,
        "title": title,
        "text": text.format(address=masked(holder.address)),
    }
    return TemplateResponse(request, "intake/unsubscribe.html", told, status=status)


def wrong(request: HttpRequest) -> HttpResponse:
    """In the language of the browser, as nothing else is known."""
    language, words = farewell(request.headers.get("Accept-Language", ""))
    told = {"language": language, "state": "wrong", "title": words.wrong, "text": words.wrong_text}
    return TemplateResponse(request, "intake/unsubscribe.html", told, status=404)
