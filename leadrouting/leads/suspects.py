"""Leads that may be one person although no e-mail, phone or external id says so: found, judged, listed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from leadrouting.leads.enums import CLOSED, Status
from leadrouting.leads.models import Lead, Suspect
from leadrouting.teams.models import User

ALIKE = 0.5
"""From here on (trigrams in common, 0 to 1) names, or companies, are alike where the other is the same."""
CROWD = 300
"""Leads of one company, or of one name: above that only what is wholly the same is compared."""

FIND = f"""
    WITH one AS MATERIALIZED (
        SELECT id, email, phone, email_domain, email_kind,
            leads_name_key(name) AS name, leads_company_key(company) AS company
        FROM leads_lead WHERE closed_at IS NULL AND merged_into_id IS NULL <which>
    ), near AS MATERIALIZED (
        SELECT id, email, phone, email_domain, closed_at,
            leads_name_key(name) AS name, leads_company_key(company) AS company
        FROM leads_lead WHERE (closed_at IS NULL OR status = 'lost') AND merged_into_id IS NULL <near>
    ), crowded AS MATERIALIZED (
        SELECT company FROM near WHERE company <> '' GROUP BY company HAVING count(*) > {CROWD}
    ), pair AS (
        SELECT one.id AS one, near.id AS other, 'alike' AS reason, 50 + 50 * similarity(one.name, near.name) AS score
        FROM one JOIN near USING (company)
        WHERE one.company <> '' AND length(one.name) > 3 AND similarity(one.name, near.name) >= {ALIKE}
            AND NOT EXISTS (SELECT FROM crowded WHERE company = one.company)
    UNION ALL
        SELECT one.id, near.id, 'alike', 50 + 50 * similarity(one.company, near.company)
        FROM one JOIN near USING (name)
        WHERE length(one.name) > 3 AND similarity(one.company, near.company) >= {ALIKE}
    UNION ALL
        SELECT one.id, near.id, 'domain', 90
        FROM one JOIN near USING (name, email_domain) WHERE length(one.name) > 3 AND one.email_kind = 'business'
    UNION ALL
        SELECT one.id, near.id, 'phone', 85
        FROM one JOIN near USING (phone) WHERE one.phone <> '' AND near.email <> one.email
    UNION ALL
        SELECT one.id, near.id, 'email', 95 FROM one JOIN near USING (email) WHERE one.email <> ''
    ), judged AS (
        SELECT DISTINCT ON (1, 2) least(one, other) AS lead_id, greatest(one, other) AS other_id, reason,
            round(pair.score) AS score
        FROM pair JOIN one ON one.id = pair.one JOIN near ON near.id = pair.other
        WHERE pair.one <> pair.other AND (near.closed_at IS NULL
            OR near.email IS DISTINCT FROM nullif(one.email, '') AND near.phone IS DISTINCT FROM nullif(one.phone, ''))
        ORDER BY 1, 2, pair.score DESC
    )
    INSERT INTO leads_suspect (lead_id, other_id, reason, score, state, found_at)
    SELECT lead_id, other_id, reason, score, 'open', %(now)s FROM judged
    ON CONFLICT (lead_id, other_id) DO NOTHING
"""  # noqa: S608  no values, only text of this file
"""One is open, the other open or lost. Somebody with a lost lead of the same e-mail or phone is a known repeat.

Blocks are the same company or the same name (normalised, in an index), so that nothing is compared with everything.
"""
OF_THESE = "AND id = ANY(%(leads)s)"
NEAR_THESE = """AND id IN (
    SELECT b.id FROM one JOIN leads_lead b ON leads_company_key(b.company) = one.company AND b.company <> ''
    WHERE one.company <> ''
    UNION SELECT b.id FROM one JOIN leads_lead b ON leads_name_key(b.name) = one.name AND b.name <> ''
    WHERE one.name <> ''
    UNION SELECT b.id FROM one JOIN leads_lead b ON b.phone = one.phone AND b.phone <> ''
    UNION SELECT b.id FROM one JOIN leads_lead b ON b.email = one.email AND b.email <> ''
)"""


def find(leads: Collection[int], now: datetime) -> int:
    """Pairs of these leads and any others. One statement. Returns how many are new."""
    if not leads:
        return 0
    statement = FIND.replace("<which>", OF_THESE).replace("<near>", NEAR_THESE)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"leads": list(leads), "now": now})
        return cursor.rowcount


@transaction.atomic
def find_all(now: datetime) -> int:
    """Pairs among all leads, and those that are settled by themselves are forgotten. Returns how many are new."""
    unsettled().filter(~Q(pk__in=to_be_judged())).delete()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(FIND.replace("<which>", "").replace("<near>", ""), {"now": now})
        return cursor.rowcount


def unsettled() -> QuerySet[Suspect]:
    return Suspect.objects.filter(state=Suspect.State.OPEN)


def to_be_judged() -> QuerySet[Suspect]:
    """Those of which one lead is open and the other is not won or junk by now; neither has been merged."""
    over = (Status.WON, Status.JUNK)
    return (
        unsettled()
        .filter(lead__merged_into=None, other__merged_into=None)
        .exclude(lead__status__in=over)
        .exclude(other__status__in=over)
        .exclude(lead__status__in=CLOSED, other__status__in=CLOSED)
    )


def of_lead(lead: Lead) -> QuerySet[Suspect]:
    return to_be_judged().filter(Q(lead=lead.pk) | Q(other=lead.pk))


def dismiss(suspect_id: int, *, by: User, now: datetime) -> bool:
    """They are not the same. Whether that was still to be said."""
    return bool(
        unsettled().filter(pk=suspect_id).update(state=Suspect.State.DISMISSED, settled_at=now, settled_by=by)
    )
