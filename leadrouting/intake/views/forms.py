"""A campaign's form: our own page of it, and the address to which other pages' forms are sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.core.cache import cache
from django.db.models import Prefetch
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from leadrouting.common.middleware import STRICT
from leadrouting.intake import deliveries
from leadrouting.intake.asking import Question, questions
from leadrouting.intake.heard import Raw, Unreadable
from leadrouting.intake.models import Delivery, Form, FormField, Kind
from leadrouting.intake.readers.submissions import KEY, TRAP, Said, said, values_of
from leadrouting.intake.views.webhooks import MOST, raw_of

CLOSED = "This form is closed."
REQUIRED = "Please fill this in."
NO_CONSENT = "Please tick the box: we may not answer without your consent."


def form_of(key: str) -> Form:
    """Raises Http404."""
    found = (
        Form.objects.select_related("campaign")
        .prefetch_related(Prefetch("fields", FormField.objects.order_by("position", "id")))
        .filter(campaign__key=key, campaign__is_active=True)
        .first()
    )
    if found is None:
        raise Http404("There is no form here.")
    return found


@dataclass(slots=True)
class Sent:
    """One sending, and what is to be told about it."""

    form: Form
    told: Said | None = None
    errors: dict[str, str] = field(default_factory=dict)
    problem: str = ""

    @property
    def is_well(self) -> bool:
        return not self.errors and not self.problem


@method_decorator(csrf_exempt, name="dispatch")
class FormPage(View):
    """GET: the page. POST: JSON, form-encoded or multipart; answered with JSON where that was sent or is asked for.

    Nobody is logged in here, and nothing is done in anybody's name, so a token against forged requests would
    protect nobody; other websites are meant to send it.
    """

    http_method_names = ["get", "post", "options"]
    form: Form

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.form = form_of(kwargs["key"])
        answer = super().dispatch(request, *args, **kwargs)
        if (origin := request.headers.get("Origin", "")) and is_allowed(self.form, request, origin):
            answer.headers["Access-Control-Allow-Origin"] = origin
            answer.headers["Vary"] = "Origin"
        return answer

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        allowed = is_allowed(self.form, request, request.headers.get("Origin", ""))
        answer = HttpResponse(status=204 if allowed else 403)
        if allowed:
            answer.headers["Access-Control-Allow-Methods"] = "POST"
            answer.headers["Access-Control-Allow-Headers"] = "Content-Type"
            answer.headers["Access-Control-Max-Age"] = "86400"
        return answer

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        return self.page(request, Sent(self.form, Said(list(request.GET.dict().items()))), status=200)

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        if not is_allowed(self.form, request, request.headers.get("Origin", "")):
            return self.answer(request, Sent(self.form, problem="This website may not send this form."), 403)
        if not self.form.is_open:
            return self.answer(request, Sent(self.form, problem=CLOSED), 410)
        if (wait := too_many(self.form, request)) is not None:
            refused = self.answer(
                request, Sent(self.form, problem="Please wait a minute and send it again."), 429
            )
            refused.headers["Retry-After"] = str(wait)
            return refused
        raw = raw_of(request)
        if raw is None:
            return self.answer(request, Sent(self.form, problem=f"Please send at most {MOST:,} bytes."), 413)
        sent = received(self.form, raw, request)
        return self.answer(request, sent, 201 if sent.is_well else 422)

    def answer(self, request: HttpRequest, sent: Sent, status: int) -> HttpResponse:
        if wants_json(request):
            return JsonResponse(in_json(sent), status=status)
        if sent.is_well:
            here = reverse("intake:thanks", args=[self.form.campaign.key])
            return HttpResponseRedirect(self.form.redirect_url or here)
        return self.page(request, sent, status)

    def page(self, request: HttpRequest, sent: Sent, status: int) -> HttpResponse:
        answer = TemplateResponse(request, "intake/form.html", context(self.form, sent), status=status)
        if self.form.redirect_url:  # browsers hold a form's redirects to the policy of its page
            to = origin_of(self.form.redirect_url)
            answer.headers["Content-Security-Policy"] = STRICT.replace(
                "form-action 'self'", f"form-action 'self' {to}"
            )
        return answer


class Thanks(View):
    http_method_names = ["get"]

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        return TemplateResponse(request, "intake/thanks.html", {"form": form_of(key)})


def received(form: Form, raw: Raw, request: HttpRequest) -> Sent:
    """Keep it as it came, then understand it. What the sender can put right is told; what was kept of an earlier try
    of the same sending is then set aside."""
    now, sent = timezone.now(), Sent(form)
    known: dict[str, Any] = {"key": f"form:{uuid4().hex}", "values": {}}
    try:
        sent.told = said(raw)
    except Unreadable as error:
        sent.problem = str(error)
    if sent.told is not None:
        known["key"] = sent.told.key or known["key"]
        known["values"] = beside(form, sent.told, request, now)
        sent.errors = shortcomings(form, sent.told)
    delivery = deliveries.store(
        raw, kind=Kind.FORM, now=now, campaign=form.campaign_id, known=known, rings=False
    )
    if sent.told is not None and sent.told.is_trapped:
        deliveries.dismiss(delivery, "A machine: it filled in a field that people do not see.", now)
        sent.errors = {}
    elif sent.is_well:
        done = deliveries.work_off(delivery.pk, now)
        if done is not None and done.state == Delivery.State.FAILED:
            sent.problem = done.reason
        else:
            deliveries.dismiss_earlier(delivery, known["key"], now)
    else:
        deliveries.fail(delivery, sent.problem or in_short(sent.errors), now)
    return sent


def beside(form: Form, told: Said, request: HttpRequest, now: datetime) -> dict[str, Any]:
    """What was agreed to, and from which page it came if the form does not say."""
    values: dict[str, Any] = {}
    if form.consent_text:
        values["consent"] = told.agrees
        values["consent_text"] = form.consent_text if told.agrees else ""
        values["consent_at"] = now.isoformat() if told.agrees else None
    own = request.build_absolute_uri(request.path)
    if (referrer := request.headers.get("Referer", "")) and not referrer.startswith(own):
        values["landing_page"] = referrer[:500]
    return values


def shortcomings(form: Form, told: Said) -> dict[str, str]:
    """By field, for whoever fills it in."""
    values = values_of(told, form.mapping)
    own = values.get("attributes", {})
    errors = {
        one.name: REQUIRED
        for one in form.fields.all()
        if one.is_required and not (values.get(one.name) or own.get(one.name.removeprefix("attributes.")))
    }
    if form.consent_text and form.consent_required and not told.agrees:
        errors["consent"] = NO_CONSENT
    return errors


def in_short(errors: dict[str, str]) -> str:
    return "; ".join(f"{name}: {text}" for name, text in errors.items())


def in_json(sent: Sent) -> dict[str, Any]:
    if sent.is_well:
        told: dict[str, Any] = {"ok": True, "message": sent.form.thanks}
        return {**told, "redirect": sent.form.redirect_url} if sent.form.redirect_url else told
    return {"ok": False, "message": sent.problem or "Please check what you filled in.", "errors": sent.errors}


def context(form: Form, sent: Sent) -> dict[str, Any]:
    told = sent.told or Said([])
    asked: list[Question] = questions(form, told, sent.errors)
    names = {one.name for one in asked} | {TRAP, KEY, "consent", "csrfmiddlewaretoken"}
    return {
        "form": form,
        "questions": asked,
        "consent": told.agrees,
        "consent_error": sent.errors.get("consent", ""),
        "problem": sent.problem,
        "errors": sent.errors,
        "trap": TRAP,
        "key_name": KEY,
        "key": told.key or uuid4().hex,
        "kept": [(name, value) for name, value in told.answers if name not in names and value],
    }


def origin_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def wants_json(request: HttpRequest) -> bool:
    kind = request.content_type or ""
    return (
        kind == "application/json"
        or request.get_preferred_type(["text/html", "application/json"]) != "text/html"
    )


def is_allowed(form: Form, request: HttpRequest, origin: str) -> bool:
    """Our own page, a website on the list, any website where there is no list, and whoever is no browser."""
    own = f"{request.scheme}://{request.get_host()}"
    return not origin or not form.allowed_origins or origin == own or origin in form.allowed_origins


def too_many(form: Form, request: HttpRequest) -> int | None:
    """Seconds to wait. Counted in the cache: with the default one for each web process by itself."""
    minute = int(timezone.now().timestamp()) // 60
    key = f"form:{form.pk}:{request.META.get('REMOTE_ADDR', '')}:{minute}"
    cache.add(key, 0, 120)
    try:
        count = cache.incr(key)
    except ValueError:
        count = 1
    return 60 - int(timezone.now().timestamp()) % 60 if count > form.per_minute else None
