"""Is the process alive, and does the system do its work in time? For load balancers; nobody needs to log in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from leadrouting.api.problems import Problem, response
from leadrouting.leads.models import Lead
from leadrouting.sla.models import Clock

LATEST = 60  # seconds that due work may wait
_migrated = False


class Health(serializers.Serializer[Any]):
    status = serializers.CharField()


class Readiness(serializers.Serializer[Any]):
    database = serializers.BooleanField(help_text="It answers.")
    migrations = serializers.BooleanField(help_text="All are applied.")
    oldest_overdue_clock = serializers.FloatField(help_text="Seconds; 0 when none is overdue.")
    oldest_overdue_routing = serializers.FloatField(help_text="Seconds; 0 when none is overdue.")


class Probe(APIView):
    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()


class Healthz(Probe):
    @extend_schema(summary="The process lives", responses=Health)
    def get(self, request: Request) -> Response:
        return Response({"status": "ok"})


class Readyz(Probe):
    @extend_schema(summary="The system works in time", responses=Readiness)
    def get(self, request: Request) -> Response | HttpResponse:
        """503 when the database is away, a migration is missing, or due work has waited more than a minute."""
        try:
            found = readiness(timezone.now())
        except DatabaseError:
            return response(Problem(503, "not_ready", "The database does not answer.", database=False))
        if wrong := problems(found):
            return response(Problem(503, "not_ready", " ".join(wrong), **found))
        return Response(found)


def readiness(now: datetime) -> dict[str, Any]:
    migrated = is_migrated()
    clock = Clock.objects.filter(wake_at__lte=now).aggregate(oldest=Min("wake_at"))["oldest"]
    routing = Lead.objects.filter(route_at__lte=now).aggregate(oldest=Min("route_at"))["oldest"]
    return {
        "database": True,
        "migrations": migrated,
        "oldest_overdue_clock": age(clock, now),
        "oldest_overdue_routing": age(routing, now),
    }


def problems(found: dict[str, Any]) -> list[str]:
    wrong = [] if found["migrations"] else ["Migrations are missing: run manage.py migrate."]
    if found["oldest_overdue_clock"] > LATEST:
        wrong.append("SLA clocks are overdue: is the pulse running?")
    if found["oldest_overdue_routing"] > LATEST:
        wrong.append("Leads wait to be routed: is the pulse running?")
    return wrong


def is_migrated() -> bool:
    """Asked until the answer is yes: what a running process has found applied stays so."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else (now - since).total_seconds()
