"""Taking the next lead of a queue."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from leadrouting.assignments.errors import Refused
from leadrouting.assignments.taking import SecondClick, take_next
from leadrouting.leads.models import Lead
from leadrouting.workspace.access import PEOPLE, page, sent_to
from leadrouting.workspace.asking import PersonRequest
from leadrouting.workspace.board import number
from leadrouting.workspace.showing import go


@page(*PEOPLE)
@sent_to("leads")
def take(request: PersonRequest, queue_id: int) -> HttpResponse:
    """To the lead that was taken; a second click leads there, too."""
    after = number(request.POST.get("after", "")) or 0
    try:
        taken = take_next(queue_id=queue_id, by=request.user, now=timezone.now(), after=after).lead
        said = _("{lead} is yours. Answer before the clock runs out.").format(lead=Lead.objects.get(pk=taken))
        messages.success(request, said)
    except SecondClick as again:
        return go(request, "lead", again.lead)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return go(request, "leads")
    return go(request, "lead", taken)
