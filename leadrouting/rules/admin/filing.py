"""The file of a rule set: to read, copy and download, and to put an edited one into the draft."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.forms import BooleanField, CharField, FileField, Form, HiddenInput, Textarea
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import slugify
from unfold.widgets import UnfoldAdminTextareaWidget

from leadrouting.common.console import OpsAdmin
from leadrouting.rules.admin.asked import rule_set_asked
from leadrouting.rules.files import Outdated, WrongFile, digest_of, exported, exported_yaml, import_yaml
from leadrouting.rules.files.reading import decoded
from leadrouting.rules.files.tree import Problem, Spot
from leadrouting.rules.models import RuleSet
from leadrouting.teams.auth import caller


class FileForm(Form):
    """An upload counts over what is pasted."""

    upload = FileField(label="A file", required=False, help_text="As it was downloaded here, and edited.")
    text = CharField(
        label="Or its text",
        required=False,
        strip=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 12, "spellcheck": "false", "class": "lr-code"}),
    )

    def content(self) -> str:
        """Raises WrongFile."""
        if (file := self.cleaned_data["upload"]) is not None:
            return decoded(file.read())
        text: str = self.cleaned_data["text"]
        if not text.strip():
            raise WrongFile([Problem(Spot(), "Choose a file or paste its text.")])
        return decoded(text.encode("utf-8", "replace"))


class PutForm(Form):
    text = CharField(strip=False, widget=Textarea(attrs={"hidden": True}))
    seen = CharField(widget=HiddenInput)
    force = BooleanField(label="Undo that; what the file says counts", required=False)


def file_pages(admin: OpsAdmin) -> list[URLPattern]:
    """For `get_urls` of the rule sets' admin."""
    view = admin.admin_site.admin_view
    return [
        path("<int:key>/file/", view(partial(file_page, admin)), name="rules_ruleset_file"),
        path("<int:key>/file/download/", view(partial(download, admin)), name="rules_ruleset_file_download"),
        path("<int:key>/file/put/", view(partial(put_page, admin)), name="rules_ruleset_file_put"),
    ]


def download(admin: OpsAdmin, request: HttpRequest, key: int) -> HttpResponse:
    rule_set = rule_set_asked(admin, request, str(key))
    name = f"{slugify(rule_set.name) or 'rules'}.yaml"
    return HttpResponse(
        exported_yaml(rule_set),
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def file_page(admin: OpsAdmin, request: HttpRequest, key: int) -> HttpResponse:
    """Shows the file; a POST with another one shows what it would change, or what is wrong with it."""
    rule_set = rule_set_asked(admin, request, str(key))
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    found: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            text = form.content()
            found = previewed(text, rule_set, request)
        except WrongFile as wrong:
            found = {"problems": wrong.problems}
    return shown(admin, request, rule_set, {**found, "form": form})


def put_page(admin: OpsAdmin, request: HttpRequest, key: int) -> HttpResponse:
    """Puts a file that was looked at into the draft; shows it again when something came in between."""
    rule_set = rule_set_asked(admin, request, str(key))
    here = HttpResponseRedirect(reverse("admin:rules_ruleset_file", args=[key]))
    form = PutForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return here
    text, seen, force = (form.cleaned_data[name] for name in ("text", "seen", "force"))
    try:
        done = import_yaml(
            text, by=caller(request), now=timezone.now(), into=rule_set, seen=seen, force=force
        )
    except WrongFile as wrong:
        found: dict[str, Any] = {"problems": wrong.problems}
    except Outdated as outdated:
        admin.message_user(request, str(outdated), messages.WARNING)
        found = previewed(text, rule_set, request)
    else:
        said = f"The draft says what the file says: {done.plan.summary}. Leads notice nothing before you publish."
        admin.log_change(request, rule_set, f"Imported a file: {done.plan.summary}.")
        admin.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(admin.change_url(rule_set))
    return shown(admin, request, rule_set, {**found, "form": FileForm(initial={"text": text})})


def previewed(text: str, rule_set: RuleSet, request: HttpRequest) -> dict[str, Any]:
    """What the file would change. Raises WrongFile."""
    plan = import_yaml(text, by=caller(request), now=timezone.now(), into=rule_set, dry_run=True).plan
    return {
        "plan": plan,
        "put": PutForm(auto_id=False, initial={"text": text, "seen": digest_of(exported(rule_set))}),
    }


def shown(
    admin: OpsAdmin, request: HttpRequest, rule_set: RuleSet, found: dict[str, Any]
) -> TemplateResponse:
    file = exported_yaml(rule_set)
    context = {
        **admin.admin_site.each_context(request),
        "title": f"File of “{rule_set}”",
        "rule_set": rule_set,
        "file": file,
        "lines": file.count("\n"),
        **found,
    }
    return TemplateResponse(request, "admin/rules/file.html", context)
