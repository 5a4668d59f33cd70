"""Sequences: who begins one, what its steps do, each once, and what ends it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from leadrouting.assignments import ownership
from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.merging.doing import merge
from leadrouting.assignments.reopening import reopen
from leadrouting.leads.models import Activity
from leadrouting.notifications.models import (
    Dispatch,
    Enrolment,
    Event,
    Message,
    OptOut,
    Sequence,
    SequenceCondition,
    Step,
    Task,
)
from leadrouting.notifications.optouts import opt_out
from leadrouting.notifications.sequences import stepping
from leadrouting.notifications.sequences.deciding import go_on, stop_by_hand
from leadrouting.notifications.sequences.stepping import step_due
from leadrouting.notifications.sequences.stopping import stop
from leadrouting.notifications.spreading import spread_due
from leadrouting.teams.models import OfficeHours, OpeningWindow
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def sequence(name="Nurture", steps=(("email", HOUR), ("task", DAY), ("reminder", 2 * DAY)), **values):
    made = Sequence.objects.create(name=name, **values)
    for does, after in steps:
        Step.objects.create(
            sequence=made,
            does=does,
            after=after,
            hours="always",
            title=f"{does} for {{first_name}}",
            body="Hello {first_name}, still interested?",
        )
    return made


@pytest.fixture
def ann():
    rep = world.rep("Ann")
    world.live(world.pool(rep), name="Everything")
    return rep


def arrives(**values):
    with transaction.atomic():
        lead = world.lead(**{"name": "Jane Doe", "email": "jane@acme.example", "consent": True, **values})
    lead.refresh_from_db()
    spread_due(lead.created_at + timedelta(seconds=1))
    return lead


def enrolment(lead):
    return Enrolment.objects.filter(lead=lead).first()


def mails():
    return Message.objects.filter(kind="follow_up")


def test_each_step_is_taken_at_its_time_and_once(ann):
    sequence()
    lead = arrives()
    begun = enrolment(lead).begun_at
    assert step_due(begun + HOUR - timedelta(seconds=1)) == 0
    assert step_due(begun + HOUR) == 1 and step_due(begun + HOUR) == 0
    mail = mails().get()
    assert (mail.subject, mail.body) == ("email for Jane", "Hello Jane, still interested?")
    assert Dispatch.objects.get(message=mail).address == "jane@acme.example"
    step_due(begun + DAY)
    task = Task.objects.get()
    assert (task.lead, task.title, task.made_by) == (lead, "task for Jane", "sequence")
    step_due(begun + 2 * DAY)
    assert Message.objects.get(kind="task").recipient == ann.user
    assert enrolment(lead).state == "done"
    assert step_due(begun + 9 * DAY) == 0


def test_the_first_that_fits_is_for_it_and_only_once(ann):
    cold = sequence("Cold", precedence=1)
    hot = sequence("Hot", precedence=2)
    SequenceCondition.objects.create(sequence=cold, fact="priority", operator="is", value="low")
    lead = arrives(priority="high")
    assert enrolment(lead).sequence == hot
    Enrolment.objects.update(state="stopped", next_at=None, ended_at=lead.created_at, why="x")
    boss = world.user("Boss", role="ops")
    ownership.reassign(lead_id=lead.pk, to=world.rep("Bob"), by=boss, reason="x", now=lead.created_at + DAY)
    spread_due(lead.created_at + DAY)
    assert Enrolment.objects.count() == 1


def test_what_is_switched_off_or_has_no_step_or_fits_nobody_begins_nothing(ann):
    sequence("Off", is_active=False)
    sequence("Empty", steps=())
    odd = sequence("Odd")
    SequenceCondition.objects.create(sequence=odd, fact="country", operator="is", value="IN")
    arrives(country="DE")
    assert not Enrolment.objects.exists()


@pytest.mark.parametrize(
    ("kind", "why"), [("reply", "has written"), ("booked", "meeting"), ("call", "owner has responded")]
)
def test_what_ends_it(ann, kind, why):
    sequence()
    lead = arrives()
    at = enrolment(lead).begun_at + HOUR / 2
    Activity.objects.create(
        lead=lead, kind=kind, at=at, text="Hi", actor=ann.user if kind == "call" else None
    )
    spread_due(at)
    ended = enrolment(lead)
    assert ended.state == "stopped" and why in ended.why
    assert step_due(at + 9 * DAY) == 0


def test_a_response_of_the_owner_ends_it_only_if_it_says_so(ann):
    sequence(ends_with_response=False)
    lead = arrives()
    at = enrolment(lead).begun_at + HOUR / 2
    Activity.objects.create(lead=lead, kind="call", at=at, actor=ann.user)
    spread_due(at)
    assert enrolment(lead).state == "running"


def test_a_lost_lead_ends_it(ann):
    sequence()
    lead = arrives()
    at = enrolment(lead).begun_at + HOUR / 2
    ownership.close(lead_id=lead.pk, by=ann.user, outcome="lost", now=at, reason="No budget")
    assert step_due(at + 9 * DAY) == 1  # nobody has handed the event on yet
    assert not mails().exists() and enrolment(lead).state == "stopped"


def test_an_outcome_that_is_taken_back_lets_it_go_on(ann):
    sequence()
    lead = arrives()
    now = enrolment(lead).begun_at
    for spreads in (True, False):  # taken back before or after the sequence has heard of the outcome
        now += HOUR / 60
        ownership.close(lead_id=lead.pk, by=ann.user, outcome="lost", now=now)
        if spreads:
            spread_due(now)
            assert enrolment(lead).state == "stopped"
        now += HOUR / 60
        reopen(lead_id=lead.pk, by=ann.user, now=now)
        spread_due(now)
        assert (enrolment(lead).state, enrolment(lead).why) == ("running", "")
    stop_by_hand(lead_id=lead.pk, by=ann.user, now=now)
    ownership.close(lead_id=lead.pk, by=ann.user, outcome="lost", now=now)
    reopen(lead_id=lead.pk, by=ann.user, now=now)
    spread_due(now)
    assert enrolment(lead).state == "stopped", "a person had stopped it"


def test_a_reply_in_the_instant_of_a_step_wins(ann):
    sequence()
    lead = arrives()
    due = enrolment(lead).begun_at + HOUR
    Activity.objects.create(lead=lead, kind="reply", at=due, text="Hi")
    step_due(due)
    assert not mails().exists() and "has written" in enrolment(lead).why


def test_a_reply_takes_back_what_waits_to_leave(ann):
    sequence()
    lead = arrives()
    due = enrolment(lead).begun_at + HOUR
    step_due(due)
    Activity.objects.create(lead=lead, kind="reply", at=due, text="Hi")
    spread_due(due)
    assert Dispatch.objects.get(channel="email", message__kind="follow_up").state == "skipped"


@pytest.mark.parametrize(
    ("values", "said"), [({"consent": None}, "not agreed"), ({"consent": False}, "not agreed")]
)
def test_without_consent_nothing_is_written_and_it_ends(ann, values, said):
    sequence()
    lead = arrives(**values)
    step_due(enrolment(lead).begun_at + HOUR)
    assert not mails().exists() and said in enrolment(lead).why
    assert Activity.objects.filter(lead=lead, kind="note", text__contains="not sent").exists()


def test_who_has_unsubscribed_hears_no_more(ann):
    sequence()
    lead = arrives()
    begun = enrolment(lead).begun_at
    opt_out(["jane@acme.example"], how="x", now=begun)
    step_due(begun + HOUR)
    assert not mails().exists() and enrolment(lead).state == "stopped"


def test_without_an_address_the_mail_is_passed_over_and_the_task_comes(ann):
    sequence()
    lead = arrives(email="", phone="+4930123456")
    begun = enrolment(lead).begun_at
    step_due(begun + HOUR)
    step_due(begun + DAY)
    assert not mails().exists() and Task.objects.count() == 1


def test_a_step_that_fails_holds_up_no_other_and_is_tried_again(ann, monkeypatch):
    sequence()
    bad, good = arrives(name="Bad Lead"), arrives(name="Good Lead", email="good@acme.example")
    real = stepping.worded

    def broken(step, lead, *rest):
        if lead.pk == bad.pk:
            raise ValueError("No text")
        return real(step, lead, *rest)

    monkeypatch.setattr(stepping, "worded", broken)
    due = enrolment(good).begun_at + 2 * HOUR
    step_due(due)
    assert mails().get().lead == good
    assert (enrolment(bad).done, enrolment(bad).next_at) == (0, due + stepping.LATER)
    monkeypatch.setattr(stepping, "worded", real)
    step_due(due + stepping.LATER)
    assert mails().count() == 2


def test_a_worker_that_dies_between_two_steps_leaves_neither_half_done(ann):
    sequence()
    lead = arrives()
    due = enrolment(lead).begun_at + HOUR
    with transaction.atomic():
        step_due(due)
        transaction.set_rollback(True)
    assert not mails().exists() and enrolment(lead).done == 0
    step_due(due)
    assert mails().count() == 1


def test_ten_workers_take_a_step_once(ann):
    sequence()
    leads = [arrives(email=f"jane{number}@acme.example") for number in range(5)]
    due = enrolment(leads[-1]).begun_at + HOUR

    def work(_):
        try:
            return step_due(due)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as threads:
        assert sum(threads.map(work, range(10))) == 5
    assert mails().count() == 5


def test_a_person_stops_it_and_lets_it_go_on_where_it_was(ann):
    sequence()
    lead = arrives()
    begun = enrolment(lead).begun_at
    with pytest.raises(NotYours):
        stop_by_hand(lead_id=lead.pk, by=world.rep("Bob").user, now=begun)
    step_due(begun + HOUR)
    stop_by_hand(lead_id=lead.pk, by=ann.user, now=begun + 2 * HOUR)
    assert "Ann" in enrolment(lead).why and step_due(begun + 9 * DAY) == 0
    go_on(lead_id=lead.pk, by=ann.user, now=begun + 10 * DAY)
    assert enrolment(lead).next_at == begun + 11 * DAY - 2 * HOUR
    go_on(lead_id=lead.pk, by=ann.user, now=begun + 10 * DAY)
    step_due(begun + 11 * DAY)
    assert Task.objects.count() == 1
    step_due(begun + 20 * DAY)
    with pytest.raises(Refused):
        go_on(lead_id=lead.pk, by=ann.user, now=begun + 21 * DAY)


def test_the_cost_is_the_same_for_many(ann, django_assert_max_num_queries):
    sequence()
    for number in range(12):
        arrives(email=f"jane{number}@acme.example")
    assert Event.objects.filter(spread_at=None).count() == 0
    due = Enrolment.objects.first().begun_at + HOUR
    with django_assert_max_num_queries(15 + 12 * 8):  # each lead in a savepoint of its own
        step_due(due)


def test_a_word_at_the_instant_of_the_step_takes_back_what_the_step_wrote(ann):
    """The step is taken, and not committed yet, when the prospect's word stops the sequence."""
    sequence()
    lead = arrives()
    due_at = enrolment(lead).next_at

    def stops() -> int:
        try:
            return stop(Enrolment.objects.filter(lead=lead), "The prospect has written.", due_at)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            assert step_due(due_at) == 1
            stopping = threads.submit(stops)
            wait_for_a_lock()
        assert stopping.result(20) == 1
    assert enrolment(lead).state == "stopped"
    assert Dispatch.objects.get(message__kind="follow_up").state == "skipped"


def wait_for_a_lock() -> None:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    for _ in range(2000):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.01)")
    raise AssertionError("Nobody waits.")


def test_who_opts_out_is_out_of_the_sequence_at_once(ann):
    sequence()
    lead, other = arrives(), arrives(email="joe@acme.example", name="Joe Roe", phone="")
    opt_out([lead.email], how="They said so", now=lead.created_at + timedelta(minutes=1))
    assert (enrolment(lead).state, enrolment(other).state) == ("stopped", "running")


def test_whom_sales_ops_put_on_the_list_is_out_of_it_at_once(ann):
    sequence()
    lead, other = arrives(), arrives(email="joe@acme.example")
    OptOut.objects.create(address=lead.email, at=lead.created_at, how="By phone.")
    assert (enrolment(lead).state, enrolment(other).state) == ("stopped", "running")


def test_of_two_that_are_merged_the_one_that_went_stops(ann):
    sequence()
    kept, other = arrives(), arrives(email="j.doe@acme.example")
    now = enrolment(other).begun_at + HOUR / 2
    merge(kept_id=kept.pk, other_id=other.pk, by=world.user(role="ops"), now=now, take=())
    assert step_due(now + HOUR) == 2, "nobody has handed the event on yet"
    assert mails().get().lead == kept
    spread_due(now + HOUR)
    assert (enrolment(kept).state, enrolment(other).state) == ("running", "stopped")


def test_a_step_that_is_put_in_front_sends_nothing_twice(ann):
    made = sequence(steps=(("email", HOUR), ("reminder", DAY)))
    lead = arrives()
    begun = enrolment(lead).begun_at
    step_due(begun + HOUR)
    Step.objects.create(sequence=made, does="task", after=HOUR / 2, hours="always", title="Look", body="")
    for _ in range(3):
        step_due(begun + 3 * DAY)
    assert mails().count() == 1 and Message.objects.filter(kind="task").count() == 1


def test_when_nothing_ran_for_days_not_everything_comes_at_once(ann):
    sequence(steps=(("email", HOUR), ("email", DAY)))
    lead = arrives()
    begun = enrolment(lead).begun_at
    back = begun + 5 * DAY
    assert step_due(back) == 1 and step_due(back) == 0
    assert enrolment(lead).next_at == back + DAY - HOUR


def test_where_there_is_nothing_to_book_no_line_speaks_of_it(ann):
    sequence()
    Step.objects.filter(does="email").update(body="Hello\nChoose: {booking_link}")
    lead = arrives()
    begun = enrolment(lead).begun_at
    step_due(begun + HOUR)
    assert mails().get().body == "Hello"
    ann.booking_url = "https://calendly.com/ann"
    ann.save()
    arrives(email="john@acme.example")
    step_due(begun + 3 * HOUR)
    assert "/meet/" in mails().get(lead__email="john@acme.example").body


def test_what_waits_for_office_hours_waits_for_those_of_the_next_owner(ann):
    sequence()
    Step.objects.update(hours="owner")
    lead = arrives()
    begun = enrolment(lead).begun_at
    assert enrolment(lead).next_at == begun + HOUR, "Ann works around the clock"
    hours = OfficeHours.objects.create(name="Mondays", time_zone="UTC")
    OpeningWindow.objects.create(office_hours=hours, weekday=0, opens="09:00", closes="17:00")
    bob, boss = world.rep("Bob", office_hours=hours), world.user("Boss", role="ops")
    now = begun + timedelta(minutes=1)
    ownership.reassign(lead_id=lead.pk, to=bob, by=boss, reason="x", now=now)
    spread_due(now)
    at = enrolment(lead).next_at
    assert (at.weekday(), at > begun + HOUR / 2) == (0, True) and 9 <= at.hour < 18


def test_the_list_says_why_leads_left(ann, client):
    made, sam = sequence(), world.user("Sam", role="ops")
    left = [arrives(email=f"jane{number}@acme.example") for number in range(4)]
    for lead in left[:2]:
        stop(Enrolment.objects.filter(lead=lead), "The prospect has written.", lead.created_at)
    for lead, by in ((left[2], ann.user), (left[3], sam)):
        stop_by_hand(lead_id=lead.pk, by=by, now=lead.created_at)
    arrives(email="joe@acme.example")
    client.force_login(sam)
    page = client.get("/admin/notifications/sequence/").content.decode()
    assert "1 running, 0 through, 4 stopped" in page and made.name in page
    assert "Somebody stopped it: 2. The prospect has written: 2." in page
