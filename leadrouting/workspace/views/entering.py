"""Entering a lead by hand: somebody called, or was met at a fair."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from leadrouting.assignments.entering import enter
from leadrouting.leads.models import Lead
from leadrouting.workspace.access import PEOPLE, page
from leadrouting.workspace.asking import PersonRequest
from leadrouting.workspace.forms import EntryForm
from leadrouting.workspace.showing import go, show

OWNED = {
    "received": gettext_lazy("{lead} was received: {rep} has it."),
    "joined": gettext_lazy("{lead} is here already, so this joined: {rep} has it."),
    "reopened": gettext_lazy("{lead} was lost and goes on: {rep} has it."),
}
QUEUED = {
    "received": gettext_lazy("{lead} was received: it waits in {queue}."),
    "joined": gettext_lazy("{lead} is here already, so this joined: it waits in {queue}."),
    "reopened": gettext_lazy("{lead} was lost and goes on: it waits in {queue}."),
}


@page(*PEOPLE)
def new_lead(request: PersonRequest) -> HttpResponse:
    form = EntryForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return show(request, "workspace/new.html", {"form": form}, status=422 if form.errors else 200)
    received = enter(by=request.user, now=timezone.now(), **form.values())
    lead = Lead.objects.select_related("owner__user", "queue").get(pk=received.lead.pk)
    became = "reopened" if received.reopened else "received" if received.created else "joined"
    said = (OWNED if lead.owner else QUEUED)[became]
    messages.success(request, said.format(lead=lead, rep=lead.owner, queue=lead.queue))
    is_visible = Lead.objects.visible_to(request.user).filter(pk=lead.pk).exists()
    return go(request, "lead", lead.pk) if is_visible else go(request, "leads")
