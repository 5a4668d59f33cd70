"""The page that opens: figures, feed, what needs attention; constant queries, and nothing rendered for no news."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.concerns import concerns
from leadrouting.assignments.services import route
from leadrouting.leads.models import Lead
from leadrouting.sla.models import Clock
from leadrouting.teams.models import OfficeHours, User
from tests import world
from tests.admin.conftest import furnish
from tests.admin.test_every_page import cost

pytestmark = pytest.mark.django_db


def said() -> list[str]:
    return [concern.text for concern in concerns()]


def test_it_shows_the_day(as_ops: Client) -> None:
    world.live(world.pool(*world.reps(2), name="Closers"), name="Everybody")
    route(world.lead(name="Jane Doe", created_at=timezone.now()).pk, now=timezone.now())
    world.lead(name="Waits", created_at=timezone.now())
    answer = as_ops.get("/admin/")
    today = answer.context["today"]
    assert (today.leads, today.owned_share.numerator, today.waiting_leads) == (2, 1, 1)
    shown = answer.content.decode()
    assert "Jane Doe" in shown
    assert "by rule “Everybody”: round robin in Closers." in shown


def test_it_costs_the_same_for_much_as_for_little(as_ops: Client, office: None) -> None:
    cost(as_ops, "/admin/")
    before = cost(as_ops, "/admin/")
    for number in range(2, 6):
        furnish(number)
    cost(as_ops, "/admin/")
    assert cost(as_ops, "/admin/") <= before


def test_no_news_is_not_rendered(as_ops: Client, office: None, django_assert_max_num_queries: Any) -> None:
    stamp = as_ops.get("/admin/").context["stamp"]
    with django_assert_max_num_queries(3):  # the session, the user, the stamp
        answer = as_ops.get(reverse("admin:today"), {"stamp": stamp})
    if timezone.now().strftime("%H%M") == stamp[-4:]:
        assert answer.status_code == 204
    Lead.objects.create(name="Just came")
    answer = as_ops.get(reverse("admin:today"), {"stamp": stamp})
    assert answer.status_code == 200
    assert answer.context["stamp"] != stamp


def test_an_overdue_clock_is_news(as_ops: Client, office: None) -> None:
    clock = Clock.objects.latest("pk")
    stamp = as_ops.get("/admin/").context["stamp"]
    later = timezone.now() + timedelta(hours=1)
    Clock.objects.filter(pk=clock.pk).update(due_at=later, wake_at=later, ended_at=None, outcome="")
    assert as_ops.get(reverse("admin:today"), {"stamp": stamp}).status_code in (200, 204)
    assert as_ops.get("/admin/").context["stamp"] != stamp


def test_reps_do_not_see_it(client_of: Any) -> None:
    client = client_of(world.user())
    assert client.get("/admin/", follow=True).status_code == 403
    assert client.get(reverse("admin:today"), follow=True).status_code == 403
    assert client.get("/admin/assignments/decision/try/", follow=True).status_code == 403


def test_it_says_what_is_missing() -> None:
    User.objects.update(password="!x")
    assert said() == [
        "No rule set is live: every lead waits in the intake queue (0 now).",
        "Sales operations owns the queue Intake and cannot log in.",
    ]


def test_it_warns_of_what_cannot_work() -> None:
    User.objects.update(password="usable")
    rules = world.live(world.pool(world.rep(), name="Closers"), catch_all=world.intake()).rule_set
    assert said() == []
    world.pool(name="Empty")
    world.pool(world.rep(is_active=False), name="Asleep")
    OfficeHours.objects.create(name="Nowhere", time_zone="UTC")
    world.rule(rules, world.intake(), name="New")
    assert said() == [
        f"The draft of {rules} differs from {rules} v1, which routes leads.",
        "The pool Asleep has no active member: nobody can get a lead from it.",
        "The pool Empty has no members: nobody can get a lead from it.",
        "The office hours Nowhere never open: whoever works by them gets no leads.",
    ]
