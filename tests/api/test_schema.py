"""The API keeps to its schema: schemathesis tries each call with a bounded number of examples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from rest_framework.authtoken.models import Token
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from leadrouting.leads.models import Lead
from leadrouting.notifications.models import Hook, Subscription
from leadrouting.rules.models import RuleSet
from leadrouting.teams.models import User
from tests import world
from tests.api.conftest import arrive

pytestmark = pytest.mark.django_db

EXAMPLES = 25  # of what fits the schema, and as many of what does not
CALLS = [
    ("GET", "/api/v1/leads/"),
    ("POST", "/api/v1/leads/"),
    ("GET", "/api/v1/leads/{id}/"),
    ("PATCH", "/api/v1/leads/{id}/"),
    ("GET", "/api/v1/leads/{id}/decisions/"),
    ("POST", "/api/v1/leads/{id}/accept/"),
    ("POST", "/api/v1/leads/{id}/decline/"),
    ("POST", "/api/v1/leads/{id}/pause/"),
    ("POST", "/api/v1/leads/{id}/resume/"),
    ("POST", "/api/v1/leads/{id}/feedback/"),
    ("POST", "/api/v1/leads/{id}/do-not-contact/"),
    ("POST", "/api/v1/leads/{id}/contact-again/"),
    ("POST", "/api/v1/leads/{id}/respond/"),
    ("POST", "/api/v1/leads/{id}/outcome/"),
    ("POST", "/api/v1/leads/{id}/reassign/"),
    ("GET", "/api/v1/decisions/{id}/"),
    ("POST", "/api/v1/routing/preview/"),
    ("POST", "/api/v1/activities/"),
    ("GET", "/api/v1/attributes/"),
    ("GET", "/api/v1/queues/"),
    ("POST", "/api/v1/queues/{id}/take-next/"),
    ("GET", "/api/v1/reps/"),
    ("GET", "/api/v1/reps/me/"),
    ("PATCH", "/api/v1/reps/me/"),
    ("POST", "/api/v1/reps/{id}/leave/"),
    ("DELETE", "/api/v1/reps/{id}/leave/"),
    ("GET", "/api/v1/analytics/kpis/"),
    ("GET", "/api/v1/rule-sets/"),
    ("POST", "/api/v1/rule-sets/"),
    ("GET", "/api/v1/rule-sets/{id}/"),
    ("GET", "/api/v1/rule-sets/{id}/export/"),
    ("POST", "/api/v1/rule-sets/{id}/publish/"),
    ("POST", "/api/v1/rule-sets/{id}/rollback/"),
    ("GET", "/api/v1/rule-sets/{id}/versions/"),
    ("GET", "/api/v1/tasks/"),
    ("POST", "/api/v1/tasks/"),
    ("POST", "/api/v1/tasks/{id}/done/"),
    ("POST", "/api/v1/tasks/{id}/undo/"),
    ("POST", "/api/v1/tasks/{id}/put-off/"),
    ("GET", "/api/v1/webhooks/"),
    ("POST", "/api/v1/webhooks/"),
    ("GET", "/api/v1/webhooks/{id}/"),
    ("PATCH", "/api/v1/webhooks/{id}/"),
    ("DELETE", "/api/v1/webhooks/{id}/"),
    ("POST", "/api/v1/webhooks/{id}/rotate/"),
    ("POST", "/api/v1/webhooks/{id}/end-old-secret/"),
    ("POST", "/api/v1/webhooks/{id}/test/"),
    ("POST", "/api/v1/webhooks/{id}/again/"),
    ("GET", "/api/v1/webhooks/{id}/deliveries/"),
    ("GET", "/api/v1/webhooks/{id}/deliveries/{delivery}/"),
    ("POST", "/api/v1/webhooks/{id}/deliveries/{delivery}/again/"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
]
WITHOUT_INPUT = [
    ("GET", "/api/v1/reps/me/"),
    ("GET", "/api/v1/queues/"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
]
BEYOND_THE_SCHEMA = positive_data_acceptance
"""Not checked: some rules cannot be said in a schema, e.g. that a lead needs a name or an e-mail or ..."""


@pytest.fixture
def described() -> Iterator[Any]:
    """Called as a server would be, but in the test's transaction, which stays open between calls."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", get_wsgi_application())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def owned() -> tuple[Lead, str]:
    """A lead whose owner is sales ops too, and so may make every call; and their token."""
    user = world.rep(team=world.team()).user
    user.role = User.Role.OPS
    user.save()
    world.live(user.rep)
    return arrive(), Token.objects.create(user=user).key


def sent(lead: Lead) -> Hook:
    """To an address that is refused without asking anybody."""
    now = timezone.now()
    one = Subscription.objects.create(
        name="Warehouse",
        address="https://127.0.0.1/",
        events=["lead.received"],
        secret="whsec_MTIz",
        created_at=now,
    )
    return Hook.objects.create(
        subscription=one, lead=lead, kind="lead.received", key="evt_1", body="{}", created_at=now, until=now
    )


def test_every_call_is_tried(described):
    found = {(call.ok().method.upper(), call.ok().path) for call in described.get_all_operations()}
    assert found == set(CALLS)


@pytest.mark.parametrize(
    ("method", "path", "mode"),
    [
        pytest.param(*call, mode, id=f"{' '.join(call)} {mode.value}")
        for call in CALLS
        for mode in GenerationMode
        if mode is GenerationMode.POSITIVE or call not in WITHOUT_INPUT
    ],
)
def test_the_api_keeps_to_its_schema(described, owned, method, path, mode):
    lead, token = owned
    call = described[path][method]
    rules = RuleSet.objects.values_list("pk", flat=True)[0]
    hook = sent(lead)

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=call.as_strategy(generation_mode=mode))
    def tries(case: Any) -> None:
        if mode is GenerationMode.POSITIVE and "id" in case.path_parameters:
            ids = {"rule-sets": rules, "webhooks": hook.subscription_id}
            kind = path.split("/")[3]
            case.path_parameters["id"] = ids.get(kind, lead.pk)
            if "delivery" in case.path_parameters:
                case.path_parameters["delivery"] = hook.pk
        headers = {"Authorization": f"Token {token}"}
        case.call_and_validate(headers=headers, excluded_checks=[BEYOND_THE_SCHEMA])

    tries()
