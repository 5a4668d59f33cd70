"""The forms of a lead's page. A plain POST and a redirect; htmx takes the same way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from leadrouting.assignments.errors import Refused
from leadrouting.assignments.taking_back import latest_move
from leadrouting.leads.models import Lead
from leadrouting.workspace import acts, stamps
from leadrouting.workspace.access import PEOPLE, page
from leadrouting.workspace.asking import PersonRequest
from leadrouting.workspace.forms import (
    AddTaskForm,
    CloseForm,
    DeclineForm,
    LogForm,
    MoveTaskForm,
    PauseForm,
    ReassignForm,
    TakeBackForm,
    TaskForm,
    WriteForm,
)
from leadrouting.workspace.judging_forms import DisagreeForm, RateForm, SettleForm
from leadrouting.workspace.showing import go
from leadrouting.workspace.views.leads import moved_on, show_lead, visible

ACTS: dict[str, Callable[..., str]] = {
    "accept": acts.accept,
    "decline": acts.decline,
    "log": acts.log,
    "write": acts.write,
    "close": acts.close,
    "reopen": acts.reopen,
    "reassign": acts.reassign,
    "pause": acts.pause,
    "resume": acts.resume,
    "reroute": acts.reroute,
    "keep": acts.keep,
    "stop_sequence": acts.stop_sequence,
    "go_on_sequence": acts.go_on_sequence,
    "do-not-contact": acts.do_not_contact,
    "contact-again": acts.contact_again,
    "rate": acts.rate,
    "unrate": acts.unrate,
    "disagree": acts.disagree,
    "withdraw": acts.withdraw,
    "settle": acts.settle,
    "add-task": acts.add_task,
    "do-task": acts.do_task,
    "undo-task": acts.undo_task,
    "move-task": acts.move_task,
    "take-back": acts.take_back,
}
FORMS: dict[str, type[forms.Form]] = {
    "decline": DeclineForm,
    "log": LogForm,
    "write": WriteForm,
    "close": CloseForm,
    "pause": PauseForm,
    "rate": RateForm,
    "disagree": DisagreeForm,
    "settle": SettleForm,
    "add-task": AddTaskForm,
    "do-task": TaskForm,
    "undo-task": TaskForm,
    "move-task": MoveTaskForm,
    "take-back": TakeBackForm,
}
GONE = _("This lead has left your teams meanwhile, so it was not moved.")
PLAIN = forms.Form  # acts that need no word


@page(*PEOPLE)
def act(request: PersonRequest, lead_id: int, name: str) -> HttpResponse:
    """Do it, or show the page again with what was typed and why it could not be done."""
    if request.method != "POST":
        return redirect("lead", lead_id)
    lead, on_board = visible(request, lead_id), request.POST.get("back") == "board"
    if lead is None:
        return refused(request, GONE) if on_board else moved_on(request, lead_id, status=409)
    form = form_of(request, lead, name)
    if not form.is_valid():
        if on_board:
            return refused(request, *(words for errors in form.errors.values() for words in errors))
        return again(request, lead, status=422, **named(name, form))
    try:
        said = ACTS[name](lead=lead, by=request.user, now=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        if on_board:
            return refused(request, str(refusal))
        lead = visible(request, lead_id)
        if lead is None:
            return moved_on(request, lead_id, status=409)
        return again(request, lead, status=409, refusal=str(refusal), **named(name, form))
    if on_board:
        if name != "reassign" or latest_move(request.user, timezone.now()) is None:
            messages.success(request, said)  # else the board says it, with Undo
        return go(request, "team_board")
    messages.success(request, said)
    if request.POST.get("back") == "team":
        return go(request, "team")
    if request.POST.get("back") == "tasks":
        return go(request, "tasks")
    if request.POST.get("back") == "leads" or not is_visible(request, lead_id):
        return go(request, "leads")
    return go(request, "lead", lead_id)


def refused(request: PersonRequest, *words: object) -> HttpResponse:
    """On the board: the card goes back to where it is, and the words are beside it."""
    messages.error(request, " ".join(map(str, words)))
    return go(request, "team_board")


def is_visible(request: PersonRequest, lead_id: int) -> bool:
    return Lead.objects.visible_to(request.user).filter(pk=lead_id).exists()


def named(name: str, form: forms.Form) -> dict[str, forms.Form]:
    """As the page knows it: templates have no dashes in names."""
    return {name.replace("-", "_"): form}


def form_of(request: PersonRequest, lead: Lead, name: str) -> forms.Form:
    if name == "reassign":
        return ReassignForm(request.POST, user=request.user, lead=lead)
    return FORMS.get(name, PLAIN)(request.POST)


def again(request: PersonRequest, lead: Lead, **what: Any) -> HttpResponse:
    return show_lead(request, lead, stamps.of_lead(lead.pk, request.user), **what)
