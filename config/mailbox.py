"""What was mailed, where mail goes to files: the mailbox of a demo. For sales ops, as the whole admin."""

from __future__ import annotations

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from config import mailfiles

FRAME = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
    'img-src data:"><meta name="referrer" content="no-referrer"><base target="_blank">'
)
"""Goes before what a mail says in HTML: nothing is loaded and nothing runs, whatever is in it."""


def mailbox(request: HttpRequest) -> HttpResponse:
    check()
    words = request.GET.get("q", "").strip()[:200]
    mails = mailfiles.found(words)
    context = admin.site.each_context(request) | {
        "title": "Mailbox of this demo",
        "mails": mails,
        "words": words,
        "shown": mailfiles.SHOWN,
        "searched": mailfiles.SEARCHED,
    }
    return TemplateResponse(request, "admin/mailbox/list.html", context)


def mail(request: HttpRequest, name: str) -> HttpResponse:
    check()
    found = mailfiles.opened(name)
    if found is None:
        raise Http404("There is no such mail.")
    context = admin.site.each_context(request) | {
        "title": found.subject or "No subject",
        "mail": found,
        "frame": FRAME + found.html if found.html else "",
    }
    return TemplateResponse(request, "admin/mailbox/mail.html", context)


def check() -> None:
    if not mailfiles.is_on():
        raise Http404("Mail goes to a server here.")


def is_on(request: HttpRequest) -> bool:
    """Whether the sidebar has it."""
    return mailfiles.is_on()
