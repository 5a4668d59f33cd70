"""The eight figures, of everybody or of some teams, in all or by group. See docs/figures.md."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from leadrouting.analytics.counting import Counts, count
from leadrouting.analytics.figures import Figure, Unit
from leadrouting.analytics.grouping import GROUPINGS, GroupBy


def eight_figures(
    *, start: datetime, end: datetime, now: datetime, team_ids: Sequence[int] | None = None
) -> list[Figure]:
    """The eight figures of `[start, end)`, and last, as a ninth, the first response counted from creation.

    Leads count by when they were created, clocks by when they ended, open conversations as of `now`; all
    are UTC. `team_ids` limits to these teams: leads owned there or waiting in a queue of their manager,
    replies and clocks of their reps. None is everybody; an empty list is nobody.
    """
    counts = count(start=start, end=end, now=now, team_ids=team_ids)
    return figures(counts.get("", Counts()))


def grouped_figures(
    *,
    start: datetime,
    end: datetime,
    now: datetime,
    group_by: GroupBy | str,
    team_ids: Sequence[int] | None = None,
) -> dict[str, list[Figure]]:
    """The same by rep, team, source, channel, campaign, rule or week (its Monday), by the group's name.

    A lead belongs to its owner's rep and team, a reply to who gave it, a clock to whose it was. Active reps
    and their teams are there even when nothing happened. ValueError: an unknown `group_by`.
    """
    by = GROUPINGS[GroupBy(group_by)]
    counts = count(start=start, end=end, now=now, team_ids=team_ids, by=by)
    labels = by.label({tag for tag in counts if tag}) | {"": by.nothing}
    named = {labels.get(tag, tag): tag for tag in counts}
    return {name: figures(counts[named[name]]) for name in sorted(named, key=lambda n: (not named[n], n))}


def figures(counts: Counts) -> list[Figure]:
    """The figures of one group's counts, in the order in which they are shown."""
    c = counts
    rows: list[tuple[str, str, Unit, float, float, str]] = [
        ("assignment_time", _("Assignment time"), Unit.SECONDS, c.assigned_in, c.assigned,
         _("time from creation to the first owner, summed ÷ leads that got an owner")),
        ("first_response_time", _("First response time"), Unit.SECONDS, c.replied_in, c.replies,
         _("time from assignment to the owner's first reply, summed ÷ leads that got a reply")),
        ("sla_compliance", _("SLA compliance"), Unit.PERCENT, c.met, c.met + c.missed,
         _("clocks met ÷ clocks met or missed in the period × 100 (cancelled clocks do not count)")),
        ("lead_conversion", _("Lead conversion"), Unit.PERCENT, c.won, c.leads,
         _("leads won by now ÷ leads × 100")),
        ("workload_balance", _("Workload balance index"), Unit.INDEX, c.spread, c.mean,
         _("population standard deviation ÷ mean of open conversations per active rep, now (0 is even)")),
        ("ownership_coverage", _("Ownership coverage"), Unit.PERCENT, c.owned_once, c.leads,
         _("leads with exactly one owner ÷ leads × 100")),
        ("revenue_per_rep", _("Revenue per rep"), Unit.MONEY, c.revenue, c.reps,
         _("revenue of the leads won ÷ reps who own one of the leads or were assigned a lead in the period")),
        ("reassignment_rate", _("Reassignment rate"), Unit.PERCENT, c.reassigned, c.leads,
         _("leads that had more than one owner, for whatever reason ÷ leads × 100")),
        ("first_response_from_creation", _("First response from creation"), Unit.SECONDS, c.replied_in_all, c.replies,
         _("time from creation to the first reply by an owner, summed ÷ leads that got a reply")),
    ]  # fmt: skip
    return [Figure(*row) for row in rows]
