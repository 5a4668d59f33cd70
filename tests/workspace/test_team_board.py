"""The board of a team: who has which leads, moving them, taking a move back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leadrouting.assignments import ownership
from leadrouting.assignments.meanwhile import as_seen
from leadrouting.assignments.models import Decision
from leadrouting.assignments.taking_back import latest_move
from leadrouting.leads.models import Activity, Lead
from leadrouting.teams.models import Rep, User
from leadrouting.workspace.columns import SHOWN
from tests import world
from tests.workspace.scenes import HTMX

BOARD = "/team/board/"


def waits(scene, **values) -> Lead:
    lead = world.lead(**values)
    ownership.route_many([ownership.Order(lead.pk, to_catch_all=True)], scene.now)
    lead.refresh_from_db()
    return lead


def move(client, scene, to, lead=None, **values):
    lead = lead or scene.lead
    typed = {"back": "board", "to": to.pk, "reason": "Knows them", "seen": as_seen(lead), **values}
    return client.post(f"/leads/{lead.pk}/reassign/", typed, follow=True)


def held(client, name: str) -> list[str]:
    found = {column.name: column for column in client.get(BOARD).context["columns"]}
    return [str(card.lead) for card in found[name].cards]


def test_a_column_for_each_rep_and_for_each_queue_where_something_waits(scene, as_):
    world.queue("Empty", owner=scene.mira)
    waits(scene, name="Wanda Waits")
    response = as_(scene.mira).get(BOARD)
    shown = [(one.name, [str(card.lead) for card in one.cards]) for one in response.context["columns"]]
    assert shown == [
        ("Triage EMEA", ["Wanda Waits"]),
        ("Priya Raghunathan", ["Anna Berg"]),
        ("Tom Dvorak", []),
    ]
    page = response.content.decode()
    assert "Bergström AB" in page and "No open leads" in page
    assert f'data-to="{scene.tom.pk}"' in page
    assert "data-to" not in page.split('id="queue-')[1].split("</section>")[0]


def test_the_most_urgent_first_and_the_rest_one_click_away(scene, as_):
    latest = [scene.priyas(name=f"Lead number {n}") for n in range(SHOWN + 2)][-1]
    latest.clocks.update(due_at=scene.now + timedelta(minutes=1))
    response = as_(scene.mira).get(BOARD)
    _, priya, tom = [None, *response.context["columns"]]
    assert (priya.cards[0].lead, len(priya.cards), priya.total, priya.more) == (latest, SHOWN, SHOWN + 3, 3)
    assert tom.total == 0
    page = " ".join(response.content.decode().split())
    assert f'href="/leads/?rep={scene.priya.pk}"> and 3 more' in page


def test_a_rep_who_is_switched_off_takes_none_and_is_there_while_they_have_some(scene, as_):
    Rep.objects.update(is_active=False)
    (priya,) = as_(scene.mira).get(BOARD).context["columns"]
    assert (priya.name, priya.takes) == ("Priya Raghunathan", False)
    assert "data-to" not in as_(scene.mira).get(BOARD).content.decode().split('id="rep-')[1]


def test_it_costs_the_same_for_two_reps_and_for_twenty(scene, as_):
    client = as_(scene.mira)
    waits(scene)
    client.get(BOARD)
    with CaptureQueriesContext(connection) as two:
        client.get(BOARD)
    for number in range(18):
        world.rep(f"Rep {number}", team=scene.team)
    for _ in range(10):
        scene.routed()
        waits(scene)
    client.get(BOARD)  # reads the configuration again, once
    with CaptureQueriesContext(connection) as twenty:
        client.get(BOARD)
    assert len(twenty) <= len(two) <= 15


def test_a_lead_is_moved_with_a_reason_and_a_note(scene, as_):
    client = as_(scene.mira)
    page = move(client, scene, scene.tom, handover="They speak Czech").content.decode()
    assert "Anna Berg went from Priya Raghunathan to Tom Dvorak." in " ".join(page.split())
    decision = Decision.objects.filter(lead=scene.lead).first()
    assert (decision.rep, decision.reason, decision.actor) == (scene.tom, "Knows them", scene.mira)
    assert Activity.objects.get(lead=scene.lead, kind="handover").text == "They speak Czech"
    assert held(client, "Tom Dvorak") == ["Anna Berg"]


def test_from_a_queue_to_a_rep_and_back(scene, as_):
    client, lead = as_(scene.mira), waits(scene, name="Wanda Waits")
    page = move(client, scene, scene.tom, lead)
    assert "went from Triage EMEA to Tom Dvorak" in page.content.decode()
    made = page.context["move"].made
    page = client.post(f"/leads/{lead.pk}/take-back/", {"back": "board", "decision": made.pk}, follow=True)
    assert "Undone. It waits in Triage EMEA now." in page.content.decode()
    lead.refresh_from_db()
    assert (lead.owner, lead.queue) == (None, scene.queue)


def test_undo_brings_it_back_with_a_reason_and_is_not_offered_again(scene, as_):
    client = as_(scene.mira)
    made = move(client, scene, scene.tom).context["move"].made
    address = f"/leads/{scene.lead.pk}/take-back/"
    page = client.post(address, {"back": "board", "decision": made.pk}, follow=True)
    assert "Undone. Priya Raghunathan has it now." in page.content.decode()
    assert page.context["move"] is None
    assert Decision.objects.filter(lead=scene.lead).first().reason == "Undo: Knows them"
    again = client.post(address, {"back": "board", "decision": made.pk}, follow=True).content.decode()
    assert "Anna Berg has moved on meanwhile" in again
    assert held(client, "Priya Raghunathan") == ["Anna Berg"]


@pytest.mark.parametrize("what", ["accepted", "noted", "moved on", "closed"])
def test_no_undo_once_something_else_has_happened(scene, as_, what):
    client, ops = as_(scene.mira), world.user(role=User.Role.OPS)
    made = move(client, scene, scene.tom).context["move"].made
    lead, later, third = scene.lead.pk, timezone.now(), world.rep("Third", team=scene.team)
    if what == "accepted":
        ownership.accept(lead_id=lead, by=scene.tom.user, now=later)
    elif what == "noted":
        ownership.note(scene.lead, Activity.Kind.NOTE, scene.tom.user, later, "Called")
    elif what == "moved on":
        ownership.reassign(lead_id=lead, to=third, by=ops, reason="Other", now=later)
    else:
        ownership.close(lead_id=lead, by=scene.tom.user, outcome="lost", now=later)
    owner = Lead.objects.get(pk=lead).owner
    assert client.get(BOARD).context["move"] is None
    page = client.post(f"/leads/{lead}/take-back/", {"back": "board", "decision": made.pk}, follow=True)
    assert 'class="flash error"' in page.content.decode()
    assert Lead.objects.get(pk=lead).owner == owner


def test_nobody_undoes_what_somebody_else_did(scene, as_):
    made = move(as_(scene.mira), scene, scene.tom).context["move"].made
    ops = as_(world.user(role=User.Role.OPS))
    assert ops.get(BOARD).context["move"] is None
    address = f"/leads/{scene.lead.pk}/take-back/"
    page = ops.post(address, {"back": "board", "decision": made.pk}, follow=True)
    assert "was moved by somebody else" in page.content.decode()
    assert as_(scene.tom).post(address, {"decision": made.pk}).status_code == 409
    assert as_(scene.priya).post(address, {"decision": made.pk}).status_code == 409


def test_undo_is_offered_for_a_minute(scene, as_):
    client = as_(scene.mira)
    made = move(client, scene, scene.tom).context["move"].made
    assert latest_move(scene.mira, made.decided_at + timedelta(seconds=59)).made == made
    assert latest_move(scene.mira, made.decided_at + timedelta(seconds=61)) is None


def test_who_moves_a_lead_that_has_changed_is_told(scene, as_):
    client, third = as_(scene.mira), world.rep("Third Person", team=scene.team)
    seen = as_seen(scene.lead)
    ownership.accept(lead_id=scene.lead.pk, by=scene.priya.user, now=scene.now)
    page = move(client, scene, scene.tom, seen=seen).content.decode()
    assert "Anna Berg has gone on meanwhile: it is accepted now." in page
    ownership.reassign(lead_id=scene.lead.pk, to=third, by=scene.mira, reason="Mine", now=scene.now)
    page = move(client, scene, scene.tom, seen=seen).content.decode()
    assert "Anna Berg has moved meanwhile: Third Person has it now." in page
    assert Lead.objects.get(pk=scene.lead.pk).owner == third


def test_a_refusal_is_said_on_the_board(scene, as_):
    client, stranger = as_(scene.mira), world.rep("Stranger")
    assert "Say why the lead moves" in move(client, scene, scene.tom, reason=" ").content.decode()
    assert "Choose one of the reps" in move(client, scene, stranger).content.decode()
    Rep.objects.filter(pk=scene.tom.pk).update(is_active=False)
    assert "Choose one of the reps" in move(client, scene, scene.tom).content.decode()
    ownership.reassign(
        lead_id=scene.lead.pk,
        to=stranger,
        by=world.user(role=User.Role.OPS),
        reason="Theirs",
        now=timezone.now(),
    )
    assert "has left your teams meanwhile" in move(client, scene, scene.tom).content.decode()
    assert Lead.objects.get(pk=scene.lead.pk).owner == stranger


def test_only_own_teams(scene, as_):
    other = world.team("Americas")
    sofia = world.rep("Sofia", team=other)
    world.queue("Elsewhere")
    mira = as_(scene.mira)
    assert "Sofia" not in mira.get(f"{BOARD}?team={other.pk}").content.decode()
    their_manager = as_(other.manager)
    assert [one.name for one in their_manager.get(BOARD).context["columns"]] == ["Sofia"]
    assert "has left your teams" in move(their_manager, scene, sofia).content.decode()
    ops = as_(world.user(role=User.Role.OPS))
    page = ops.get(f"{BOARD}?team={other.pk}")
    assert [one.name for one in page.context["columns"]] == ["Sofia"]
    assert len(ops.get(BOARD).context["teams"]) == 1, "one team at a time, or there are too many columns"


def test_who_may_not_open_it(scene, as_):
    assert as_(scene.priya).get(BOARD).status_code == 403
    assert as_(world.user(role=User.Role.SERVICE)).get(BOARD).status_code == 403
    assert Client().get(BOARD).headers["Location"] == "/login/?next=%2Fteam%2Fboard%2F"
    assert as_(scene.priya).post(f"/leads/{scene.lead.pk}/take-back/", {"decision": 1}).status_code == 409


def test_a_manager_without_a_team_is_told_so(db, as_):
    assert "You manage no team yet" in as_(world.user(role=User.Role.MANAGER)).get(BOARD).content.decode()


def test_live_it_asks_for_one_stamp(scene, as_, django_assert_num_queries):
    client = as_(scene.mira)
    stamp = client.get(BOARD).context["stamp"]
    with django_assert_num_queries(3):  # session, user, stamp
        assert client.get(BOARD, {"stamp": stamp}, **HTMX).status_code == 204
    scene.routed(name="Fresh")
    assert "Fresh" in client.get(BOARD, {"stamp": stamp}, **HTMX).content.decode()
