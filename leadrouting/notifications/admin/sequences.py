"""Sequences, in an order that is dragged: the first that fits a lead is for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Case, Count, F, Max, Q, QuerySet, Value, When
from django.forms import BaseForm, ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from leadrouting.common.console import Inline, OpsAdmin, ReadOnly
from leadrouting.common.console.inlines import KeptFormSet
from leadrouting.common.console.once import once
from leadrouting.common.spans import SpanField, written
from leadrouting.engine.describe import describe_rule
from leadrouting.notifications.admin.workflows import names_of_ours
from leadrouting.notifications.models import Enrolment, Sequence, SequenceCondition, Step
from leadrouting.notifications.prospects.words import PLACEHOLDERS, problems
from leadrouting.notifications.sequences.beginning import asked
from leadrouting.notifications.sequences.deciding import BY_HAND
from leadrouting.rules.admin.forms import LogicMixin
from leadrouting.rules.admin.rule_parts import ConditionInline, guide_of
from leadrouting.rules.catalogue import catalogue

LONGEST = timedelta(days=365)
State = Enrolment.State


class SequenceConditionInline(ConditionInline):
    model = SequenceCondition  # type: ignore[assignment]  # the same columns, of a sequence


class StepForm(ModelForm):
    after = SpanField(
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="After the lead came to its owner, e.g. 30 min, 4 h or 3 d; empty: at once. For days count around the "
        "clock: in office hours 3 d are 72 hours at work.",
    )

    def clean_after(self) -> timedelta:
        after: timedelta = self.cleaned_data["after"] or timedelta()
        if not timedelta() <= after <= LONGEST:
            raise ValidationError("A step comes at once, or within a year.")
        return after

    def clean(self) -> dict[str, Any]:
        """What a prospect reads is checked as acknowledgements are; what the owner reads for its placeholders."""
        given = super().clean() or self.cleaned_data
        is_mail = given.get("does") == Step.Does.EMAIL
        own = names_of_ours() if is_mail else set()
        for name in ("title", "body"):
            found = problems(given.get(name) or "", own=own)
            for said in (
                found if is_mail else [one for one in found if one.startswith(("There is no {", "A brace"))]
            ):
                self.add_error(name, said)
        if is_mail and not (given.get("body") or "").strip() and "body" not in self.errors:
            self.add_error("body", "An e-mail needs a text.")
        return given


class StepFormSet(KeptFormSet):
    def clean(self) -> None:
        super().clean()
        kept = [one for one in self.forms if one.has_changed() or one.instance.pk]
        if not any(self.errors) and not any(not one.cleaned_data.get("DELETE") for one in kept):
            raise ValidationError("A sequence needs a step.")


class StepInline(Inline):
    model = Step
    form = StepForm
    formset = StepFormSet
    verbose_name_plural = "Steps, by their time"
    fields = ["after", "hours", "does", "title", "body"]


class SequenceForm(LogicMixin, ModelForm):
    class Meta:
        model = Sequence
        fields = ["name", "is_active", "logic", "ends_with_response", "language"]


@admin.register(Sequence)
class SequenceAdmin(OpsAdmin):
    form = SequenceForm
    list_display = ["name", "for_whom", "steps_in_words", "how_it_goes", "active"]
    ordering = ["precedence", "id"]
    actions = None  # its rows are for ordering
    ordering_field = "precedence"
    hide_ordering_field = True
    list_before_template = "admin/notifications/sequence_order.html"
    keep_because = "Take “active” off instead: no lead begins it any more."
    inlines = [SequenceConditionInline, StepInline]
    readonly_fields = ["holes"]
    fieldsets = [
        (None, {"fields": ["name", "is_active"]}),
        ("Which leads", {"fields": ["logic"]}),
        ("What ends it", {"fields": ["ends_with_response"]}),
        ("What it says", {"fields": ["language", "holes"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Sequence]:
        counted = {
            state.value: Count("enrolments", filter=Q(enrolments__state=state), distinct=True)
            for state in State
        }
        return super().get_queryset(request).annotate(**counted).prefetch_related("conditions", "steps")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        self.known = once(request, "catalogue", catalogue)
        self.reasons = reasons()
        return super().changelist_view(request, extra_context)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        return super().render_change_form(request, {**context, "guide": guide_of(request)}, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Sequence, form: BaseForm, change: Any) -> None:
        if not change:
            obj.precedence = (Sequence.objects.aggregate(last=Max("precedence"))["last"] or 0) + 1
        super().save_model(request, obj, form, change)

    @display(description="For")
    def for_whom(self, sequence: Sequence) -> str:
        said = describe_rule(asked(sequence), self.known) if sequence.conditions.all() else "every lead"
        return capfirst(said.removeprefix("When "))

    @display(description="Steps")
    def steps_in_words(self, sequence: Sequence) -> str:
        return "; ".join(
            f"{written(step.after) if step.after else 'at once'}: {step.get_does_display().lower()}"
            for step in sequence.steps.all()
        )

    @display(description="Leads")
    def how_it_goes(self, sequence: Any) -> str | SafeString:
        said = f"{sequence.running:,} running, {sequence.done:,} through, {sequence.stopped:,} stopped"
        why = self.reasons.get(sequence.pk, [])
        if not why:
            return said
        return format_html('{}<br><span class="lr-quiet">{}</span>', said, " ".join(why))

    @display(description="What texts can say")
    def holes(self, sequence: Sequence) -> str:
        return "; ".join(f"{{{name}}}: {what}" for name, what in PLACEHOLDERS.items())


def reasons() -> dict[int, list[str]]:
    """By sequence, why leads left it, the most frequent first: `The prospect has written: 12.` One query."""
    by_hand = Case(When(why__endswith=BY_HAND, then=Value(f"Somebody{BY_HAND}")), default=F("why"))
    rows = Enrolment.objects.filter(state=State.STOPPED).order_by().values("sequence").annotate(said=by_hand)
    found: dict[int, list[str]] = {}
    for row in rows.annotate(number=Count("pk")).order_by("-number", "said"):
        found.setdefault(row["sequence"], []).append(f"{row['said'].rstrip('.')}: {row['number']:,}.")
    return found


@admin.register(Enrolment)
class EnrolmentAdmin(ReadOnly):
    list_display = ["lead", "sequence", "how", "done", "next_at", "why"]
    list_select_related = ["lead", "sequence"]
    list_filter = ["state", "sequence"]
    search_fields = ["lead__name", "=lead__email"]

    @display(
        description="State",
        label={State.RUNNING.label: "info", State.DONE.label: "success", State.STOPPED.label: "warning"},
        ordering="state",
    )
    def how(self, enrolment: Enrolment) -> str:
        return enrolment.get_state_display()
