"""Importing leads or accounts from a file, step by step: upload, columns, preview, run, result."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from unfold.decorators import display

from leadrouting.common.console import ReadOnly
from leadrouting.intake.admin.import_forms import (
    HISTORY,
    OUTCOMES,
    AccountsForm,
    MappingForm,
    UploadForm,
    initial_of,
)
from leadrouting.intake.importing import runs
from leadrouting.intake.importing.errors import ImportRefused
from leadrouting.intake.importing.guessing import accounts_by_headings, by_headings, order_in
from leadrouting.intake.importing.headings import fingerprint
from leadrouting.intake.importing.mapping import ACCOUNTS, LEADS, Mapping
from leadrouting.intake.importing.previewing import preview
from leadrouting.intake.importing.rejects import rejects
from leadrouting.intake.models import ImportRow, ImportRun, ImportSource
from leadrouting.leads.models import Account, Campaign, Lead
from leadrouting.teams.auth import caller

State = ImportRun.State
SHOWN = 100
COLOURS = {
    State.DRAFT.label: "info",
    State.CHECKING.label: "warning",
    State.RUNNING.label: "warning",
    State.DONE.label: "success",
    State.CANCELLED.label: "danger",
    State.FAILED.label: "danger",
}


LABELS = {
    LEADS: {state.value: state.label for state in ImportRow.State if state is not ImportRow.State.UPDATED},
    ACCOUNTS: {"imported": "New", "updated": "Updated", "known": "Unchanged", "rejected": "Rejected"},
}


class ByImport(admin.SimpleListFilter):
    """Which leads came with a file; reached from the page of the import."""

    title = "import"
    parameter_name = "import"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        last = ImportRun.objects.filter(started_at__isnull=False).order_by("-made_at")[:20]
        return [(str(run.pk), run.file_name) for run in last]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Lead]) -> QuerySet[Lead]:
        told = self.value()
        if not told or not str(told).isdigit() or int(told) >= 2**63:
            return queryset
        rows = ImportRow.objects.filter(run=int(told), state=ImportRow.State.IMPORTED)
        return queryset.filter(pk__in=rows.values("lead"))


class AccountsByImport(ByImport):
    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        told = self.value()
        if not told or not str(told).isdigit() or int(told) >= 2**63:
            return queryset
        rows = ImportRow.objects.filter(run=int(told), state__in=("imported", "updated"))
        return queryset.filter(pk__in=rows.values("account"))


_leads: Any = admin.site.get_model_admin(Lead)
_leads.list_filter = [*_leads.list_filter, ByImport]
_accounts: Any = admin.site.get_model_admin(Account)
_accounts.list_filter = [*_accounts.list_filter, AccountsByImport]


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnly):
    list_display = ["made_at", "file_name", "by", "shown_rows", "shown_state"]
    list_select_related = ["by"]
    list_filter = ["state"]
    search_fields = ["file_name"]
    ordering = ["-made_at", "-id"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return caller(request).is_ops

    @display(description="Rows", ordering="total")
    def shown_rows(self, run: ImportRun) -> str:
        return f"{run.total:,}" if run.started_at else "–"

    @display(description="State", label=COLOURS)
    def shown_state(self, run: ImportRun) -> str:
        return run.get_state_display()

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        download = path("<int:pk>/rejected/", wrap(self.rejected), name="intake_importrun_rejected")
        return [download, *super().get_urls()]

    def page(self, request: HttpRequest, title: str, template: str, **context: Any) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "title": title, **context}
        return TemplateResponse(request, f"admin/intake/{template}", context)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        initial = {"kind": request.GET.get("kind", "")}
        form = UploadForm(request.POST or None, request.FILES or None, initial=initial)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                run = runs.keep(
                    file.chunks(), file.name, file.size or 0, by=caller(request), now=timezone.now()
                )
                remember(run, first_mapping(run, form.cleaned_data["kind"]))
            except ImportRefused as refused:
                form.add_error("file", str(refused))
            else:
                same = ImportRun.objects.filter(digest=run.digest, state=State.DONE).exclude(pk=run.pk)
                if earlier := same.first():
                    said = f"This very file was imported on {timezone.localtime(earlier.made_at):%d %B %Y}. "
                    self.message_user(
                        request, said + "With the same mapping nothing would change.", messages.WARNING
                    )
                return HttpResponseRedirect(self.change_url(run))
        return self.page(request, "Import a file", "import_upload.html", form=form)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        run = self.get_object(request, object_id)
        if run is None:
            return HttpResponseRedirect(reverse("admin:intake_importrun_changelist"))
        if request.method == "POST" and {"start", "check", "cancel"} & request.POST.keys():
            return self.acted(request, run)
        if run.state != State.DRAFT:
            return self.result(request, run)
        return self.preview(request, run) if "preview" in request.GET else self.mapping(request, run)

    def acted(self, request: HttpRequest, run: ImportRun) -> HttpResponse:
        now = timezone.now()
        if "cancel" in request.POST:
            runs.cancel(run, now)
        else:
            runs.start(run, now, dry="check" in request.POST)
        after = "?preview=1" if "cancel" in request.POST and run.state == State.CHECKING else ""
        return HttpResponseRedirect(self.change_url(run) + after)

    def mapping(self, request: HttpRequest, run: ImportRun) -> HttpResponse:
        mapping = runs.mapping_of(run)
        campaign = Campaign.objects.filter(key=mapping.constants.get("campaign", "")).first()
        order = mapping.dates.order
        if mapping.received and run.source is None and not (found := order_found(run, mapping.received)):
            order = found
        initial = {**initial_of(mapping, run.columns, order, campaign), "sheet": run.sheet}
        kind: Any = AccountsForm if run.holds == ACCOUNTS else MappingForm
        form = kind(request.POST or None, columns=run.columns, sheets=run.sheets, initial=initial)
        if request.method == "POST" and form.is_valid():
            told = form.mapping(mapping)
            sheet = form.cleaned_data.get("sheet") or run.sheet
            if sheet != run.sheet:
                return self.other_sheet(request, run, sheet, form.cleaned_data.get("kind", run.holds))
            if told.received and not form.cleaned_data.get("order") and not order_found(run, told.received):
                form.add_error("order", "The dates of this file can be read both ways: say which is meant.")
            else:
                remember(run, told)
                if name := form.cleaned_data["keep_as"].strip():
                    keep_source(run, name)
                return HttpResponseRedirect(f"{self.change_url(run)}?preview=1")
        return self.page(request, f"Import {run.file_name}", "import_mapping.html", run=run, form=form)

    def other_sheet(self, request: HttpRequest, run: ImportRun, sheet: str, kind: str) -> HttpResponse:
        try:
            with runs.opened(run) as file:
                runs.look(run, file, sheet)
            run.save()
            remember(run, first_mapping(run, kind))
        except ImportRefused as refused:
            self.message_user(request, str(refused), messages.ERROR)
        return HttpResponseRedirect(self.change_url(run))

    def preview(self, request: HttpRequest, run: ImportRun) -> HttpResponse:
        rows, problem = [], ""
        try:
            rows = preview(run, timezone.now())
        except ImportRefused as refused:
            problem = str(refused)
        context = {
            "run": run,
            "rows": rows,
            "problem": problem,
            "checked": counted(run, run.checked.get("counts")),
        }
        return self.page(request, f"Import {run.file_name}", "import_preview.html", **context)

    def result(self, request: HttpRequest, run: ImportRun) -> HttpResponse:
        state = request.GET.get("state", "")
        rows: Any = run.rows.select_related("lead", "account")
        rows = rows.filter(state=state) if state in ImportRow.State.values else rows
        page = Paginator(rows, SHOWN).get_page(request.GET.get("page", "1"))
        for row in page:
            row.said = LABELS[run.holds][row.state]
        return self.page(
            request,
            f"Import {run.file_name}",
            "import_result.html",
            run=run,
            is_live=run.state in runs.AT_WORK,
            is_gone=not run.parts.exists(),
            counts=counted(run, run.counts),
            read=sum(run.counts.values()),
            rows=page,
            state=state,
        )

    def rejected(self, request: HttpRequest, pk: int) -> HttpResponse | StreamingHttpResponse:
        run = self.get_object(request, str(pk))
        if run is None:
            return HttpResponseRedirect(reverse("admin:intake_importrun_changelist"))
        lines = rejects(run.columns, runs.rejected(run))
        name = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in run.file_name[:60])
        return StreamingHttpResponse(
            lines,
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}-rejected.csv"'},
        )


def counted(run: ImportRun, counts: dict[str, int] | None) -> list[tuple[str, str, int]]:
    if counts is None:
        return []
    return [(state, label, counts.get(state, 0)) for state, label in LABELS[run.holds].items()]


def first_mapping(run: ImportRun, kind: str) -> Mapping:
    """As it was kept for files with these headings, else by the headings."""
    holds = ACCOUNTS if kind == ACCOUNTS else LEADS
    kept = ImportSource.objects.filter(headings=fingerprint(run.columns)).order_by("-pk")
    source = next((one for one in kept if one.mapping.get("holds", LEADS) == holds), None)
    if source is not None and set(source.mapping.get("columns", {})) == set(run.columns):
        run.source = source
        return Mapping.from_json(source.mapping)
    if kind == ACCOUNTS:
        return accounts_by_headings(run.columns)
    return by_headings(run.columns, historical=kind in (HISTORY, OUTCOMES), outcomes=kind == OUTCOMES)


def remember(run: ImportRun, mapping: Mapping) -> None:
    """A column whose dates can be read only one way is read that way."""
    if mapping.received and (found := order_found(run, mapping.received)):
        mapping = replace(mapping, dates=replace(mapping.dates, order=found))
    run.mapping, run.checked = mapping.as_json(), {}
    run.save()


def order_found(run: ImportRun, column: str) -> str:
    with runs.opened(run) as file:
        return order_in(runs.table_of(run, file), [column])


def keep_source(run: ImportRun, name: str) -> None:
    """For the next file of this kind."""
    run.source, _ = ImportSource.objects.update_or_create(
        name=name[:80], defaults={"headings": fingerprint(run.columns), "mapping": run.mapping}
    )
    run.save(update_fields=["source"])
