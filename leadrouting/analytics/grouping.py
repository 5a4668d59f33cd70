"""What figures can be grouped by: where the group is read from in SQL, and what people call it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from leadrouting.leads.enums import Channel
from leadrouting.leads.models import Campaign
from leadrouting.teams.models import Team, User


class GroupBy(StrEnum):
    REP = "rep"
    TEAM = "team"
    SOURCE = "source"
    CHANNEL = "channel"
    CAMPAIGN = "campaign"
    RULE = "rule"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Grouping:
    """`tag` is a text of `event` (see `counting`) and of what `join` adds to it.

    `of_reps`: a group is a part of the reps, not of the leads, so only its own reps count in it.
    """

    tag: str
    nothing: str
    label: Callable[[set[str]], dict[str, str]]
    join: str = ""
    of_reps: bool = False


def unique(rows: Iterable[tuple[int, str, str]]) -> dict[str, str]:
    """Names by key; those that several share get what tells them apart in brackets."""
    rows = list(rows)
    shared = Counter(name for _, name, _ in rows)
    return {str(pk): f"{name} ({extra})" if shared[name] > 1 else name for pk, name, extra in rows}


def reps(keys: set[str]) -> dict[str, str]:
    people = User.objects.filter(pk__in=keys)
    return unique((user.pk, str(user), user.username) for user in people)


def teams(keys: set[str]) -> dict[str, str]:
    return {str(pk): name for pk, name in Team.objects.filter(pk__in=keys).values_list("id", "name")}


def campaigns(keys: set[str]) -> dict[str, str]:
    return unique(Campaign.objects.filter(pk__in=keys).values_list("id", "name", "key"))


def channels(keys: set[str]) -> dict[str, str]:
    return {value: str(label) for value, label in Channel.choices if value in keys}


def as_it_is(keys: set[str]) -> dict[str, str]:
    return {key: key for key in keys}


LEAD = "JOIN leads_lead l ON l.id = event.lead_id"
REP = "LEFT JOIN teams_rep r ON r.user_id = event.rep_id"
RULE = """
    LEFT JOIN (
        SELECT DISTINCT ON (d.lead_id) d.lead_id, d.rule_name FROM assignments_decision d
        WHERE d.lead_id IN (SELECT lead_id FROM event)
        ORDER BY d.lead_id, (d.rep_id IS NULL), d.decided_at, d.id
    ) rule ON rule.lead_id = event.lead_id
"""
"""A lead's rule is that of the decision that gave it its first owner, or else of its first decision."""

ALL = Grouping("''::text", "", as_it_is)
GROUPINGS = {
    GroupBy.REP: Grouping("coalesce(event.rep_id::text, '')", "Nobody", reps, of_reps=True),
    GroupBy.TEAM: Grouping("coalesce(r.team_id::text, '')", "No team", teams, REP, of_reps=True),
    GroupBy.SOURCE: Grouping("l.source", "No source", as_it_is, LEAD),
    GroupBy.CHANNEL: Grouping("l.channel", "No channel", channels, LEAD),
    GroupBy.CAMPAIGN: Grouping("coalesce(l.campaign_id::text, '')", "No campaign", campaigns, LEAD),
    GroupBy.RULE: Grouping("coalesce(rule.rule_name, '')", "No rule", as_it_is, RULE),
    GroupBy.WEEK: Grouping(
        "to_char(date_trunc('week', event.at AT TIME ZONE 'UTC'), 'YYYY-MM-DD')", "", as_it_is
    ),
}
