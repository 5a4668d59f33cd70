"""The page between a draft and the version that routes: what is wrong with it, or what it will change."""

from __future__ import annotations

from hashlib import sha256
from json import dumps
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.forms import CharField, Form, HiddenInput
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import localize
from unfold.widgets import UnfoldAdminTextInputWidget

from leadrouting.common.console import OpsAdmin
from leadrouting.rules.changes import Change, changes
from leadrouting.rules.documents import draft_of
from leadrouting.rules.models import RuleSet, Version
from leadrouting.rules.services import CannotPublish, problems_of, publish
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
    seen = CharField(widget=HiddenInput)


def publish_page(admin: OpsAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """Shows the draft's problems or changes; a POST publishes exactly the draft that was shown."""
    rule_set = admin.get_object(request, unquote(object_id))
    if rule_set is None:
        raise Http404(f"There is no rule set {object_id}.")
    if not admin.has_change_permission(request, rule_set):
        raise PermissionDenied
    draft = draft_of(rule_set)
    form = PublishForm(request.POST or None, initial={"seen": digest(draft)})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["seen"] == digest(draft):
            return published(admin, request, rule_set, form.cleaned_data["summary"])
        said = "The draft was changed while you looked at it. Nothing is published; here is what it says now."
        admin.message_user(request, said, messages.WARNING)
        form = PublishForm(initial={"seen": digest(draft), "summary": form.cleaned_data["summary"]})
    live = live_version()
    context = {
        **admin.admin_site.each_context(request),
        "title": f"Publish “{rule_set}”",
        "form": form,
        "problems": problems_of(draft),
        "live": live,
        "rules": len(draft["rules"]),
        "changes": what_changes(live, rule_set, draft),
        "back": admin.change_url(rule_set),
    }
    return TemplateResponse(request, "admin/rules/publish.html", context)


def published(admin: OpsAdmin, request: HttpRequest, rule_set: RuleSet, summary: str) -> HttpResponse:
    here = HttpResponseRedirect(admin.change_url(rule_set))
    live = live_version()
    if live is not None and live.rule_set_id == rule_set.pk and live.document == draft_of(rule_set):
        said = f"{live} is live already and says the same. Nothing was published."
        admin.message_user(request, said, messages.INFO)
        return here
    try:
        version = publish(rule_set=rule_set, by=caller(request), now=timezone.now(), summary=summary)
    except CannotPublish as error:
        for problem in error.problems:
            admin.message_user(request, problem, messages.ERROR)
        return here
    size = len(version.document["rules"])
    said = f"{version} is live: from now on its {size} rule{'s' * (size != 1)} decide where leads go."
    admin.log_change(request, rule_set, f"Published v{version.number}. {summary}".strip())
    admin.message_user(request, said, messages.SUCCESS)
    return here


def live_version() -> Version | None:
    return Version.objects.filter(is_live=True).select_related("rule_set", "published_by").first()


def what_changes(live: Version | None, rule_set: RuleSet, draft: dict[str, Any]) -> list[Change] | None:
    """None where there is nothing to compare: nothing is live, or another rule set is."""
    if live is None or live.rule_set_id != rule_set.pk:
        return None
    return changes(live.document, draft, all_names())


def digest(draft: dict[str, Any]) -> str:
    return sha256(dumps(draft, sort_keys=True).encode()).hexdigest()


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
