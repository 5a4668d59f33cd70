"""How somebody hears of things: what by which channel, when it is quiet, and a try."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from leadrouting.notifications.channels import Channel
from leadrouting.notifications.models import ChatAddress, Device
from leadrouting.notifications.preferences import (
    EXPLAINED,
    Kind,
    choose,
    kinds_of,
    latest_try,
    muted,
    try_out,
    ways,
)
from leadrouting.notifications.services import allowed
from leadrouting.notifications.vapid import public_key
from leadrouting.teams.models import User
from leadrouting.workspace.access import PEOPLE, page, sent_to
from leadrouting.workspace.asking import PersonRequest
from leadrouting.workspace.quiet_form import QuietForm
from leadrouting.workspace.showing import go, show

RECENT = timedelta(minutes=10)
HEARING = "hearing"


@page(*PEOPLE)
def hearing(request: PersonRequest) -> HttpResponse:
    return shown(request, QuietForm.of(request.user))


def shown(request: PersonRequest, form: QuietForm, status: int = 200) -> HttpResponse:
    user, now = request.user, timezone.now()
    channels, off = ways(), muted([user])
    rows = [
        (
            Kind(kind).label,
            EXPLAINED[kind],
            [(f"{kind}:{way.name}", way.label, (user.pk, kind, way.name) not in off) for way in channels],
        )
        for kind in kinds_of(user)
    ]
    if form.is_bound:
        wanted = set(request.POST.getlist("on"))
        rows = [
            (label, why, [(key, way, key in wanted) for key, way, _ in boxes]) for label, why, boxes in rows
        ]
    context = {
        "rows": rows,
        "channels": [(way, partial(reached, way, user), part_of(way.name)) for way in channels],
        "form": form,
        "devices": Device.objects.filter(user=user),
        "chats": ChatAddress.objects.filter(user=user),
        "push_key": public_key(),
        "services": allowed(),
        "tried": latest_try(user, now - RECENT),
    }
    return show(request, "workspace/hearing.html", context, status)


def reached(way: Channel, user: User) -> Sequence[str]:
    """Where this channel reaches the person; asked only where a template shows it."""
    return way.addresses([user]).get(user.pk, ())


def part_of(channel: str) -> list[str]:
    """The templates of which the first that is there shows how one is reached."""
    return [f"workspace/parts/channels/{one}.html" for one in (channel, "addresses")]


@page(*PEOPLE)
@sent_to(HEARING)
def save(request: PersonRequest) -> HttpResponse:
    """Both halves, or neither."""
    form = QuietForm(request.POST)
    if not form.is_valid():
        return shown(request, form, status=422)
    pairs = (one.partition(":") for one in request.POST.getlist("on"))
    with transaction.atomic():
        form.keep(request.user)
        choose(request.user, {(kind, way) for kind, _colon, way in pairs})
    messages.success(request, _("Saved. It holds from the next message on."))
    return go(request, HEARING)


@page(*PEOPLE)
@sent_to(HEARING)
def test(request: PersonRequest) -> HttpResponse:
    try_out(request.user, timezone.now())
    return go(request, HEARING)
