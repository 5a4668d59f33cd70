"""Filters of decisions whose options are short lists, read without looking at the decisions."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import DropdownFilter

from leadrouting.rules.models import Rule
from leadrouting.teams.models import Queue, Rep

Rows = TypeVar("Rows", bound=QuerySet[Any])


class ByRule(DropdownFilter):
    title = "rule"
    parameter_name = "rule"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        rules = Rule.objects.select_related("rule_set").order_by("rule_set__name", "precedence", "id")
        return [("none", "No rule"), *((str(rule.pk), f"{rule.rule_set}: {rule}") for rule in rules)]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        if self.value() == "none":
            return queryset.filter(rule_id=None)
        return queryset.filter(rule_id=self.value()) if self.value() else queryset


class ByRep(DropdownFilter):
    """The parameter is the field's name, also where a list has another one for it."""

    title = "rep"
    parameter_name = "rep"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        reps = Rep.objects.values_list("pk", "user__name").order_by("user__name", "pk")
        return [(str(pk), name) for pk, name in reps]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        return queryset.filter(**{self.parameter_name: self.value()}) if self.value() else queryset


class ByQueue(DropdownFilter):
    title = "queue"
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [(str(pk), name) for pk, name in Queue.objects.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        return queryset.filter(queue=self.value()) if self.value() else queryset
