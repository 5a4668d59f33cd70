"""Rendering: the whole page for a visit, its live part alone when htmx asks."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from leadrouting.workspace.asking import PageRequest

UNCHANGED = 204


def show(request: PageRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """`now` in the context is the instant that the page is true for (UTC)."""
    is_part = request.htmx and not request.htmx.history_restore_request
    frame = "workspace/frame.html" if is_part else "base.html"
    return render(request, template, {"now": timezone.now(), "frame": frame, **context}, status=status)


def unchanged() -> HttpResponse:
    return HttpResponse(status=UNCHANGED)


def go(request: PageRequest, to: str, *args: Any) -> HttpResponse:
    """After a change: to the page that shows it. htmx follows a redirect to the page that it is on by itself."""
    address = resolve_url(to, *args)
    here = (request.htmx.current_url_abs_path or "") if request.htmx else ""
    if here.split("?")[0] == address:
        return HttpResponseRedirect(here)
    return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)
