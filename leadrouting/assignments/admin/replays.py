"""Runs of the replay, to read."""

from __future__ import annotations

from django.contrib import admin
from django.template.loader import render_to_string
from unfold.decorators import display

from leadrouting.assignments.models import Replay
from leadrouting.common.console import ReadOnly


@admin.register(Replay)
class ReplayAdmin(ReadOnly):
    """What differs is listed with links to the decisions."""

    list_display = ["finished_at", "since", "shown_checked", "shown_different"]
    fields = ["since", "started_at", "finished_at", "shown_checked", "shown_different", "shown_differing"]
    readonly_fields = ["shown_checked", "shown_different", "shown_differing"]

    @display(description="Recomputed")
    def shown_checked(self, replay: Replay) -> str:
        return f"{replay.checked:,}"

    @display(description="Result", label={"No difference": "success"})
    def shown_different(self, replay: Replay) -> str:
        return f"{replay.different:,} differ" if replay.different else "No difference"

    @display(description="What differs")
    def shown_differing(self, replay: Replay) -> str:
        more = replay.different - len(replay.differing)
        return render_to_string("admin/assignments/differing.html", {"replay": replay, "more": more})
