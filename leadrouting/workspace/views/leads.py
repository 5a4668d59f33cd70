"""My leads, and one lead's page."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils import timezone

from leadrouting.assignments.models import Assignment
from leadrouting.assignments.taking import latest_take, lines
from leadrouting.leads import suspects
from leadrouting.leads.models import Lead, Suspect
from leadrouting.teams.models import Rep
from leadrouting.workspace import stamps
from leadrouting.workspace.about import about, origin
from leadrouting.workspace.access import LEADERS, PEOPLE, page, role_of
from leadrouting.workspace.asking import PersonRequest
from leadrouting.workspace.board import PAGE, Show, Wish, counts, leads
from leadrouting.workspace.dossier import RELATED, dossier, whatsapp
from leadrouting.workspace.forms import KINDS, LOST_REASONS, PAUSE_REASONS, ReassignForm, decline_reasons
from leadrouting.workspace.judging_forms import FITS, REASONS
from leadrouting.workspace.showing import show, unchanged
from leadrouting.workspace.watch import away_until


@page(*PEOPLE)
def board(request: PersonRequest) -> HttpResponse:
    """A rep's own leads; for managers those of the team, for sales ops all."""
    stamp = stamps.of_board(request.user)
    if stamps.is_unchanged(request, stamp):
        return unchanged()
    wish = Wish.read(request.GET)
    numbers = counts(request.user, wish)
    found = Paginator(leads(request.user, wish), PAGE)
    found.count = numbers[wish.show.name]
    leads_of_all = role_of(request.user) in LEADERS
    query = request.GET.copy()
    for name in ("stamp", "page"):
        query.pop(name, None)
    context = {
        "stamp": stamp,
        "wish": wish,
        "query": query.urlencode(),
        "chips": [(one, numbers[one.name]) for one in Show if leads_of_all or one != Show.WAITING],
        "page": found.get_page(request.GET.get("page")),
        "leads_of_all": leads_of_all,
        "only_rep": Rep.objects.select_related("user", "load").filter(pk=wish.rep).first()
        if wish.rep
        else None,
        "is_rep": not leads_of_all,
        "lines": (waiting := lines(request.user)),
        "latest_take": latest_take(request.user, timezone.now()) if waiting else None,
        "back_at": away_until(request.user, timezone.now()) if not leads_of_all else None,
    }
    return show(request, "workspace/board.html", context)


@page(*PEOPLE)
def lead(request: PersonRequest, lead_id: int) -> HttpResponse:
    found = visible(request, lead_id)
    if found is None:
        return moved_on(request, lead_id, status=404)
    stamp = stamps.of_lead(lead_id, request.user)
    if stamps.is_unchanged(request, stamp):
        return unchanged()
    return show_lead(request, found, stamp)


def visible(request: PersonRequest, lead_id: int) -> Lead | None:
    return Lead.objects.visible_to(request.user).select_related(*RELATED).filter(pk=lead_id).first()


def show_lead(
    request: PersonRequest, lead: Lead, stamp: str, *, status: int = 200, refusal: str = "", **bound: Any
) -> HttpResponse:
    """`bound` holds, by its name in `views.acts.FORMS`, a form that was sent and not accepted."""
    file = dossier(lead, request.user, timezone.now())
    reassign = bound.get("reassign")
    if reassign is None and file.may_manage and lead.is_open:
        reassign = ReassignForm(user=request.user, lead=lead)
    context = {
        "stamp": stamp,
        "file": file,
        "lead": lead,
        "about": about(lead),
        "origin": origin(lead),
        "whatsapp": whatsapp(lead),
        "kinds": KINDS if file.is_owner and lead.is_open else KINDS[-1:],
        "decline_reasons": decline_reasons() if file.is_owner and lead.is_open else [],
        "pause_reasons": PAUSE_REASONS,
        "lost_reasons": LOST_REASONS,
        "fits": FITS,
        "dispute_reasons": REASONS,
        "refusal": refusal,
        "twins": twins(request, lead),
        **bound,
        "reassign": reassign,
    }
    return show(request, "workspace/lead.html", context, status)


def twins(request: PersonRequest, lead: Lead) -> list[Suspect]:
    """Leads that may be the same person, for sales ops, who can merge them."""
    return list(suspects.of_lead(lead)[:1]) if request.user.is_ops else []


def moved_on(request: PersonRequest, lead_id: int, *, status: int) -> HttpResponse:
    """For a lead that this person may not see: what became of it if it was theirs, and nothing else.

    What they were typing is handed back.
    """
    was_mine = (
        Assignment.objects.select_related("lead")
        .filter(lead=lead_id, rep=request.user.pk)
        .order_by("-started_at")
        .first()
    )
    typed = [
        text
        for name in ("text", "reason", "other", "handover")
        if (text := request.POST.get(name, "").strip())
    ]
    context = {
        "was_mine": was_mine,
        "lead_id": lead_id,
        "typed": "\n".join(typed),
        "now": timezone.now(),
    }
    return show(request, "workspace/moved_on.html", context, status if was_mine else 404)
