"""Filters of the lists of what was said and how it left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import DropdownFilter

from leadrouting.notifications.channels import channels
from leadrouting.notifications.models import Dispatch

State = Dispatch.State


class Chosen(DropdownFilter):
    """One of a few named conditions: `options` has the label and the condition by the name in the address."""

    options: Mapping[str, tuple[str, Q]]

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [(name, label) for name, (label, _) in self.options.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.options.get(self.value() or "")
        return queryset.filter(chosen[1]) if chosen else queryset


class ByState(Chosen):
    title = "state"
    parameter_name = "state"
    options = {
        **{state.value: (state.label, Q(state=state)) for state in State},
        "failing": ("Trying again", Q(state=State.WAITING, attempts__gt=0)),
        "trouble": ("Gave up, or may have been sent", Q(state__in=[State.FAILED, State.UNSURE])),
    }


class ByChannel(Chosen):
    title = "channel"
    parameter_name = "channel"

    @property
    def options(self) -> Mapping[str, tuple[str, Q]]:  # type: ignore[override]
        return {name: (one.label, Q(channel=name)) for name, one in channels().items()}


class ToWhom(Chosen):
    """Of messages."""

    title = "to"
    parameter_name = "to"
    options = {
        "prospects": ("Prospects", Q(recipient__isnull=True)),
        "us": ("Us", Q(recipient__isnull=False)),
    }


class SentToWhom(ToWhom):
    """Of dispatches."""

    options = {
        "prospects": ("Prospects", Q(message__recipient__isnull=True)),
        "us": ("Us", Q(message__recipient__isnull=False)),
    }


class HandedOn(Chosen):
    title = "handed on"
    parameter_name = "handed"
    options = {"failed": ("Failed", ~Q(error="")), "waiting": ("Not yet", Q(spread_at__isnull=True))}


class WhoSaid(Chosen):
    title = "who said so"
    parameter_name = "said"
    options = {
        "prospects": ("The prospect", Q(by__isnull=True)),
        "us": ("One of us", Q(by__isnull=False)),
    }


def label(one: Dispatch) -> str:
    return channels()[one.channel].label if one.channel in channels() else one.channel
