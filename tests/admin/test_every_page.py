"""Walks the registry: each page loads for sales ops, with as many queries for much as for little, and for nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from leadrouting.teams.models import Pool, User
from tests import world
from tests.admin.conftest import furnish

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


def address(model: Any, page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def cost(client: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.get(path, follow=True)
    assert answer.status_code == 200, (path, answer.status_code)
    return len(queries)


def first(model: Any) -> Any:
    rows = Pool.objects.ordinary() if model is Pool else model._default_manager
    row = rows.order_by("pk").first()
    assert row is not None, "The office has none: put one into `furnish`."
    return row


@pytest.fixture(params=MODELS, ids=lambda model: model._meta.label)
def model(request: pytest.FixtureRequest) -> Any:
    return request.param


def dearer(client: Client, paths: dict[str, str]) -> dict[str, tuple[int, int]]:
    """Of these pages those that cost more with five times as much, with both costs. The first visit fills what is read
    once per process."""
    before = {label: min(cost(client, path) for _ in range(2)) for label, path in paths.items()}
    for number in range(2, 6):
        furnish(number)
    after = {label: min(cost(client, path) for _ in range(2)) for label, path in paths.items()}
    return {label: (was, after[label]) for label, was in before.items() if after[label] > was}


def test_lists_cost_the_same_for_much_as_for_little(as_ops: Client, office: None) -> None:
    assert dearer(as_ops, {model._meta.label: address(model, "changelist") for model in MODELS}) == {}


def test_pages_cost_the_same_for_much_as_for_little(as_ops: Client, office: None) -> None:
    paths = {model._meta.label: address(model, "change", first(model).pk) for model in MODELS}
    assert dearer(as_ops, paths) == {}


def test_add_pages_load(as_ops: Client, office: None) -> None:
    for model in MODELS:
        answer = as_ops.get(address(model, "add"))
        may = admin.site._registry[model].has_add_permission(answer.wsgi_request)
        assert answer.status_code == (200 if may else 403), model


@pytest.mark.parametrize("role", [User.Role.REP, User.Role.MANAGER, User.Role.SERVICE])
def test_nobody_else_enters(model: Any, role: str, client_of: Any, db: None) -> None:
    client = client_of(world.user(role=role))
    for page in ("changelist", "add"):
        assert client.get(address(model, page), follow=True).status_code == 403
        assert client.post(address(model, page), follow=True).status_code == 403


def test_visitors_log_in_first(client: Client, db: None) -> None:
    answer = client.get(reverse("admin:leads_lead_changelist"), follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("login"))
    assert "next=/admin/leads/lead/" in answer.redirect_chain[-1][0]


def test_who_is_switched_off_does_not_enter(client_of: Any, db: None) -> None:
    ops = world.user(role=User.Role.OPS)
    client = client_of(ops)
    User.objects.filter(pk=ops.pk).update(is_active=False)
    assert client.get("/admin/").status_code == 302


def test_histories_and_deletions_answer(as_ops: Client, office: None) -> None:
    """No page fails on what is still needed: it says so and leads back."""
    for model in MODELS:
        with transaction.atomic():
            try_to_delete(as_ops, model, first(model))
            transaction.set_rollback(True)


def try_to_delete(client: Client, model: Any, row: Any) -> None:
    assert client.get(address(model, "history", row.pk)).status_code == 200, model
    assert client.get(address(model, "delete", row.pk)).status_code in (200, 302, 403), model
    answer = client.post(address(model, "delete", row.pk), {"post": "yes"})
    assert answer.status_code in (302, 403), model
    sent = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    assert client.post(address(model, "changelist"), sent).status_code in (200, 302), model


def test_the_search_finds_pages(as_ops: Client, db: None) -> None:
    assert "Office hours" in as_ops.get(reverse("admin:search"), {"s": "office"}).content.decode()
