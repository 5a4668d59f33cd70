"""How many leads a territory has, by the territory that their decisions saw; those below it are counted too."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection

from leadrouting.leads.enums import WORKED

OPEN = """
    SELECT code, count(*) FROM leads_lead l
    JOIN assignments_assignment a ON a.lead_id = l.id AND a.ended_at IS NULL
    JOIN assignments_decision d ON d.id = a.decision_id,
    jsonb_array_elements_text(d.facts->'territory') code
    WHERE l.status = ANY(%s) AND code = ANY(%s) GROUP BY code
"""
SINCE = """
    SELECT code, count(DISTINCT d.lead_id) FROM assignments_decision d
    JOIN leads_lead l ON l.id = d.lead_id,
    jsonb_array_elements_text(d.facts->'territory') code
    WHERE l.created_at >= %s AND code = ANY(%s) GROUP BY code
"""


def open_leads(codes: Collection[str]) -> dict[str, int]:
    """Leads that somebody works on."""
    return counted(OPEN, [str(status) for status in WORKED], codes)


def leads_since(codes: Collection[str], since: datetime) -> dict[str, int]:
    """Leads that came since then (UTC)."""
    return counted(SINCE, since, codes)


def counted(statement: str, first: datetime | list[str], codes: Collection[str]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [first, list(codes)])
        return dict(cursor.fetchall())
