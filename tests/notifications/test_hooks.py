"""Other systems hear of what happens: signed, in order, again and again, and only outside."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.contrib.admin import site
from django.contrib.messages import get_messages
from django.db import connections, transaction
from django.urls import reverse
from django.utils import timezone
from rest_framework.authtoken.models import Token
from standardwebhooks import Webhook, WebhookVerificationError

from leadrouting.assignments import ownership
from leadrouting.common.outside import Guard
from leadrouting.leads.models import Campaign
from leadrouting.leads.services import receive_lead
from leadrouting.notifications.admin.subscriptions import SubscriptionAdmin
from leadrouting.notifications.hooks import again
from leadrouting.notifications.hooks.purging import purge
from leadrouting.notifications.hooks.sending import EACH, LEASE, send_due
from leadrouting.notifications.hooks.signing import new_secret
from leadrouting.notifications.models import Event, Hook, Message, Subscription
from leadrouting.notifications.spreading import spread_due
from tests import world
from tests.peers import HttpPeer

pytestmark = pytest.mark.django_db(transaction=True)
ALL = [kind.value for kind in Event.Kind]


@pytest.fixture
def peer(settings) -> Iterator[HttpPeer]:
    made = HttpPeer()
    settings.OUTSIDE_HOSTS = [f"127.0.0.1:{made.server.server_port}"]
    yield made
    made.close()


@pytest.fixture
def ann():
    rep = world.rep("Ann")
    world.live(world.pool(rep), name="Everything")
    return rep


@pytest.fixture
def hears(peer, ann) -> Subscription:
    return subscribed(peer.address)


def subscribed(address: str, **values) -> Subscription:
    return Subscription.objects.create(
        **{
            "name": address[:80],
            "address": address,
            "events": ALL,
            "secret": new_secret(),
            "created_at": timezone.now(),
            **values,
        }
    )


def ask(**values):
    lead = receive_lead(
        now=timezone.now(), **{"name": "Jane Doe", "email": "jane@acme.example", **values}
    ).lead
    lead.refresh_from_db()
    return lead


def go(now: datetime | None = None) -> int:
    now = now or timezone.now()
    spread_due(now)
    return send_due(now)


def test_an_assignment_is_told_signed_and_says_what_the_api_says(hears, peer, ann):
    lead = ask()
    go()
    assert peer.kinds() == ["lead.received", "lead.assigned"]
    headers, body = peer.calls[1]
    Webhook(hears.secret).verify(body, headers)
    told = json.loads(body)
    assert told["id"] == headers["webhook-id"] == f"evt_{Event.objects.get(kind='lead.assigned').pk}"
    assert told["data"]["lead"]["id"] == lead.pk and told["data"]["lead"]["owner"] == {
        "id": ann.pk,
        "name": "Ann",
    }
    assert "Everything" in told["data"]["lead"]["reason"]
    with pytest.raises(WebhookVerificationError):
        Webhook(hears.secret).verify(body.replace(b"Jane", b"Eve!"), headers)
    kept = Hook.objects.get(kind="lead.assigned")
    assert (kept.state, kept.status, kept.answer, kept.body) == ("delivered", 200, "thanks", body.decode())
    assert go() == 0 and len(peer.calls) == 2


def test_it_hears_only_of_what_it_asked_for(peer, ann):
    spring = Campaign.objects.create(key="spring", name="Spring")
    subscribed(peer.address, events=["lead.closed"], campaign=spring)
    subscribed(peer.address + "/off", is_active=False)
    for values in ({"campaign": "spring"}, {"email": "other@acme.example", "name": "Other"}):
        lead = ask(**values)
        ownership.close(lead_id=lead.pk, by=ann.user, outcome="won", revenue=5, now=timezone.now())
    go()
    (call,) = peer.calls
    assert (
        json.loads(call[1])["data"]["event"] | {"activity": 0}
        == {
            "activity": 0,
            "actor": ann.pk,
            "text": "Won: 5.00",
            "outcome": "won",
            "revenue": "5",
        }
        or json.loads(call[1])["data"]["event"]["outcome"] == "won"
    )


def test_each_leads_events_come_in_order_also_when_some_fail(hears, peer):
    leads = [ask(name=f"L{n}", email=f"l{n}@x{n}.example") for n in range(4)]
    for lead in leads:
        ownership.accept(lead_id=lead.pk, by=lead.owner.user, now=timezone.now())
    failed: set[str] = set()

    def once_each(headers, body):
        key = headers["webhook-id"]
        if key in failed:
            return 200, {}
        failed.add(key)
        return 500, {}

    peer.answer = once_each
    now = timezone.now()
    for round_ in range(40):
        go(now + timedelta(minutes=round_ * 20))
    told = [json.loads(body) for _, body in peer.calls]
    for lead in leads:
        kinds = [one["type"] for one in told if one["data"]["lead"]["id"] == lead.pk]
        assert kinds == [k for k in ("lead.received", "lead.assigned", "lead.accepted") for _ in range(2)]
    assert set(Hook.objects.values_list("state", "attempts")) == {("delivered", 2)}


def test_a_lead_that_is_stuck_holds_up_no_other(hears, peer):
    bad, good = ask(), ask(name="Other", email="other@x.example")
    peer.answer = lambda headers, body: (400 if json.loads(body)["data"]["lead"]["id"] == bad.pk else 200, {})
    now = timezone.now()
    for minutes in (0, 1, 2):
        go(now + timedelta(minutes=minutes))
    assert Hook.objects.filter(lead=good, state="delivered").count() == 2
    assert set(Hook.objects.filter(lead=bad).values_list("state", flat=True)) == {"waiting"}


def test_after_a_day_it_is_given_up_and_sales_ops_hear_of_it_once_and_send_it_again(hears, peer):
    ops = world.user(role="ops")
    ask()
    peer.answer = lambda headers, body: (500, {})
    now = timezone.now()
    for hours in range(28):
        go(now + timedelta(hours=hours))
    assert set(Hook.objects.values_list("state", flat=True)) == {"failed"}
    told = Message.objects.filter(recipient=ops, kind="news")
    assert told.count() in (1, 2) and "does not get through" in told.first().subject
    peer.answer = lambda headers, body: (200, {})
    peer.calls.clear()
    later = now + timedelta(days=2)
    assert again.send_again(Hook.objects.all(), later) == 2
    go(later)
    assert peer.kinds() == ["lead.received", "lead.assigned"]


def test_who_says_gone_is_left_alone_and_sales_ops_hear_of_it(hears, peer):
    ops = world.user(role="ops")
    ask()
    peer.answer = lambda headers, body: (410, {})
    go()
    hears.refresh_from_db()
    assert not hears.is_active and "410" in hears.stopped
    assert set(Hook.objects.values_list("state", flat=True)) == {"skipped"}
    assert Message.objects.filter(recipient=ops, subject__contains="switched off").count() == 1
    ask(name="Other", email="other@x.example")
    assert go() == 0


def test_retry_after_is_kept(hears, peer):
    ask()
    peer.answer = lambda headers, body: (429, {"Retry-After": "600"})
    now = timezone.now()
    go(now)
    assert len(peer.calls) == 1
    assert go(now + timedelta(seconds=590)) == 0
    peer.answer = lambda headers, body: (200, {})
    assert go(now + timedelta(seconds=605)) == 2


def test_two_secrets_while_they_are_changed(hears, peer):
    old = hears.secret
    new = again.rotate(hears, timezone.now())
    ask()
    go()
    headers, body = peer.calls[0]
    for secret in (old, new):
        Webhook(secret).verify(body, headers)
    again.end_old(hears)
    ask(name="Other", email="other@x.example")
    go()
    headers, body = peer.calls[-1]
    Webhook(new).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(body, headers)


def test_killed_after_sending_it_comes_again_under_the_same_id(hears, peer):
    ask()
    now = timezone.now()
    spread_due(now)
    peer.answer = lambda headers, body: (
        (os.kill(child_of[0], 9) or (200, {})) if child_of and not killed.set() else (200, {})
    )
    killed = threading.Event()
    child_of: list[int] = []
    connections.close_all()
    ready, go_on = os.pipe()
    if (child := os.fork()) == 0:
        os.read(ready, 1)
        send_due(now)
        os._exit(0)
    child_of.append(child)
    os.write(go_on, b"x")
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -9
    child_of.clear()
    first = peer.calls[0][0]["webhook-id"]
    assert send_due(now) == 0, "the subscription is taken still"
    send_due(now + 2 * LEASE)
    assert [call[0]["webhook-id"] for call in peer.calls][:2] == [first, first]
    assert set(Hook.objects.values_list("state", flat=True)) == {"delivered"}


def test_a_dead_receiver_delays_no_other(hears, peer, settings):
    dead = subscribed("http://127.0.0.1:9/hook", name="dead")
    settings.OUTSIDE_HOSTS = [*settings.OUTSIDE_HOSTS, "127.0.0.1:9"]
    for number in range(12):
        ask(name=f"L{number}", email=f"l{number}@x{number}.example")
    go()
    assert Hook.objects.filter(subscription=hears, state="delivered").count() == 24
    dead.refresh_from_db()
    assert dead.failing_since is not None
    assert Hook.objects.filter(subscription=dead, attempts__gt=0).count() <= EACH, "the rest need not try"
    assert "refused" in Hook.objects.filter(subscription=dead, attempts=1).first().error


INSIDE = """
    https://127.0.0.1/x https://127.1/x https://0x7f000001/x https://0x7f.1/x https://2130706433/x https://0177.0.0.1/x
    https://localhost/x https://localhost./x https://db.localhost/x https://intranet/x https://metadata.google.internal/x
    https://[::1]/x https://[::]/x https://[::ffff:127.0.0.1]/x https://[::ffff:10.0.0.1]/x https://[::127.0.0.1]/x
    https://10.1.2.3/x https://172.16.0.1/x https://172.31.255.255/x https://192.168.0.1/x https://100.64.0.1/x
    https://0.0.0.0/x https://255.255.255.255/x https://224.0.0.1/x https://169.254.169.254/latest/meta-data
    https://[fe80::1]/x https://[fe80::1%25eth0]/x https://[fd00::1]/x https://[64:ff9b::7f00:1]/x
    https://[64:ff9b::a9fe:a9fe]/x https://[2002:7f00:1::]/x https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/x
    https://127。0。0。1/x https://①②⑦.0.0.1/x https://127.0.0.1./x
    http://example.com/x ftp://example.com/x file:///etc/passwd gopher://example.com/x //example.com/x nonsense
    https://user:secret@example.com/x https://example.com@127.0.0.1/x https://example.com\\@127.0.0.1/x
    https://example.com:22/x https://example.com:5432/x https://example.com:0/x https://example.com:99999/x
""".split()


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_inside_are_refused_when_they_are_saved_and_when_they_are_called(ann, client, address):
    client.force_login(world.user(role="ops"))
    form = {"name": "X", "address": address, "events": ["lead.assigned"], "is_active": "on"}
    assert client.post(reverse("admin:notifications_subscription_add"), form).status_code == 200
    said = {"name": "X", "address": address, "events": ["lead.assigned"]}
    answer = client.post("/api/v1/webhooks/", said, content_type="application/json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["address"])
    assert not Subscription.objects.exists()

    one = subscribed(address, name="Y")  # as if it had been good when it was saved
    outcome = again.send_test(one, timezone.now(), Guard(resolve=nobody_is_asked))
    assert not outcome.is_delivered and outcome.status is None and outcome.said


def nobody_is_asked(host, port):
    raise AssertionError(f"{host} should not even have been looked up")


@pytest.mark.parametrize("inside", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "64:ff9b::7f00:1"])
def test_a_name_that_leads_inside_by_the_time_it_is_called_is_refused(ann, inside):
    """Its address is asked for once each time, and the connection goes to just that one."""
    one = subscribed("https://hooks.example.com/x")
    asked = []

    def resolve(host, port):
        asked.append(host)
        return ["93.184.216.34", inside]

    outcome = again.send_test(one, timezone.now(), Guard(resolve=resolve))
    assert "not on the open internet" in outcome.said and outcome.status is None
    assert asked == ["hooks.example.com"]


def test_a_redirect_is_not_followed(hears, peer):
    peer.answer = lambda headers, body: (302, {"Location": "http://169.254.169.254/"})
    outcome = again.send_test(hears, timezone.now())
    assert not outcome.is_delivered and "points to “http://169.254.169.254/”" in outcome.said
    assert len(peer.calls) == 1


class TestAdmin:
    @pytest.fixture
    def as_ops(self, client):
        client.force_login(world.user(role="ops"))
        return client

    def told(self, answer) -> str:
        return " ".join(str(one) for one in get_messages(answer.wsgi_request))

    def test_from_making_it_to_a_test_and_another_secret(self, as_ops, peer, ann):
        form = {"name": "Warehouse", "address": peer.address, "events": ["lead.assigned"], "is_active": "on"}
        answer = as_ops.post(reverse("admin:notifications_subscription_add"), form)
        one = Subscription.objects.get()
        assert one.secret in self.told(answer) and one.created_by is not None
        page = reverse("admin:notifications_subscription_change", args=[one.pk])
        shown = [one.secret in as_ops.get(page).content.decode() for _ in range(2)]
        assert shown == [True, False], "once"
        button = "notifications_subscription_save_and_"
        answer = as_ops.post(page, form | {f"{button}test": "1"})
        assert "The test was delivered: it answered 200" in self.told(answer)
        Webhook(one.secret).verify(peer.calls[0][1], peer.calls[0][0])
        as_ops.post(page, form | {f"{button}rotate": "1"})
        one.refresh_from_db()
        assert one.old_secret
        as_ops.post(page, form | {f"{button}end_old": "1"})
        one.refresh_from_db()
        assert not one.old_secret

    def test_who_saves_the_form_does_not_undo_what_a_worker_wrote_meanwhile(self, hears, rf):
        busy = timezone.now() + LEASE
        admin_form = SubscriptionAdmin(Subscription, site)
        opened = Subscription.objects.get(pk=hears.pk)
        Subscription.objects.filter(pk=hears.pk).update(free_at=busy, failures=3)
        opened.name = "Other name"
        request = rf.post("/")
        request.user = world.user(role="ops")
        with transaction.atomic():
            admin_form.save_model(request, opened, None, change=True)
        hears.refresh_from_db()
        assert (hears.name, hears.free_at, hears.failures) == ("Other name", busy, 3)

    def test_what_was_sent_is_sent_again(self, as_ops, hears, peer):
        ask()
        go()
        hook = Hook.objects.latest("id")
        assert as_ops.get(reverse("admin:notifications_hook_change", args=[hook.pk])).status_code == 200
        again_ = {"action": "resend", "_selected_action": [hook.pk]}
        as_ops.post(reverse("admin:notifications_hook_changelist"), again_)
        go()
        assert [call[0]["webhook-id"] for call in peer.calls].count(hook.key) == 2

    def test_what_was_missed_is_counted_and_then_sent(self, as_ops, hears, peer):
        page = reverse("admin:notifications_subscription_change", args=[hears.pk])
        form = {"name": hears.name, "address": hears.address, "events": hears.events}
        as_ops.post(page, form)
        ask()
        assert go() == 0
        since = reverse("admin:notifications_subscription_since", args=[hears.pk])
        when = {"since": f"{timezone.now() - timedelta(hours=1):%Y-%m-%dT%H:%M}"}
        assert "switched off" in as_ops.post(since, when).content.decode()
        as_ops.post(page, form | {"is_active": "on"})
        assert "<strong>2</strong> events would be sent" in as_ops.post(since, when).content.decode()
        assert not Hook.objects.exists() and as_ops.get(since).status_code == 200
        assert "2 webhooks will be sent" in self.told(as_ops.post(since, when | {"send": "1"}))
        assert go() == 2
        assert "Nothing is left" in as_ops.post(since, when).content.decode()

    @pytest.mark.parametrize("role", ["rep", "manager"])
    def test_sales_ops_alone(self, client, hears, role):
        client.force_login(world.user(role=role))
        for name in ("subscription", "hook"):
            answer = client.get(reverse(f"admin:notifications_{name}_changelist"))
            assert answer.status_code in (302, 403)


def test_a_test_that_fails_is_no_news_for_sales_ops(hears, peer):
    world.user(role="ops")
    peer.answer = lambda headers, body: (404, {})
    assert again.send_test(hears, timezone.now()).said == "It answered 404 Not Found."
    hook = Hook.objects.get()
    assert (hook.state, hook.status, hook.send_at) == ("failed", 404, None)
    assert not Message.objects.exists()
    assert go(timezone.now() + timedelta(days=1)) == 0


def test_the_lead_is_told_as_the_api_shows_it_to_a_service(hears, ann, client):
    lead = ask(budget="12.50", tags=["a"])
    go()
    token = Token.objects.create(user=world.user(role="service"))
    shown = client.get(f"/api/v1/leads/{lead.pk}/", headers={"Authorization": f"Token {token}"}).json()
    assert json.loads(Hook.objects.get(kind="lead.assigned").body)["data"]["lead"] == shown


def test_history_and_what_is_old_are_let_go(hears, peer):
    ask()
    go()
    assert purge(timezone.now() + timedelta(days=1)) == 2


def test_a_transaction_that_fails_tells_nothing(hears, peer):
    with transaction.atomic():
        ask()
        transaction.set_rollback(True)
    assert go() == 0 and not peer.calls
