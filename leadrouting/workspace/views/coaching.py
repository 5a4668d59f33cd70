"""The card of one rep: for a talk with their manager, and open to the rep."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from leadrouting.analytics.coaching import record
from leadrouting.analytics.figures import duration
from leadrouting.analytics.talking import ENOUGH, talk
from leadrouting.workspace import coaching, periods, watch
from leadrouting.workspace.access import LEADERS, PEOPLE, page, role_of
from leadrouting.workspace.asking import PersonRequest
from leadrouting.workspace.showing import show


@page(*PEOPLE)
def card(request: PersonRequest, rep_id: int) -> HttpResponse:
    """Of reps in one's teams, for sales ops of all; a rep reads the own one."""
    rep = get_object_or_404(watch.reps_open_to(request.user), pk=rep_id)
    now, days = timezone.now(), periods.asked(request)
    start = now - timedelta(days=days)
    zone = rep.user.time_zone
    found = record(rep, zone=zone, start=start, end=now)
    clocks = coaching.missed(rep, start, now)
    said, disputed = coaching.words(rep, start, now), coaching.disputes(rep, start, now)
    leads = (
        [one.lead_id for one in clocks]
        + [one.assignment.lead_id for one in said]
        + [one.assignment.lead_id for one in disputed]
    )
    sources = [
        (source, own, duration(own.median), duration(own.p90), duration(found.team.sources[source].median))
        for source, own in sorted(found.own.sources.items(), key=lambda pair: (-pair[1].leads, pair[0]))
    ]
    row = next((one for one in watch.workload([rep.team], now) if one.rep.pk == rep.pk), None)
    context = {
        "now": now,
        "rep": rep,
        "row": row,
        "zone": zone,
        "days": days,
        "periods": periods.DAYS,
        "talk": talk(found),
        "too_few": found.counts.leads < ENOUGH and found.own.all.leads < ENOUGH,
        "record": found,
        "figures": coaching.figures(found),
        "sources": sources,
        "hours": coaching.strip(found.own.hours),
        "missed": clocks,
        "said": said,
        "disputes": disputed,
        "absences": coaching.ahead(rep, timezone.localdate(now)),
        "visible": watch.visible(request.user, leads),
        "is_leader": role_of(request.user) in LEADERS,
    }
    return show(request, "workspace/coaching.html", context)
