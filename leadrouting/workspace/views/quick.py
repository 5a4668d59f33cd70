"""Accepting a lead from a message. The link itself does nothing, since mail programs follow links; its button does."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from leadrouting.assignments.errors import Refused
from leadrouting.leads.enums import Status
from leadrouting.leads.models import Lead
from leadrouting.notifications import quick
from leadrouting.teams.models import User
from leadrouting.workspace import acts
from leadrouting.workspace.asking import PageRequest
from leadrouting.workspace.showing import show


@never_cache
def accept(request: PageRequest, token: str) -> HttpResponse:
    """Needs no log-in: the link names the person, the lead, and this one act. Shows no more than the message did."""
    offer = quick.read(token)
    user = User.objects.filter(pk=offer.user, is_active=True).first() if offer else None
    if offer is None or user is None:
        return answer(
            request, _("This link is too old, or not complete. Log in to see your leads."), status=404
        )
    lead = Lead.objects.filter(pk=offer.lead, owner=user.pk).first()
    if lead is None:
        return answer(
            request, _("This lead is not yours any more, so there is nothing to accept."), status=409
        )
    if lead.status != Status.ASSIGNED:
        return answer(request, _("You have accepted {lead} already.").format(lead=lead), lead=lead)
    if request.method != "POST":
        return answer(request, "", lead=lead, user=user, token=token)
    try:
        said = acts.accept(lead=lead, by=user, now=timezone.now())
    except Refused as refusal:
        return answer(request, str(refusal), status=409, lead=lead)
    return answer(request, said, lead=lead)


def answer(request: PageRequest, said: str, *, status: int = 200, **context: object) -> HttpResponse:
    return show(request, "workspace/quick.html", {"said": said, **context}, status)
