"""Recorded with what causes them, delivered at least once, and to a prospect at most once."""

import os
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connections, transaction
from django.utils import timezone

from leadrouting.assignments import ownership
from leadrouting.notifications import lanes, sending
from leadrouting.notifications.channels import Channel, Later, Undeliverable, Unsure, channels
from leadrouting.notifications.models import Dispatch, Event, Message
from leadrouting.notifications.sending import LEASE, MOST, send_again, send_due, withdraw
from leadrouting.notifications.signals import sent, spread
from leadrouting.notifications.spreading import spread_due
from leadrouting.sla import pulse
from leadrouting.sla.making import make
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)
State = Dispatch.State


@pytest.fixture
def lead():
    make("An hour", {"respond": timedelta(hours=1)})
    world.live(world.pool(world.rep("Ann")), name="Everything")
    with transaction.atomic():
        return world.lead(name="Jane Doe")


@pytest.fixture
def due(lead):
    """The dispatch that tells Ann, about to leave."""
    spread_due(timezone.now())
    return Dispatch.objects.get()


class Peer(Channel):
    """A way out that answers as it is told."""

    name, label = "peer", "Peer"

    def __init__(self, answer=None, *, before=None, has_one_peer=False):
        self.answer, self.before, self.has_one_peer = answer, before, has_one_peer
        self.got = []

    def prepare(self, batch):
        if any(one.address == "unreadable" for one in batch):
            raise ValueError("There is no such template.")
        return {one.pk: one.message.subject for one in batch}

    def send(self, dispatch, parcel, begin):
        if self.before:
            raise self.before
        begin()
        self.got.append(parcel)
        if self.answer:
            raise self.answer
        return "abc"


@pytest.fixture
def peer(monkeypatch):
    def make_peer(*args, **kwargs):
        made = Peer(*args, **kwargs)
        monkeypatch.setitem(channels(), "peer", made)
        return made

    return make_peer


def to_prospect(lead, address="jane@example.com", **values):
    now = timezone.now()
    key = f"ack:{lead.pk}:{address}"
    message = Message.objects.create(
        kind="ack",
        lead=lead,
        subject="Thank you",
        body="Soon.",
        dedupe_key=key,
        created_at=now,
        spread_at=now,
    )
    return Dispatch.objects.create(
        message=message, channel="peer", address=address, created_at=now, send_at=now, **values
    )


def test_the_owner_is_told_with_rule_deadline_and_link(lead):
    assert spread_due(timezone.now())
    assert send_due("email", timezone.now()) == 1
    (sent,) = mail.outbox
    assert sent.subject == "New lead: Jane Doe"
    assert "by the rule “Everything”" in sent.body
    assert "Answer by" in sent.body
    assert f"/leads/{lead.pk}/" in sent.body
    assert spread_due(timezone.now()) == 0
    assert send_due("email", timezone.now()) == 0


def test_it_has_the_same_name_however_often_it_is_sent(due):
    for _ in range(2):
        send_due("email", timezone.now())
        send_again(Dispatch.objects.all(), timezone.now())
    first, second = (one.extra_headers["Message-ID"] for one in mail.outbox)
    assert first == second == f"<leadrouting-{due.pk}@localhost>"


def test_a_dead_server_is_asked_once_and_the_rest_waits(lead, settings):
    for number in range(30):
        world.lead(name=f"Lead {number}")
    spread_due(timezone.now())
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = nobody.getsockname()
        now = timezone.now()
        assert send_due("email", now) == 31
        assert send_due("email", now) == 0
    assert {one.send_at for one in Dispatch.objects.all()} == {now + timedelta(seconds=15)}
    assert Dispatch.objects.filter(attempts=1, last_error__contains="Refused").count() in range(1, 9)
    assert not Dispatch.objects.filter(attempts__gt=1).exists()

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_due("email", now + timedelta(seconds=15)) == 31
    assert Dispatch.objects.filter(state=State.SENT, last_error="").count() == 31


def test_the_gaps_grow_and_then_it_gives_up(lead, peer):
    peer(before=OSError("nobody there"))
    one = to_prospect(lead)
    gaps = []
    while one.state == State.WAITING:
        at = one.send_at
        send_due("peer", at)
        one.refresh_from_db()
        gaps.append(one.send_at - at)
    assert gaps[:4] == [timedelta(seconds=15 * 2**number) for number in range(4)]
    assert max(gaps[:-1]) == timedelta(hours=1)
    assert (one.state, one.attempts, len(gaps)) == (State.FAILED, MOST, MOST)
    assert timedelta(hours=20) < sum(gaps[:-1], timedelta()) < timedelta(hours=26)


def test_what_never_arrives_is_not_tried_again(lead, peer):
    peer(Undeliverable("550 no such user"))
    to_prospect(lead)
    send_due("peer", timezone.now())
    one = Dispatch.objects.get(channel="peer")
    assert (one.state, one.last_error) == (State.FAILED, "550 no such user")


def test_who_says_later_is_asked_then(lead, peer):
    peer(Later("429 slow down", timedelta(minutes=7)))
    to_prospect(lead)
    now = timezone.now()
    send_due("peer", now)
    one = Dispatch.objects.get(channel="peer")
    assert (one.state, one.send_at, one.begun_at) == (State.WAITING, now + timedelta(minutes=7), None)


@pytest.mark.parametrize("lost", [Unsure("It went silent."), OSError("reset"), ValueError("a bug")])
def test_what_may_have_reached_a_prospect_is_left_to_a_person(lead, peer, lost):
    there = peer(lost)
    to_prospect(lead)
    send_due("peer", timezone.now())
    assert send_due("peer", timezone.now() + timedelta(days=1)) == 0
    one = Dispatch.objects.get(channel="peer")
    assert one.state == State.UNSURE
    assert len(there.got) == 1
    there.answer = None
    send_again(Dispatch.objects.filter(channel="peer"), timezone.now())
    send_due("peer", timezone.now())
    one.refresh_from_db()
    assert (one.state, one.external_id, len(there.got)) == (State.SENT, "abc", 2)


def test_one_of_us_hears_twice_rather_than_never(due, peer):
    peer(Unsure("It went silent."))
    Dispatch.objects.update(channel="peer")
    send_due("peer", timezone.now())
    assert Dispatch.objects.get().state == State.WAITING


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_around_the_sending_a_prospect_gets_it_once(lead, peer, when):
    """A real process, killed before or after the other side has it, and another one that goes on."""
    reader, writer = os.pipe()

    class Deadly(Peer):
        def send(self, dispatch, parcel, begin):
            if when == "before":
                os._exit(9)
            begin()
            os.write(writer, b"x")
            os._exit(9)

    one = to_prospect(lead)
    now = timezone.now()
    connections.close_all()
    if (child := os.fork()) == 0:
        channels()["peer"] = Deadly()  # type: ignore[index]
        send_due("peer", now)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    os.close(writer)
    there = peer()
    assert send_due("peer", now) == 0, "its claim still holds"
    send_due("peer", now + LEASE)
    one.refresh_from_db()
    assert len(os.read(reader, 9)) + len(there.got) == 1
    assert one.state == (State.SENT if when == "before" else State.UNSURE)
    os.close(reader)


def test_what_cannot_be_written_holds_nobody_up(lead, peer):
    there = peer()
    to_prospect(lead, "unreadable")
    to_prospect(lead)
    send_due("peer", timezone.now())
    bad = Dispatch.objects.get(address="unreadable")
    assert (bad.state, bad.attempts) == (State.WAITING, 1)
    assert "no such template" in bad.last_error
    assert there.got == ["Thank you"]


def test_what_is_taken_back_does_not_leave(lead, peer):
    there = peer()
    one = to_prospect(lead)
    assert withdraw(Dispatch.objects.filter(pk=one.pk), "The lead was merged.") == 1
    assert send_due("peer", timezone.now()) == 0
    one.refresh_from_db()
    assert (one.state, one.last_error, there.got) == (State.SKIPPED, "The lead was merged.", [])


def test_two_workers_send_it_once(lead):
    now = timezone.now()

    def work(_: int) -> int:
        try:
            spread_due(now)
            return send_due("email", now)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))
    work(0)
    assert len(mail.outbox) == 1


def test_what_a_dead_worker_took_is_sent_by_the_next(due):
    now = timezone.now()
    Dispatch.objects.update(send_at=now + LEASE)  # taken, and then the worker died
    assert send_due("email", now) == 0
    assert send_due("email", now + LEASE) == 1


def test_who_has_no_address_reads_it_in_the_app(lead):
    lead.refresh_from_db()
    lead.owner.user.email = ""
    lead.owner.user.save()
    spread_due(timezone.now())
    assert not Dispatch.objects.exists()
    assert Message.objects.get().spread_at is not None


def test_what_is_sent_is_told_in_the_transaction_that_says_so(due):
    told = []

    def hear(dispatch, now, **signal):
        told.append((dispatch.pk, dispatch.external_id))
        raise RuntimeError("whoever listens has failed")

    sent.connect(hear)
    try:
        with pytest.raises(RuntimeError):
            send_due("email", timezone.now())
    finally:
        sent.disconnect(hear)
    assert told == [(due.pk, f"<leadrouting-{due.pk}@localhost>")]
    assert Dispatch.objects.get().state == State.WAITING


class TestEvents:
    def test_what_happens_is_written_down_in_order(self, lead):
        lead.refresh_from_db()
        by, now = lead.owner.user, timezone.now()
        ownership.accept(lead_id=lead.pk, by=by, now=now)
        ownership.respond(lead_id=lead.pk, by=by, now=now, text="Hello")
        ownership.close(lead_id=lead.pk, by=by, now=now, outcome="won", revenue=10)
        kinds = [one.kind for one in Event.objects.order_by("id")]
        assert kinds == ["lead.received", "lead.assigned", "lead.accepted", "lead.responded", "lead.closed"]
        assert Event.objects.latest("id").data["revenue"] == "10"

    def test_a_missed_deadline_is_an_event(self, lead):
        from leadrouting.sla.services import act

        clock = lead.clocks.get()
        act(clock.pk, lead.pk, clock.due_at)
        (event,) = Event.objects.filter(kind="sla.breached")
        assert event.data["clock"] == clock.pk

    def test_they_are_handed_on_once_and_in_order(self, lead):
        heard = []

        def hear(events, now, **signal):
            heard.extend(one.kind for one in events)

        spread.connect(hear)
        try:
            spread_due(timezone.now())
            spread_due(timezone.now())
        finally:
            spread.disconnect(hear)
        assert heard == ["lead.received", "lead.assigned"]

    def test_a_bad_one_holds_nobody_up_and_what_it_did_is_undone(self, lead):
        def hear(events, now, **signal):
            for one in events:
                Message.objects.create(
                    kind="news", lead=lead, subject=one.kind, body="", dedupe_key=one.kind, created_at=now
                )
                if one.kind == "lead.received":
                    raise RuntimeError("nobody knows what to do with it")

        spread.connect(hear)
        try:
            spread_due(timezone.now())
        finally:
            spread.disconnect(hear)
        bad, good = Event.objects.order_by("id")
        assert "nobody knows" in bad.error
        assert (good.error, good.spread_at is not None) == ("", True)
        assert Message.objects.filter(kind="news").values_list("subject", flat=True).get() == "lead.assigned"

    def test_one_worker_at_a_time(self, lead):

        def work(_: int) -> None:
            try:
                spread_due(timezone.now(), limit=1)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(work, range(8)))
        sending.until_none(lambda: spread_due(timezone.now()))
        assert not Event.objects.filter(spread_at=None).exists()


class TestLanes:
    def test_one_worker_sends_by_a_channel_and_the_next_goes_on_when_it_died(self, due):
        now = timezone.now()
        first = lanes.take("email", now)
        assert first is not None and lanes.take("email", now) is None
        assert send_due("email", now) == 0
        assert send_due("email", now + lanes.LEASE) == 1, "as if the first had died"
        assert not first.keep(now + lanes.LEASE), "it notices, should it live"

    def test_it_is_kept_as_long_as_there_is_work(self):
        now = timezone.now()
        held = lanes.take("email", now)
        for seconds in range(0, 40, 5):
            assert held.keep(now + timedelta(seconds=seconds))
            assert lanes.take("email", now + timedelta(seconds=seconds)) is None
        held.let_go()
        assert lanes.take("email", now)

    def test_the_bell_rings_when_something_waits_and_the_lane_is_free(self, due):
        now = timezone.now()
        assert pulse.nearest("outbox")["outbox email"] == due.send_at
        held = lanes.take("email", now)
        assert pulse.nearest("outbox")["outbox email"] == now + lanes.LEASE
        held.let_go()
        send_due("email", now)
        assert "outbox email" not in pulse.nearest("outbox")

    def test_what_comes_while_some_are_on_their_way_is_taken_along(self, lead, peer):
        """One that is slow holds up neither those behind it nor a second worker."""
        slow, quick = to_prospect(lead, "slow@example.com"), []
        now, gone = timezone.now(), threading.Event()

        class Slow(Peer):
            def send(self, dispatch, parcel, begin):
                begin()
                if dispatch.pk == slow.pk:
                    quick.append(to_prospect(lead, "quick@example.com"))
                    assert gone.wait(20)
                else:
                    gone.set()
                return "abc"

        channels()["peer"] = Slow()  # type: ignore[index]
        try:
            assert send_due("peer", now + timedelta(minutes=1)) == 2
        finally:
            del channels()["peer"]  # type: ignore[attr-defined]
        assert {one.state for one in Dispatch.objects.filter(channel="peer")} == {State.SENT}

    def test_a_mail_server_that_is_silent_delays_nothing_else(self, lead, peer, settings):
        """It takes the call and never says a word: one worker waits for it, and all others go on."""
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_TIMEOUT = 20
        with socket.create_server(("127.0.0.1", 0)) as hole:
            settings.EMAIL_HOST, settings.EMAIL_PORT = hole.getsockname()
            spread_due(timezone.now())

            def mail_it() -> int:
                try:
                    return send_due("email", timezone.now(), timezone.now)
                finally:
                    connections.close_all()

            with ThreadPoolExecutor(1) as worker:
                waits = worker.submit(mail_it)
                caught, _ = hole.accept()
                there = peer()
                to_prospect(lead)
                assert send_due("peer", timezone.now()) == 1 and there.got == ["Thank you"]
                another = world.lead(name="Another")
                spread_due(timezone.now())
                assert mail_it() == 0, "a second worker does not wait there, too"
                assert another.messages.exists() and not waits.done()
                caught.close()
                assert waits.result() >= 1
        assert set(Dispatch.objects.filter(channel="email").values_list("state", flat=True)) == {
            State.WAITING
        }
        assert "outbox email" in pulse.nearest("outbox")
