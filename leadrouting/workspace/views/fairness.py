"""Whether leads are shared out fairly, and how they reach a rep."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.utils import timezone

from leadrouting.teams.models import Rep, User
from leadrouting.workspace import fairness as pictures
from leadrouting.workspace.access import PEOPLE, page
from leadrouting.workspace.asking import PersonRequest
from leadrouting.workspace.board import number
from leadrouting.workspace.reach import reach as reaching
from leadrouting.workspace.showing import show

POOLS = 10
"""On a page."""


@page(*PEOPLE)
def fairness(request: PersonRequest) -> HttpResponse:
    """The pools of who looks; `days` and `pool` in the address choose."""
    now, asked = timezone.now(), number(request.GET.get("days", ""))
    days = asked if asked in pictures.PERIODS else pictures.PERIOD
    pools = pictures.pools_of(request.user)
    only = number(request.GET.get("pool", ""))
    chosen = pools.filter(pk=only) if only is not None else pools
    page_ = Paginator(chosen, POOLS).get_page(request.GET.get("page"))
    found = pictures.pictures(list(page_.object_list), request.user, days, now)
    context = {
        "now": now,
        "days": days,
        "periods": pictures.PERIODS,
        "page": page_,
        "only": only,
        "pictures": found,
        "mine": pictures.mine(found),
        "query": f"days={days}",
    }
    return show(request, "workspace/fairness.html", context)


@page(*PEOPLE)
def reach(request: PersonRequest, rep_id: int | None = None) -> HttpResponse:
    """A rep's own page; managers read it of their reps, sales ops of all."""
    reps = Rep.objects.select_related("user", "team", "load")
    if not request.user.is_ops:
        is_manager = request.user.role == User.Role.MANAGER
        reps = reps.filter(team__manager=request.user) if is_manager else reps.filter(pk=request.user.pk)
    rep = reps.filter(pk=rep_id if rep_id is not None else request.user.pk).first()
    if rep is None:
        raise Http404
    now = timezone.now()
    context = {"now": now, "rep": rep, "is_me": rep.pk == request.user.pk, "reach": reaching(rep, now)}
    return show(request, "workspace/reach.html", context)
