"""The booking link of a message: on to the page where its lead's owner has free times."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from leadrouting.notifications.prospects.languages import WORDS
from leadrouting.notifications.prospects.meeting import lead_behind, page_of


@require_safe
def meet(request: HttpRequest, token: str) -> HttpResponse:
    """Nothing is noted: mail programs open links before people do."""
    lead = lead_behind(token)
    page = page_of(lead) if lead is not None else ""
    answer: HttpResponse
    if page:
        answer = HttpResponseRedirect(page)
    else:
        language = lead.language[:2] if lead is not None and lead.language[:2] in WORDS else "en"
        workflow = getattr(lead.campaign, "workflow", None) if lead is not None else None
        context = {"language": language, "said": WORDS[language].gone, "workflow": workflow}
        answer = TemplateResponse(request, "intake/meet.html", context, status=404)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
