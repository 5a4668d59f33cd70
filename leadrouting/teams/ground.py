"""What must be there before the first lead: the intake queue, somebody who answers for it, and the first table
of shares."""

from typing import Any

from django.db import connection

from leadrouting.teams.models import INTAKE, Queue, QuotaStep, RampWeek, SharePlan, User

OPS = "ops"
RAMP = {1: 25, 2: 50, 3: 75, 4: 100}
QUOTA = {100: 50, 120: 0}
"""Shares in percent by week since the start, and by percent of the quota reached."""


def lay_ground(**signal: Any) -> None:
    """Runs after each migrate; changes nothing that is there already."""
    lay_shares()
    if Queue.objects.filter(pk=INTAKE).exists():
        return
    owner = User.objects.filter(role=User.Role.OPS).order_by("id").first() or first_ops()
    Queue.objects.create(pk=INTAKE, name="Intake", owner=owner)
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('teams_queue', 'id'), max(id)) FROM teams_queue")


def lay_shares() -> None:
    if SharePlan.objects.filter(team=None).exists():
        return
    plan = SharePlan.objects.create()
    RampWeek.objects.bulk_create(RampWeek(plan=plan, week=week, share=share) for week, share in RAMP.items())
    QuotaStep.objects.bulk_create(
        QuotaStep(plan=plan, reached=reached, share=share) for reached, share in QUOTA.items()
    )


def first_ops() -> User:
    """The sales ops account that a new installation starts with; `manage.py changepassword ops` opens it."""
    return User.objects.create_user(OPS, email="", name="Sales operations", role=User.Role.OPS)
