"""Leads typed in, corrected, moved and tried, and what is never lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leadrouting.assignments.models import Assignment, Decision, Load, Rerouting, Rotation
from leadrouting.assignments.services import route
from leadrouting.assignments.tasks import reroute
from leadrouting.leads.enums import Status
from leadrouting.leads.models import Lead
from leadrouting.notifications.models import Dispatch, Message
from leadrouting.notifications.spreading import spread_due
from leadrouting.sla.making import make
from leadrouting.teams.models import Pool, Rep
from tests import world
from tests.admin.forms import posted, texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def pool() -> Pool:
    pool = world.pool(*world.reps(2, max_open=10), name="Closers")
    world.live(pool, name="Everybody")
    return pool


def add(client: Client, **fields: Any) -> Any:
    path = reverse("admin:leads_lead_add")
    return client.post(path, posted(client.get(path), "lead_form", **fields), follow=True)


def page(lead: Lead, name: str = "change") -> str:
    return reverse(f"admin:leads_lead_{name}", args=[lead.pk])


def test_a_lead_is_received_normalised_and_routed(
    as_ops: Client, pool: Pool, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = add(as_ops, name=" Jane  Doe ", email="Jane@Example.org", phone="030 123456", country="de")
    lead = Lead.objects.get()
    assert (lead.name, lead.email, lead.phone) == ("Jane Doe", "jane@example.org", "+4930123456")
    assert lead.channel == "manual"
    assert lead.owner is not None
    assert answer.redirect_chain[-1][0] == page(lead)


def test_bad_fields_are_named_and_nothing_is_saved(as_ops: Client, pool: Pool) -> None:
    answer = add(as_ops, email="nobody@", phone="12", tags="a")
    errors = answer.context["adminform"].form.errors
    assert "is not an e-mail address" in errors["email"][0]
    answer = add(as_ops)
    assert "A lead needs at least one of" in answer.context["adminform"].form.errors["__all__"][0]
    assert not Lead.objects.exists()


def test_a_repeat_enquiry_joins_its_lead(as_ops: Client, pool: Pool) -> None:
    lead = world.lead(email="jane@example.org")
    answer = add(as_ops, name="Jane", email="jane@example.org", city="Bonn")
    assert "is an open lead already" in texts(answer)[0]
    assert Lead.objects.get().city == "Bonn"
    assert answer.redirect_chain[-1][0] == page(lead)


def test_a_correction_leaves_ownership_alone(as_ops: Client, pool: Pool) -> None:
    """The page was opened before the lead was routed; saving it must not undo that."""
    lead = world.lead(name="Jane")
    form = posted(as_ops.get(page(lead)), "lead_form", city="Bonn", status="won", owner="")
    route(lead.pk, now=timezone.now())
    assert as_ops.post(page(lead), form).status_code == 302
    lead.refresh_from_db()
    assert (lead.city, lead.status) == ("Bonn", Status.ASSIGNED)
    assert lead.owner is not None


def test_reassigning_asks_for_a_reason_and_keeps_it(as_ops: Client, pool: Pool) -> None:
    lead = world.lead()
    route(lead.pk, now=world.NOON)
    other = Rep.objects.exclude(pk=Lead.objects.get().owner_id).get()
    path = page(lead, "reassign")
    assert "reason" in as_ops.post(path, {"to": other.pk, "reason": ""}).context["form"].errors
    answer = as_ops.post(path, {"to": other.pk, "reason": "Speaks French"}, follow=True)
    assert texts(answer) == [f"{lead} is with {other} now."]
    assert "Speaks French" in answer.content.decode()
    refused = as_ops.post(path, {"to": other.pk, "reason": "Again"})
    assert f"{other} has this lead already." in refused.content.decode()


def act(client: Client, action: str, *leads: Lead) -> Any:
    sent = {"action": action, "_selected_action": [lead.pk for lead in leads]}
    return client.post(reverse("admin:leads_lead_changelist"), sent, follow=True)


def test_a_selection_is_looked_at_moved_and_moved_back(as_ops: Client, pool: Pool) -> None:
    owned, waiting = world.lead(), world.lead()
    route(owned.pk, now=world.NOON)
    shown = act(as_ops, "reroute", owned, waiting)
    made = Rerouting.objects.get()
    path = made_page(made)
    assert shown.redirect_chain[0][0] == path and made.size == 2
    looked = as_ops.post(path, {"how": "rules", "look": "1"}).content.decode()
    assert "would move" in looked and Lead.objects.get(pk=waiting.pk).owner is None
    assert "Say why the leads move" in as_ops.post(path, {"how": "rules", "start": "1"}).content.decode()
    assert (
        "Choose the queue."
        in as_ops.post(path, {"how": "queue", "reason": "x", "start": "1"}).content.decode()
    )
    running = as_ops.post(
        path, {"how": "rules", "reason": "New rules", "start": "1"}, follow=True
    ).content.decode()
    assert "Running" in running and "every 2s" in running
    reroute(made.pk)
    done = as_ops.get(path).content.decode()
    assert "Done" in done and "every 2s" not in done and "New rules" in done
    assert Lead.objects.get(pk=waiting.pk).owner is not None
    as_ops.post(path, {"undo": "1"})
    reroute(made.pk)
    assert "Moved back" in as_ops.get(path).content.decode()
    assert Lead.objects.get(pk=waiting.pk).owner is None
    assert "is undone" in texts(as_ops.post(path, {"undo": "1"}, follow=True))[0]


def made_page(made: Rerouting) -> str:
    return reverse("admin:assignments_rerouting_change", args=[made.pk])


def test_junk_is_marked_and_closed_leads_are_named(as_ops: Client, pool: Pool) -> None:
    lead = world.lead(name="Spam")
    act(as_ops, "mark_junk", lead)
    assert Lead.objects.get().status == Status.JUNK
    assert texts(act(as_ops, "mark_junk", lead)) == ["Spam: This lead is closed already (junk)."]


def test_leads_are_never_deleted(as_ops: Client, pool: Pool) -> None:
    lead = world.lead()
    assert as_ops.post(page(lead, "delete"), {"post": "yes"}).status_code == 403
    act(as_ops, "delete_selected", lead)
    assert Lead.objects.exists()


def test_time_left_is_shown(as_ops: Client, pool: Pool) -> None:
    make("All", {"respond": timedelta(hours=2)}, hours="always")
    lead = world.lead()
    route(lead.pk, now=timezone.now())
    assert "1 h 59 min left" in as_ops.get(reverse("admin:leads_lead_changelist")).content.decode()


TRY = "/admin/assignments/decision/try/"


def test_trying_a_lead_answers_and_writes_nothing(as_ops: Client, pool: Pool) -> None:
    def stored() -> list[Any]:
        tables = (Lead, Decision, Assignment, Message, Load, Rotation)
        return [list(table.objects.order_by("pk").values()) for table in tables]

    before = stored()
    answer = as_ops.post(TRY, {"country": "DE", "channel": "chat", "tags": "vip", "is_repeat": "no"})
    rehearsal = answer.context["rehearsal"]
    assert "by rule “Everybody”: round robin in Closers" in rehearsal.sentence
    assert rehearsal.trace() == ["“Everybody” matched: for every lead."]
    assert stored() == before


def test_trying_says_rule_by_rule_why_not(as_ops: Client) -> None:
    rules = world.rule_set()
    world.rule(rules, world.rep("Rita"), name="Japan", when=[("country", "is", "JP")])
    world.rule(rules, world.rep("Bob"), name="Rest")
    from leadrouting.rules.services import publish

    publish(rule_set=rules, by=None, now=world.NOON)
    shown = as_ops.post(TRY, {"country": "DE"}).content.decode()
    assert "“Japan” did not match: it asks that country is Japan, but country is Germany." in shown


def test_trying_without_rules_says_what_to_do(as_ops: Client) -> None:
    assert "No rule set is live yet" in as_ops.post(TRY, {"country": "DE"}).content.decode()


def test_trying_nonsense_points_at_the_field(as_ops: Client, pool: Pool) -> None:
    answer = as_ops.post(TRY, {"email": "nobody@", "company_size": "many"})
    assert "company_size" in answer.context["form"].errors
    answer = as_ops.post(TRY, {"email": "nobody@"})
    assert "is not an e-mail address" in answer.context["form"].errors["email"][0]


def test_a_stored_lead_is_tried_again(as_ops: Client, pool: Pool) -> None:
    lead = world.lead(country="DE", product="core", tags=["vip"])
    form = as_ops.get(f"{TRY}?lead={lead.pk}").context["form"]
    assert (form["country"].value(), form["product"].value(), form["tags"].value()) == ("DE", "core", "vip")
    assert as_ops.get(f"{TRY}?lead=999999").status_code == 200
    assert as_ops.get(f"{TRY}?lead=x").status_code == 200


def test_messages_are_sent_again(as_ops: Client, pool: Pool) -> None:
    lead = world.lead()
    route(lead.pk, now=world.NOON)
    spread_due(world.NOON)
    Dispatch.objects.update(state="failed", attempts=30)
    sent = {"action": "resend", "_selected_action": [Dispatch.objects.get().pk]}
    as_ops.post(reverse("admin:notifications_dispatch_changelist"), sent)
    dispatch = Dispatch.objects.get()
    assert (dispatch.state, dispatch.attempts) == ("waiting", 0)
    as_ops.post(reverse("admin:notifications_dispatch_changelist"), sent | {"action": "withdraw"})
    dispatch.refresh_from_db()
    assert dispatch.state == "skipped"
