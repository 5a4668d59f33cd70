"""What must be there before the first lead: the intake queue, and somebody who answers for it."""

from typing import Any

from django.db import connection

from leadrouting.teams.models import INTAKE, Queue, User

OPS = "ops"


def lay_ground(**signal: Any) -> None:
    """Runs after each migrate; changes nothing that is there already."""
    if Queue.objects.filter(pk=INTAKE).exists():
        return
    owner = User.objects.filter(role=User.Role.OPS).order_by("id").first() or first_ops()
    Queue.objects.create(pk=INTAKE, name="Intake", owner=owner)
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('teams_queue', 'id'), max(id)) FROM teams_queue")


def first_ops() -> User:
    """The sales ops account that a new installation starts with; `manage.py changepassword ops` opens it."""
    return User.objects.create_user(OPS, email="", name="Sales operations", role=User.Role.OPS)
