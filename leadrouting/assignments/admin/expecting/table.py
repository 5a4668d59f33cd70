"""All test leads of a rule set, tried on the draft as it is now."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from leadrouting.common.console import OpsAdmin
from leadrouting.rules.admin.asked import rule_set_asked
from leadrouting.rules.catalogue import catalogue
from leadrouting.rules.documents import draft_of
from leadrouting.rules.expectations import given_in_words, results, wanted_in_words
from leadrouting.rules.problems import problems_of
from leadrouting.teams.snapshot import people_now


def tests_page(admin: OpsAdmin, request: HttpRequest, key: int) -> HttpResponse:
    """Loading the page is running them; while the draft has problems they are listed without."""
    rule_set = rule_set_asked(admin, request, str(key))
    known, draft, now = catalogue(), draft_of(rule_set), timezone.now()
    problems = problems_of(draft, known)
    tried = [] if problems else results(rule_set, draft, now=now)
    by_key = {result.expectation.pk: result for result in tried}
    untried = rule_set.expectations.select_related("pool", "rep__user", "queue")
    expectations = list(untried) if problems else [result.expectation for result in tried]
    names = {rep: person.name for rep, person in people_now().reps.items()}
    rows = [
        {
            "test": one,
            "given": given_in_words(one.given, known, names),
            "wanted": wanted_in_words(one),
            "result": by_key.get(one.pk),
        }
        for one in expectations
    ]
    context = {
        **admin.admin_site.each_context(request),
        "title": f"Test leads of “{rule_set}”",
        "rule_set": rule_set,
        "rows": rows,
        "problems": problems,
        "passed": sum(result.passed for result in tried),
        "failed": sum(not result.passed for result in tried),
        "now": now,
    }
    return TemplateResponse(request, "admin/rules/tests.html", context)
