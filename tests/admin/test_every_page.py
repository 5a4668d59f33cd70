"""Walks the registry: each page loads for sales ops, with as many queries for much as for little, and for nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
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


def test_lists_cost_the_same_for_much_as_for_little(model: Any, as_ops: Client, office: None) -> None:
    path = address(model, "changelist")
    cost(as_ops, path)  # fills what is read once per process
    before = cost(as_ops, path)
    for number in range(2, 6):
        furnish(number)
    cost(as_ops, path)
    assert cost(as_ops, path) <= before


def test_pages_cost_the_same_for_much_as_for_little(model: Any, as_ops: Client, office: None) -> None:
    row = first(model)
    path = address(model, "change", row.pk)
    cost(as_ops, path)
    before = cost(as_ops, path)
    for number in range(2, 6):
        furnish(number)
    cost(as_ops, path)
    assert cost(as_ops, path) <= before


def test_add_pages_load(model: Any, as_ops: Client, office: None) -> None:
    answer = as_ops.get(address(model, "add"))
    request = answer.wsgi_request
    assert answer.status_code == (200 if admin.site._registry[model].has_add_permission(request) else 403)


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


def test_histories_and_deletions_answer(model: Any, as_ops: Client, office: None) -> None:
    """No page fails on what is still needed: it says so and leads back."""
    row = first(model)
    assert as_ops.get(address(model, "history", row.pk)).status_code == 200
    assert as_ops.get(address(model, "delete", row.pk)).status_code in (200, 302, 403)
    assert as_ops.post(address(model, "delete", row.pk), {"post": "yes"}).status_code in (302, 403)
    sent = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    assert as_ops.post(address(model, "changelist"), sent).status_code in (200, 302)


def test_the_search_finds_pages(as_ops: Client, db: None) -> None:
    assert "Office hours" in as_ops.get(reverse("admin:search"), {"s": "office"}).content.decode()
