"""Entering a lead by hand: somebody called, or was met at a fair."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone

from leadrouting.assignments.entering import enter
from leadrouting.leads.models import Lead
from leadrouting.workspace.access import PEOPLE, page
from leadrouting.workspace.asking import PersonRequest
from leadrouting.workspace.forms import EntryForm
from leadrouting.workspace.showing import go, show


@page(*PEOPLE)
def new_lead(request: PersonRequest) -> HttpResponse:
    form = EntryForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return show(request, "workspace/new.html", {"form": form}, status=422 if form.errors else 200)
    received = enter(by=request.user, now=timezone.now(), **form.values())
    lead = Lead.objects.select_related("owner__user", "queue").get(pk=received.lead.pk)
    there = f"{lead.owner} has it" if lead.owner else f"it waits in {lead.queue}"
    if received.reopened:
        messages.success(request, f"{lead} was lost and goes on: {there}.")
    elif not received.created:
        messages.success(request, f"{lead} is here already, so this joined: {there}.")
    else:
        messages.success(request, f"{lead} was received: {there}.")
    is_visible = Lead.objects.visible_to(request.user).filter(pk=lead.pk).exists()
    return go(request, "lead", lead.pk) if is_visible else go(request, "leads")
