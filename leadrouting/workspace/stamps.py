"""Version stamps: a short text that differs when a page has something new to show.

A live page asks every two seconds. Each stamp is one statement over small index ranges: what one person has
open, or one lead. A page whose stamp is unchanged is answered with 204 and nothing is rendered.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from leadrouting.leads.enums import CLOSED, WORKED
from leadrouting.teams.models import User
from leadrouting.workspace.asking import PageRequest

UNREAD = """
    SELECT concat(count(*), max(created_at)) FROM (
        SELECT created_at FROM notifications_message
        WHERE recipient_id = %(user)s AND read_at IS NULL ORDER BY created_at DESC LIMIT 100
    ) unread
"""

LINES = """
    SELECT count(*) FROM (
        SELECT FROM leads_lead WHERE status = 'queued' AND queue_id IN (
            SELECT queue_id FROM teams_queue_teams JOIN teams_rep USING (team_id) WHERE user_id = %(user)s
            UNION SELECT id FROM teams_queue WHERE owner_id = %(user)s
        ) LIMIT 200
    ) waiting
"""
"""What waits for a rep to take it; a long line is not counted to its end."""

REP = f"""
    SELECT md5(concat_ws('|',
        (SELECT concat(count(*), max(updated_at)) FROM leads_lead
         WHERE owner_id = %(user)s AND status = ANY(%(worked)s)),
        (SELECT concat(open, day_on, day) FROM assignments_load WHERE rep_id = %(user)s),
        (SELECT presence FROM teams_rep WHERE user_id = %(user)s),
        ({LINES}),
        ({UNREAD})
    ))
"""  # noqa: S608  constants only

LEAD = f"""
    SELECT md5(concat_ws('|',
        (SELECT concat(owner_id, status, updated_at) FROM leads_lead WHERE id = %(lead)s),
        (SELECT max(id) FROM leads_activity WHERE lead_id = %(lead)s),
        (SELECT max(id) FROM assignments_decision WHERE lead_id = %(lead)s),
        (SELECT max(id) FROM assignments_proposal WHERE lead_id = %(lead)s AND state = 'open'),
        (SELECT count(*) FROM sla_escalation step JOIN sla_clock clock ON clock.id = step.clock_id
         WHERE clock.lead_id = %(lead)s),
        (SELECT string_agg(concat(sending.id, state, attempts, send_at), ',' ORDER BY sending.id)
         FROM notifications_dispatch sending JOIN notifications_message message ON message.id = message_id
         WHERE message.lead_id = %(lead)s AND recipient_id IS NULL),
        (SELECT string_agg(concat(state, done, next_at), ',') FROM notifications_enrolment WHERE lead_id = %(lead)s),
        (SELECT string_agg(address, ',' ORDER BY address) FROM notifications_optout
         WHERE address IN (SELECT unnest(ARRAY[email, phone]) FROM leads_lead WHERE id = %(lead)s)),
        (SELECT string_agg(concat(id, due_at, done_at, dropped_at), ',' ORDER BY id)
         FROM notifications_task WHERE lead_id = %(lead)s),
        (SELECT string_agg(concat(fit, feedback.at, dispute.id, state), ',' ORDER BY decision_id, dispute.id)
         FROM assignments_assignment held
         LEFT JOIN assignments_feedback feedback ON feedback.assignment_id = decision_id
         LEFT JOIN assignments_dispute dispute ON dispute.assignment_id = decision_id WHERE lead_id = %(lead)s),
        ({UNREAD})
    ))
"""  # noqa: S608

TEAM = f"""
    WITH team AS (SELECT id FROM teams_team WHERE %(all)s OR manager_id = %(user)s),
    rep AS (SELECT user_id, presence, is_active FROM teams_rep WHERE team_id IN (SELECT id FROM team))
    SELECT md5(concat_ws('|',
        (SELECT string_agg(concat(user_id, presence, is_active, open, day_on, day), ',' ORDER BY user_id)
         FROM rep LEFT JOIN assignments_load ON rep_id = user_id),
        (SELECT concat(count(*), max(updated_at)) FROM leads_lead
         WHERE owner_id IN (SELECT user_id FROM rep) AND status = ANY(%(worked)s)),
        (SELECT concat(count(*), max(created_at), sum(queue_steps)) FROM leads_lead
         WHERE queue_id IN (SELECT id FROM teams_queue WHERE %(all)s OR owner_id = %(user)s
                            OR owner_id IN (SELECT user_id FROM rep))),
        (SELECT concat(count(*), max(id)) FROM assignments_proposal WHERE state = 'open'),
        (SELECT concat(count(*), max(id)) FROM assignments_dispute WHERE state = 'open'),
        ({UNREAD})
    ))
"""  # noqa: S608

TASKS = f"""
    SELECT md5(concat_ws('|', (
        SELECT string_agg(concat(task.id, ' ', due_at, due_at <= %(now)s, owner_id), ',' ORDER BY task.id)
        FROM notifications_task task JOIN leads_lead lead ON lead.id = lead_id
        WHERE task.done_at IS NULL AND task.dropped_at IS NULL AND <whose>
    ), ({UNREAD})))
"""  # noqa: S608
"""Of the open ones: what is done leaves them, what is taken back is among them again."""

REPS_TASKS = "lead.owner_id = %(user)s AND lead.status = ANY(%(worked)s)"
LEADERS_TASKS = """
    lead.status <> ALL(%(closed)s) AND (
        %(all)s
        OR owner_id IN (SELECT user_id FROM teams_rep JOIN teams_team team ON team.id = team_id
                        WHERE team.manager_id = %(user)s)
        OR queue_id IN (SELECT queue.id FROM teams_queue queue
                        LEFT JOIN teams_rep rep ON rep.user_id = queue.owner_id
                        LEFT JOIN teams_team team ON team.id = rep.team_id
                        WHERE queue.owner_id = %(user)s OR team.manager_id = %(user)s))
"""


def of_rep(user: User) -> str:
    """Changes when a lead comes, goes or moves on, with presence, and with unread messages."""
    return ask(REP, user=user.pk, worked=list(WORKED))


def of_lead(lead_id: int, user: User) -> str:
    """Changes with every entry of the lead's timeline."""
    return ask(LEAD, lead=lead_id, user=user.pk)


def of_team(user: User) -> str:
    """Changes with the load or presence of anybody in the teams, with their leads and with the queues."""
    return ask(TEAM, user=user.pk, all=user.is_ops, worked=list(WORKED))


def of_team_now(user: User, now: datetime) -> str:
    """And with each minute: office hours open and close without a change in the database."""
    return f"{of_team(user)}-{now:%H%M}"


def of_tasks(user: User, now: datetime) -> str:
    """Changes when a task of somebody's leads comes, goes, is put off or becomes overdue, and with the day."""
    leads = is_leader(user)
    whose = LEADERS_TASKS if leads else REPS_TASKS
    statuses = {"all": user.is_ops, "closed": list(CLOSED)} if leads else {"worked": list(WORKED)}
    found = ask(TASKS.replace("<whose>", whose), user=user.pk, now=now, **statuses)
    return f"{timezone.localtime(now):%m%d}-{found}"


def of_inbox(user: User) -> str:
    """Changes when a message comes or is read."""
    return ask(UNREAD, user=user.pk)


def of_board(user: User) -> str:
    return of_team(user) if is_leader(user) else of_rep(user)


def is_leader(user: User) -> bool:
    return user.is_ops or user.role == User.Role.MANAGER


def is_unchanged(request: PageRequest, stamp: str) -> bool:
    """Whether a live page already shows what this stamp stands for."""
    return bool(request.htmx) and request.GET.get("stamp") == stamp


def ask(statement: str, **values: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        (stamp,) = cursor.fetchone()
    return str(stamp)
