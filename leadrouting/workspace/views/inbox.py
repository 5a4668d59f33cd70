"""The in-app inbox: what the outbox says to this person."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from leadrouting.notifications.models import Message
from leadrouting.workspace import stamps
from leadrouting.workspace.access import PEOPLE, page
from leadrouting.workspace.asking import PersonRequest
from leadrouting.workspace.showing import show, unchanged

PAGE = 30


@page(*PEOPLE)
def inbox(request: PersonRequest) -> HttpResponse:
    stamp = stamps.of_inbox(request.user)
    if stamps.is_unchanged(request, stamp):
        return unchanged()
    mine = Message.objects.filter(recipient=request.user).select_related("lead")
    found = Paginator(mine, PAGE).get_page(request.GET.get("page"))
    return show(request, "workspace/inbox.html", {"stamp": stamp, "page": found})


@require_POST
@page(*PEOPLE)
def open_message(request: PersonRequest, message_id: int) -> HttpResponse:
    """Mark as read, and go to what it speaks of."""
    message = get_object_or_404(Message, pk=message_id, recipient=request.user)
    Message.objects.filter(pk=message.pk, read_at=None).update(read_at=timezone.now())
    return redirect("lead", message.lead_id) if message.lead_id else redirect("inbox")


@require_POST
@page(*PEOPLE)
def read_all(request: PersonRequest) -> HttpResponse:
    Message.objects.filter(recipient=request.user, read_at=None).update(read_at=timezone.now())
    return redirect("inbox")
