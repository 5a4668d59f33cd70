"""The devices and chats that somebody is reached by."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from leadrouting.common.outside import Refused
from leadrouting.notifications import reaching
from leadrouting.notifications.models import ChatAddress, Device
from leadrouting.workspace.access import PEOPLE, page, sent_to
from leadrouting.workspace.asking import PersonRequest
from leadrouting.workspace.showing import go

HEARING = "hearing"


@page(*PEOPLE)
@sent_to(HEARING)
def add_device(request: PersonRequest) -> HttpResponse:
    """From push.js, with what the browser says of its subscription."""
    told = {name: request.POST.get(name, "") for name in ("endpoint", "p256dh", "auth")}
    try:
        reaching.add_device(
            request.user, agent=request.headers.get("User-Agent", ""), now=timezone.now(), **told
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return go(request, HEARING)
    messages.success(request, _("This device hears of things from now on. Send a test to be sure."))
    return go(request, HEARING)


@page(*PEOPLE)
@sent_to(HEARING)
def remove_device(request: PersonRequest, pk: int) -> HttpResponse:
    Device.objects.filter(user=request.user, pk=pk).delete()
    messages.success(request, _("Removed. Nothing reaches that device any more."))
    return go(request, HEARING)


@page(*PEOPLE)
@sent_to(HEARING)
def add_chat(request: PersonRequest) -> HttpResponse:
    try:
        made = reaching.add_chat(request.user, url=request.POST.get("url", ""), now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return go(request, HEARING)
    messages.success(request, _("{chat} is added. Send a test to be sure.").format(chat=made))
    return go(request, HEARING)


@page(*PEOPLE)
@sent_to(HEARING)
def remove_chat(request: PersonRequest, pk: int) -> HttpResponse:
    ChatAddress.objects.filter(user=request.user, pk=pk).delete()
    messages.success(request, _("Removed. Nothing reaches that chat any more."))
    return go(request, HEARING)
