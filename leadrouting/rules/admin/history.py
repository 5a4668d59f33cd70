"""Everything that a rule set said once: who published it, what changed; and the way back to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import CharField, Form, HiddenInput
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from unfold.widgets import UnfoldAdminTextInputWidget

from leadrouting.common.console import OpsAdmin
from leadrouting.engine.sentences import Names
from leadrouting.rules.admin.asked import rule_set_asked
from leadrouting.rules.changes import Change, changes
from leadrouting.rules.models import RuleSet, Version
from leadrouting.rules.restoring import load_into_draft, overwritten
from leadrouting.rules.services import CannotPublish, Outdated, live_version, roll_back, says_the_same, sight
from leadrouting.rules.signals import answers, counting
from leadrouting.rules.wording import all_names
from leadrouting.teams.auth import caller

PER_PAGE = 20


class BackForm(Form):
    """The fields of all versions on the page have the same name: an id would not be one."""

    use_required_attribute = True
    reason = CharField(label="Why", max_length=200, widget=UnfoldAdminTextInputWidget)
    seen = CharField(widget=HiddenInput)


@dataclass(frozen=True, slots=True)
class Row:
    """One version. `changes` None: there is none before it. `is_current`: going back to it would change nothing."""

    version: Version
    rules: int
    leads: int
    changes: list[Change] | None
    is_current: bool
    seen: str


def pages(admin: OpsAdmin) -> list[URLPattern]:
    """For `get_urls` of the rule sets' admin."""
    view = admin.admin_site.admin_view
    return [
        path("<int:key>/versions/", view(partial(versions_page, admin)), name="rules_ruleset_versions"),
        path(
            "<int:key>/versions/<int:number>/back/",
            view(partial(go_back, admin)),
            name="rules_ruleset_back",
        ),
        path(
            "<int:key>/versions/<int:number>/load/",
            view(partial(load_page, admin)),
            name="rules_ruleset_load",
        ),
    ]


def versions_page(
    admin: OpsAdmin, request: HttpRequest, key: int, form: BackForm | None = None, number: int = 0
) -> HttpResponse:
    """`form` is one that was not good enough, of the version with this number."""
    rule_set = rule_set_asked(admin, request, str(key))
    shown = rule_set.versions.select_related("published_by", "restores", "rule_set").order_by("-number")
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    live = live_version()
    context = {
        **admin.admin_site.each_context(request),
        "title": f"Versions of “{rule_set}”",
        "rule_set": rule_set,
        "page": page,
        "rows": list(rows_of(rule_set, list(page.object_list), live)),
        "live": live,
        "elsewhere": live is not None and live.rule_set_id != rule_set.pk,
        "form": form,
        "number": number,
    }
    return TemplateResponse(request, "admin/rules/versions.html", context)


def rows_of(rule_set: RuleSet, versions: Sequence[Version], live: Version | None) -> Iterator[Row]:
    if not versions:
        return
    names = all_names()
    leads = {
        key: number
        for found in answers(counting, versions=[version.pk for version in versions])
        for key, number in found.items()
    }
    for version, earlier in zip(versions, [*versions[1:], one_before(rule_set, versions[-1])], strict=True):
        yield Row(
            version=version,
            rules=len(version.document["rules"]),
            leads=leads.get(version.pk, 0),
            changes=None if earlier is None else changed_since(earlier, version, names),
            is_current=live is not None and says_the_same(live, version),
            seen=sight(version.document, live),
        )


def one_before(rule_set: RuleSet, version: Version) -> Version | None:
    return rule_set.versions.filter(number__lt=version.number).order_by("-number").first()


def changed_since(earlier: Version, version: Version, names: Names) -> list[Change]:
    return changes(earlier.document, version.document, names)


def version_asked(rule_set: RuleSet, number: int) -> Version:
    version = rule_set.versions.select_related("rule_set").filter(number=number).first()
    if version is None:
        raise Http404(f"“{rule_set}” has no version {number}.")
    return version


def go_back(admin: OpsAdmin, request: HttpRequest, key: int, number: int) -> HttpResponse:
    """A POST with a reason; what comes of it is told on the page of versions."""
    rule_set = rule_set_asked(admin, request, str(key))
    version = version_asked(rule_set, number)
    here = HttpResponseRedirect(reverse("admin:rules_ruleset_versions", args=[key]))
    if request.method != "POST":
        return here
    form = BackForm(request.POST)
    if not form.is_valid():
        return versions_page(admin, request, key, form, number)
    try:
        new = roll_back(version=version, by=caller(request), now=timezone.now(), **form.cleaned_data)
    except Outdated as error:
        admin.message_user(request, f"{error} Nothing was rolled back: look again.", messages.WARNING)
    except CannotPublish as error:
        for problem in error.problems:
            admin.message_user(request, problem, messages.ERROR)
    else:
        admin.log_change(request, rule_set, f"Rolled back to v{number} as v{new.number}. {new.summary}")
        said = f"{new} is live and says what v{number} said. The draft is as it was."
        admin.message_user(request, said, messages.SUCCESS)
    return here


def load_page(admin: OpsAdmin, request: HttpRequest, key: int, number: int) -> HttpResponse:
    """Says what of the draft will be overwritten, and does it on POST."""
    rule_set = rule_set_asked(admin, request, str(key))
    version = version_asked(rule_set, number)
    if request.method == "POST" and (answer := loaded(admin, request, version)):
        return answer
    told = overwritten(version, all_names())
    context: dict[str, Any] = {
        **admin.admin_site.each_context(request),
        "title": f"Load v{number} into the draft of “{rule_set}”",
        "rule_set": rule_set,
        "version": version,
        "told": told,
        "kept": [change.name for change in told.changes if change.what == "gone"],
        "back": reverse("admin:rules_ruleset_versions", args=[key]),
    }
    return TemplateResponse(request, "admin/rules/load.html", context)


def loaded(admin: OpsAdmin, request: HttpRequest, version: Version) -> HttpResponse | None:
    """None: the page must be looked at again."""
    seen = request.POST.get("seen", "")
    try:
        load_into_draft(version=version, by=caller(request), now=timezone.now(), seen=seen)
    except Outdated as error:
        admin.message_user(
            request, f"{error} Nothing was loaded; here is what it would do now.", messages.WARNING
        )
        return None
    except CannotPublish:
        return None  # the page shows the problems
    admin.log_change(request, version.rule_set, f"Loaded v{version.number} into the draft.")
    said = f"The draft says what v{version.number} says. Leads notice when you publish."
    admin.message_user(request, said, messages.SUCCESS)
    return HttpResponseRedirect(admin.change_url(version.rule_set))
