"""Whether leads are shared out fairly, and how they reach a rep."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from leadrouting.workspace import fairness as pictures
from leadrouting.workspace import periods, watch
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
    now, days = timezone.now(), periods.asked(request)
    pools = pictures.pools_of(request.user)
    only = number(request.GET.get("pool", ""))
    chosen = pools.filter(pk=only) if only is not None else pools
    page_ = Paginator(chosen, POOLS).get_page(request.GET.get("page"))
    found = pictures.pictures(list(page_.object_list), request.user, days, now)
    context = {
        "now": now,
        "days": days,
        "periods": periods.DAYS,
        "page": page_,
        "only": only,
        "pictures": found,
        "mine": pictures.mine(found),
        "query": f"days={days}",
        "keeps": f"&pool={only}" if only is not None else "",
    }
    return show(request, "workspace/fairness.html", context)


@page(*PEOPLE)
def reach(request: PersonRequest, rep_id: int | None = None) -> HttpResponse:
    """A rep's own page; managers read it of their reps, sales ops of all."""
    key = rep_id if rep_id is not None else request.user.pk
    rep, now = get_object_or_404(watch.reps_open_to(request.user), pk=key), timezone.now()
    context = {"now": now, "rep": rep, "is_me": rep.pk == request.user.pk, "reach": reaching(rep, now)}
    return show(request, "workspace/reach.html", context)
