"""A rep leaves by the API."""

from __future__ import annotations

import pytest

from leadrouting.teams.models import Rep
from tests.api.conftest import arrive

pytestmark = pytest.mark.django_db


def test_a_rep_leaves_and_comes_back(cast):
    arrive()
    client, path = cast.client("ops"), f"/api/v1/reps/{cast.ann.pk}/leave/"
    assert "backup, rules, rep" in str(client.post(path, {"open_leads": "keep"}).json()["errors"])
    assert client.post(path, {"open_leads": "backup"}).status_code == 409
    answer = client.post(path, {"open_leads": "rep", "to": cast.bob.pk})
    assert (answer.status_code, answer.json()) == (200, {"id": cast.ann.pk, "is_active": False, "moved": 1})
    assert cast.bob.leads.count() == 1 and not Rep.objects.get(pk=cast.ann.pk).is_active
    assert client.post(path, {"open_leads": "rules"}).json()["moved"] == 0
    assert client.delete(path).json()["is_active"] and Rep.objects.get(pk=cast.ann.pk).is_active


@pytest.mark.parametrize("who", ["rep", "manager", "other", "service"])
def test_it_is_for_ops(cast, who):
    path = f"/api/v1/reps/{cast.ann.pk}/leave/"
    assert cast.client(who).post(path, {"open_leads": "rules"}).status_code == 403
    assert Rep.objects.get(pk=cast.ann.pk).is_active
