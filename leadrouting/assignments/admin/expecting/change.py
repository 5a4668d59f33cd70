"""One test lead: added by hand or kept from a lead, changed, deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from leadrouting.assignments.admin.expecting.forms import WantedForm, storable
from leadrouting.assignments.admin.expecting.keeping import Kept, from_decision, from_trying
from leadrouting.assignments.admin.try_form import TryForm
from leadrouting.assignments.admin.trying import json_of, lead_asked_about
from leadrouting.assignments.supposing import supposed
from leadrouting.common.console import OpsAdmin
from leadrouting.rules.admin.asked import rule_set_asked
from leadrouting.rules.catalogue import catalogue
from leadrouting.rules.expectations import given_in_words
from leadrouting.rules.models import Expectation, RuleSet
from leadrouting.teams.snapshot import people_now


def add_page(admin: OpsAdmin, request: HttpRequest, key: int) -> HttpResponse:
    """Empty, or filled from `?decision=`, or (a POST with `keep`) from the page where leads are tried."""
    rule_set = rule_set_asked(admin, request, str(key))
    kept = from_decision(request)
    if request.method == "POST" and "keep" in request.POST:
        tried = TryForm(request.POST)
        if tried.is_valid():
            more = tried.cleaned_data["more"]
            given = storable({**more, **tried.given(lead_asked_about(request))})
            kept = from_trying(tried, given, timezone.now())
        return edit(admin, request, rule_set, Expectation(rule_set=rule_set), kept, fresh=True)
    return edit(admin, request, rule_set, Expectation(rule_set=rule_set), kept)


def change_page(admin: OpsAdmin, request: HttpRequest, key: int, number: int) -> HttpResponse:
    rule_set = rule_set_asked(admin, request, str(key))
    test = rule_set.expectations.filter(pk=number).first()
    if test is None:
        return gone(admin, request, rule_set)
    place = f"{test.kind}:{test.pool_id or test.rep_id or test.queue_id}"
    return edit(admin, request, rule_set, test, Kept(test.name, test.given, test.at, place))


def delete_test(admin: OpsAdmin, request: HttpRequest, key: int, number: int) -> HttpResponse:
    rule_set = rule_set_asked(admin, request, str(key))
    test = rule_set.expectations.filter(pk=number).first()
    if test is None:
        return gone(admin, request, rule_set)
    if request.method == "POST":
        test.delete()
        admin.log_change(request, rule_set, f"Deleted the test lead “{test}”.")
        admin.message_user(request, f"The test lead “{test}” is deleted.", messages.SUCCESS)
    return to_tests(rule_set)


def edit(
    admin: OpsAdmin,
    request: HttpRequest,
    rule_set: RuleSet,
    test: Expectation,
    kept: Kept,
    fresh: bool = False,
) -> HttpResponse:
    """The page; a POST that fits saves. `fresh`: what was posted was meant for another page."""
    data = request.POST if request.method == "POST" and not fresh else None
    held = TryForm.holding(kept.given)
    facts = TryForm(data, initial={**held, "more": json_of(held["more"]), "at": kept.at})
    wanted = WantedForm(
        data,
        rule_set=rule_set,
        test=test if test.pk else None,
        initial={"name": kept.name, "goes_to": kept.goes_to},
    )
    if data is not None and facts.is_valid() & wanted.is_valid() and saved(facts, wanted, test):
        said = f"Test lead “{test}” is kept."
        admin.log_change(request, rule_set, said)
        admin.message_user(request, said, messages.SUCCESS)
        return to_tests(rule_set)
    context: dict[str, Any] = {
        **admin.admin_site.each_context(request),
        "title": f"Test lead “{test}”" if test.pk else f"A test lead of “{rule_set}”",
        "rule_set": rule_set,
        "test": test,
        "facts": facts,
        "wanted": wanted,
        "rest": in_words(json_of(facts["more"].value())),
    }
    return TemplateResponse(request, "admin/rules/test.html", context)


def in_words(rest: dict[str, Any]) -> str:
    if not rest:
        return ""
    return given_in_words(rest, catalogue(), {rep: one.name for rep, one in people_now().reps.items()})


def saved(facts: TryForm, wanted: WantedForm, test: Expectation) -> bool:
    """False: what is wrong stands at its field."""
    at: datetime | None = facts.cleaned_data["at"]
    more = {} if wanted.cleaned_data["forget"] else facts.cleaned_data["more"]
    given = storable({**more, **facts.given()})
    try:
        supposed(given, now=at or timezone.now())
    except ValidationError as error:
        for name, said in error.message_dict.items():
            facts.add_error(name if name in facts.fields else None, said)
        return False
    values = {"name": wanted.cleaned_data["name"], "given": given, "at": at, **wanted.place()}
    for name, value in values.items():
        setattr(test, name, value)
    try:
        with transaction.atomic():
            test.save()
    except IntegrityError:  # somebody else took the name, or deleted the place, a moment ago
        wanted.add_error(None, "Somebody changed something meanwhile. Look again and save once more.")
        return False
    return True


def gone(admin: OpsAdmin, request: HttpRequest, rule_set: RuleSet) -> HttpResponse:
    admin.message_user(request, "This test lead was deleted meanwhile.", messages.WARNING)
    return to_tests(rule_set)


def to_tests(rule_set: RuleSet) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:rules_ruleset_tests", args=[rule_set.pk]))
