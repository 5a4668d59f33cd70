"""The weekly rebalance report: made once for a team and week, mailed once; its suggestions applied and undone."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import override

from leadrouting.analytics.content import content_of, span_of
from leadrouting.analytics.models import RebalanceReport
from leadrouting.analytics.suggestions import pool_weeks
from leadrouting.analytics.weights import apply_suggestion, undo_suggestion
from leadrouting.analytics.wording import body, subject, summary
from leadrouting.engine.balance import Suggestion
from leadrouting.notifications.models import Message
from leadrouting.teams.models import Pool, Team

__all__ = ["apply_suggestion", "make_report", "make_reports", "suggestion_for", "undo_suggestion"]

logger = logging.getLogger(__name__)

WEEK = timedelta(days=7)
CATCH_UP = 4  # weeks that are made up at most, after a long sleep


def make_report(*, team: Team, week: date, now: datetime) -> RebalanceReport:
    """The team's report on the week that began on the Monday `week`; made, stored and mailed the first time only.

    ValueError: `week` is not a Monday, or is not over at `now`: a report is not written twice.
    """
    if span_of(week)[1] > now:
        raise ValueError(f"the week of {week} is not over yet: its report is made on the Monday after it")
    if (existing := RebalanceReport.objects.filter(team=team, week=week).first()) is not None:
        return existing
    with override(settings.LANGUAGE_CODE):
        content = content_of(team, week, now)
        content["summary"] = summary(content)
    with transaction.atomic():
        report, is_new = RebalanceReport.objects.get_or_create(
            team=team, week=week, defaults={"created_at": now, "content": content}
        )
        if is_new:
            Message.objects.bulk_create([mail(report)], ignore_conflicts=True)
    return report


def mail(report: RebalanceReport) -> Message:
    """To the team's manager. Its key keeps a report that was deleted and made again from being mailed again."""
    return Message(
        kind=Message.Kind.REPORT,
        recipient_id=report.team.manager_id,
        subject=subject(report.team.name, report.week)[:200],
        body=body(report.content, report.week),
        dedupe_key=f"report:{report.team_id}:{report.week}",
        created_at=report.created_at,
    )


def make_reports(*, slot: datetime, now: datetime) -> int:
    """Every team's report on the week before `slot`, and, if the slot is old, on those since (at most CATCH_UP).

    A team whose report fails does not hold up the others; the last failure is raised in the end.
    """
    latest = monday(now) - WEEK
    week = max(min(monday(slot) - WEEK, latest), latest - (CATCH_UP - 1) * WEEK)
    made, failure = 0, None
    while week <= latest:
        for team in Team.objects.order_by("pk"):
            try:
                make_report(team=team, week=week, now=now)
                made += 1
            except Exception as error:
                logger.exception("A weekly report failed", extra={"team_id": team.pk, "week": str(week)})
                failure = error
        week += WEEK
    if failure is not None:
        raise failure
    return made


def monday(at: datetime) -> date:
    """The Monday of the week in which `at` lies, in UTC."""
    day = at.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())


def suggestion_for(pool: Pool, start: datetime, end: datetime, now: datetime) -> Suggestion:
    """Weights for the pool from what happened in `[start, end)`; `now` cuts it short.

    ValueError: the pool has no active member.
    """
    return pool_weeks([pool], start, end, now)[0].suggestion()
