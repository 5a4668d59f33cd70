"""The page between a draft and the version that routes: what is wrong with it, what fails, what it will change."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import CharField, Form, HiddenInput
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import localize
from unfold.widgets import UnfoldAdminTextInputWidget

from leadrouting.common.console import OpsAdmin
from leadrouting.rules.admin.asked import rule_set_asked
from leadrouting.rules.changes import Change, changes, in_a_line
from leadrouting.rules.documents import draft_of
from leadrouting.rules.expectations import results
from leadrouting.rules.models import RuleSet, Version
from leadrouting.rules.services import (
    LONG_ENOUGH,
    AlreadyLive,
    CannotPublish,
    FailedTests,
    Outdated,
    live_version,
    problems_of,
    publish,
    sight,
)
from leadrouting.rules.signals import checking, gathered
from leadrouting.rules.wording import all_names
from leadrouting.teams.auth import caller


class PublishForm(Form):
    summary = CharField(
        label="What changes, in a line",
        max_length=200,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="For those who read the list of versions later.",
    )
    override = CharField(
        label="Publish all the same, because",
        max_length=400,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=f"Test leads fail. A reason of {LONG_ENOUGH} letters or more is kept with the version.",
    )
    seen = CharField(widget=HiddenInput)


def publish_page(admin: OpsAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """Shows the draft's problems or changes; a POST publishes exactly the draft that was shown."""
    rule_set = rule_set_asked(admin, request, object_id)
    form = PublishForm(request.POST or None)
    if form.is_valid() and (answer := published(admin, request, rule_set, form)):
        return answer
    draft, live, now = draft_of(rule_set), live_version(), timezone.now()
    problems, found = problems_of(draft), what_changes(live, rule_set, draft)
    show_again(form, sight(draft, live), in_a_line(found or []))
    tried = [] if problems else results(rule_set, draft, now=now)
    context = {
        **admin.admin_site.each_context(request),
        "title": f"Publish “{rule_set}”",
        "rule_set": rule_set,
        "form": form,
        "problems": problems,
        "live": live,
        "rules": len(draft["rules"]),
        "changes": found,
        "results": tried,
        "failed": [result for result in tried if not result.passed],
        "findings": [] if problems else gathered(checking, rule_set=rule_set, document=draft, now=now),
        "back": admin.change_url(rule_set),
    }
    return TemplateResponse(request, "admin/rules/publish.html", context)


def show_again(form: PublishForm, seen: str, summary: str) -> None:
    """What is posted next speaks of the draft as it is shown now."""
    if form.is_bound:
        form.data = {name: form.data[name] for name in form.data} | {"seen": seen}
    else:
        form.initial = {"seen": seen, "summary": summary}


def published(
    admin: OpsAdmin, request: HttpRequest, rule_set: RuleSet, form: PublishForm
) -> HttpResponse | None:
    """None: the page must be looked at again."""
    here = HttpResponseRedirect(admin.change_url(rule_set))
    given = form.cleaned_data
    try:
        version = publish(rule_set=rule_set, by=caller(request), now=timezone.now(), **given)
    except AlreadyLive as error:
        admin.message_user(request, str(error), messages.INFO)
        return here
    except Outdated as error:
        admin.message_user(
            request, f"{error} Nothing is published; here is what it says now.", messages.WARNING
        )
        return None
    except FailedTests as error:
        number = len(error.problems)
        said = (
            f"{number} test lead{'s' * (number != 1)} would go elsewhere. Mend the draft, or say why it does not "
            f"matter, in {LONG_ENOUGH} letters or more."
        )
        form.add_error("override", said)
        return None
    except CannotPublish as error:
        for problem in error.problems:
            admin.message_user(request, problem, messages.ERROR)
        return here
    size = len(version.document["rules"])
    said = f"{version} is live: from now on its {size} rule{'s' * (size != 1)} decide where leads go."
    admin.log_change(request, rule_set, f"Published v{version.number}. {given['summary']}".strip())
    admin.message_user(request, said, messages.SUCCESS)
    return here


def what_changes(live: Version | None, rule_set: RuleSet, draft: dict[str, Any]) -> list[Change] | None:
    """None where there is nothing to compare: nothing is live, or another rule set is."""
    if live is None or live.rule_set_id != rule_set.pk:
        return None
    return changes(live.document, draft, all_names())


def state_in_words(rule_set: RuleSet, draft: dict[str, Any]) -> str:
    live = live_version()
    if live is None:
        return "No rule set routes leads yet, so they all wait in the intake queue. Publish one to start."
    if live.rule_set_id != rule_set.pk:
        return f"A draft. {live} routes leads now; publishing this one takes its place."
    by = f" by {live.published_by}" if live.published_by else ""
    when = localize(timezone.localtime(live.published_at))
    said = f"v{live.number} routes leads, published {when}{by}."
    if live.document == draft:
        return f"{said} What you see below is what it says."
    return f"{said} What you see below differs from it, and counts only when you publish it."
