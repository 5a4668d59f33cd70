"""What waits past a queue's window goes to its owner, then to the team lead: once for each lead and stay."""

from __future__ import annotations

import re
from datetime import timedelta
from threading import Thread

import pytest
from django.db import IntegrityError, connection, connections
from django.utils import timezone

from leadrouting.assignments import ownership
from leadrouting.leads.models import Lead
from leadrouting.notifications.models import Message
from leadrouting.sla.dues import STAYS
from leadrouting.sla.models import Overstay
from leadrouting.sla.pulse import kinds
from leadrouting.sla.stays import escalate_due
from leadrouting.teams.models import Queue, User
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)

HALF = timedelta(minutes=30)


def next_due():
    with connection.cursor() as cursor:
        cursor.execute(STAYS.statement)
        return cursor.fetchone()[0]


def steps(lead) -> list[tuple[int, str]]:
    return list(Overstay.objects.filter(lead=lead).order_by("acted_at", "step").values_list("step", "told"))


@pytest.fixture
def lena() -> User:
    """A rep who answers for the queue; Mira manages her team."""
    mira = world.user("Mira", role=User.Role.MANAGER)
    return world.rep("Lena", team=world.team(manager=mira)).user


@pytest.fixture
def triage(lena) -> Queue:
    queue = world.queue(owner=lena, window=HALF)
    world.live(queue)
    return queue


@pytest.fixture
def lead(triage) -> Lead:
    lead = world.lead(name="Anna Berg")
    lead.refresh_from_db()
    assert lead.queue == triage and lead.queued_at is not None
    return lead


def test_the_pulse_knows_the_deadline(lead):
    assert STAYS in kinds("pulse")
    assert next_due() == lead.queued_at + HALF
    Queue.objects.update(window=2 * HALF)
    assert next_due() == lead.queued_at + 2 * HALF, "a changed window counts at once"
    Queue.objects.update(window=None)
    assert next_due() is None


def test_to_the_owner_and_then_to_the_team_lead(lead, triage, lena):
    began = lead.queued_at
    assert escalate_due(began + HALF - timedelta(seconds=1)) == 0
    assert escalate_due(began + HALF) == 1
    assert escalate_due(began + HALF + timedelta(minutes=5)) == 0
    assert steps(lead) == [(0, "Lena")]
    assert next_due() == began + 2 * HALF
    assert escalate_due(began + 2 * HALF) == 1
    assert escalate_due(began + 20 * HALF) == 0
    assert steps(lead) == [(0, "Lena"), (1, "Mira")]
    assert next_due() is None

    first, second = Message.objects.order_by("pk")
    assert (str(first.recipient), str(second.recipient)) == ("Lena", "Mira")
    assert first.subject == "Waits too long: Anna Berg"
    assert "in Triage since" in first.body and "for more than 30 min." in first.body
    assert second.lead == lead and "Lena, who answers for it, was told before." in second.body
    assert Lead.objects.visible_to(second.recipient).filter(pk=lead.pk).exists()


def test_a_new_stay_begins_anew(lead, triage, lena):
    ops, now = world.user(role=User.Role.OPS), lead.queued_at + HALF
    escalate_due(now)
    ann = world.rep("Ann")
    ownership.reassign(lead_id=lead.pk, to=ann, by=ops, reason="Knows them", now=now)
    assert escalate_due(now + 5 * HALF) == 0, "who has an owner waits for nobody"
    again = now + 6 * HALF
    ownership.decline(lead_id=lead.pk, by=ann.user, reason="No", now=again)
    assert escalate_due(again + HALF - timedelta(seconds=1)) == 0
    assert escalate_due(again + HALF) == 1
    assert [step for step, _ in steps(lead)] == [0, 0]


def test_to_sales_ops_where_nobody_leads_the_owner():
    olga = world.user("Olga", role=User.Role.OPS)
    world.live(queue := world.queue(owner=world.user("Max", role=User.Role.MANAGER), window=HALF))
    lead = world.lead()
    at = Lead.objects.get().queued_at + 2 * HALF
    assert escalate_due(at) == 2, "both steps, when nobody looked for so long"
    (_, first), (_, then) = steps(lead)
    assert first == "Max" and "Olga" in then
    assert queue.is_led_by(queue.owner) and not queue.is_led_by(olga)


def test_an_owner_who_has_left_is_passed_over(lead, lena):
    User.objects.filter(pk=lena.pk).update(is_active=False)
    escalate_due(lead.queued_at + HALF)
    assert steps(lead) == [(0, "Mira")]


def test_many_at_once_are_one_message_and_a_row_each(triage, lena):
    for _ in range(12):
        world.lead()
    at = timezone.now() + HALF + timedelta(minutes=1)
    assert escalate_due(at) == 12
    assert Overstay.objects.count() == 12
    message = Message.objects.get()
    assert message.subject == "12 leads wait too long in Triage" and message.recipient == lena


def test_a_limit_leaves_the_rest_to_the_next_call(triage):
    for _ in range(5):
        world.lead()
    at = timezone.now() + HALF + timedelta(minutes=1)
    assert [escalate_due(at, 2) for _ in range(4)] == [2, 2, 1, 0]


def test_workers_at_the_same_time_escalate_once(triage):
    for _ in range(20):
        world.lead()
    at = timezone.now() + HALF + timedelta(minutes=1)
    done: list[int] = []

    def work() -> None:
        done.append(escalate_due(at))
        connections.close_all()

    threads = [Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done.append(escalate_due(at))
    assert sum(done) == Overstay.objects.count() == 20


def test_the_database_keeps_each_step_once(lead):
    escalate_due(lead.queued_at + HALF)
    row = Overstay.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError, match="overstay_once"):
        row.save()


def test_a_window_is_a_minute_at_least():
    with pytest.raises(IntegrityError, match="queue_window_a_minute"):
        world.queue(window=timedelta(seconds=5))


def test_the_deadline_is_read_from_an_index(lead):
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        cursor.execute("EXPLAIN " + STAYS.statement)
        plan = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute("RESET enable_seqscan")
    assert "lead_stay" in plan, plan


def test_pages_show_it(lead, triage, lena, client):
    escalate_due(lead.queued_at + HALF)
    mira = lena.rep.team.manager
    client.force_login(mira)
    page = client.get(f"/leads/{lead.pk}/").content.decode()
    assert "Escalated to the queue’s owner" in page and "Lena know" in page
    assert "1 past the window" in client.get("/team/").content.decode()


def test_the_way_in_the_message_leads_to_what_waits(lead, lena, client):
    """A rep takes what waits and does not choose, so theirs is the place on their page where the queue stands."""
    escalate_due(lead.queued_at + 2 * HALF)
    mira = User.objects.get(name="Mira")
    ways = {
        one.recipient: re.search(r"https?://[^/]+(\S+)", one.body).group(1) for one in Message.objects.all()
    }
    client.force_login(lena)
    path, _, place = ways[lena].partition("#")
    page = client.get(path).content.decode()
    assert f'id="{place}"' in page and place == f"queue-{lead.queue_id}"
    assert "1 waiting" in page.partition(f'id="{place}"')[2].partition("</form>")[0]
    client.force_login(mira)
    assert "Anna Berg" in client.get(ways[mira]).content.decode()
