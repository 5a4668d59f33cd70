"""Push, to an endpoint that decrypts what it gets and checks who signed it."""

import pytest
from django.utils import timezone
from py_vapid import Vapid02

from leadrouting.common.outside import Refused
from leadrouting.notifications import reaching, vapid
from leadrouting.notifications.models import Device, Dispatch, Message, ServerKey
from leadrouting.notifications.sending import send_due
from leadrouting.notifications.spreading import spread_due
from tests import world
from tests.peers import PushPeer

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = (
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"
)


@pytest.fixture
def maker(settings):
    made = Maker()
    settings.OUTSIDE_HOSTS = [f"127.0.0.1:{made.server.server_port}"]
    yield made
    made.close()


class Maker(PushPeer):
    """Answers with `status` and `answer_headers`."""

    def __init__(self):
        super().__init__()
        self.status, self.answer_headers = 201, {}
        self.answer = lambda headers, body: (self.status, self.answer_headers)

    @property
    def got(self):
        return self.calls


@pytest.fixture
def ann(maker):
    user = world.rep("Ann").user
    reaching.add_device(user, **maker.subscription("/one"), agent=PHONE, now=timezone.now())
    return user


def say(user, kind="assigned", **values):
    now = timezone.now()
    Message.objects.create(
        **{
            "kind": kind,
            "recipient": user,
            "subject": "New lead: Jané",
            "body": "Said " * 200,
            "dedupe_key": f"{kind}:{user.pk}",
            "created_at": now,
            **values,
        }
    )
    spread_due(now)
    send_due("push", now)
    return Dispatch.objects.filter(channel="push").order_by("id")


def test_it_arrives_encrypted_signed_and_short(ann, maker, settings):
    settings.SITE_URL = "https://leads.example.com"
    lead = world.lead(name="Jane Doe")
    (sent,) = say(ann, lead=lead)
    assert sent.state == "sent"
    ((headers, body),) = maker.got
    told = maker.read(body)
    assert told["title"] == "New lead: Jané" and len(told["body"]) == 240
    assert told["url"] == f"https://leads.example.com/leads/{lead.pk}/" and told["key"] == sent.key
    assert headers["urgency"] == "high" and len(headers["topic"]) == 32
    assert Vapid02.verify(headers["authorization"])
    assert f"k={vapid.public_key()}" in headers["authorization"]
    assert b"Jan" not in body


def test_every_device_gets_it_and_a_removed_one_does_not(ann, maker):
    reaching.add_device(ann, **maker.subscription("/two"), agent="", now=timezone.now())
    assert {one.state for one in say(ann)} == {"sent"}
    assert len(maker.got) == 2
    say(ann, "news")
    maker.got.clear()
    Dispatch.objects.filter(message__kind="news").update(state="waiting", send_at=timezone.now())
    Device.objects.filter(endpoint__endswith="/one").delete()
    send_due("push", timezone.now())
    assert len(maker.got) == 1
    assert "removed" in Dispatch.objects.get(message__kind="news", state="failed").last_error


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_was_taken_back_is_forgotten(ann, maker, status):
    maker.status = status
    (sent,) = say(ann)
    assert sent.state == "failed" and not Device.objects.exists()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_maker_is_asked_again_when_it_says(ann, maker, status):
    maker.status, maker.answer_headers = status, {"Retry-After": "120"}
    (sent,) = say(ann)
    assert sent.state == "waiting" and Device.objects.exists()
    assert 100 < (sent.send_at - sent.created_at).total_seconds() < 200


def test_what_the_maker_does_not_take_is_given_up(ann, maker):
    maker.status = 413
    (sent,) = say(ann)
    assert sent.state == "failed" and "413" in sent.last_error and Device.objects.exists()


def test_whoever_logs_in_on_a_colleagues_device_does_not_read_on(ann, maker):
    message = say(ann).get().message
    maker.got.clear()
    bob = world.rep("Bob").user
    reaching.add_device(bob, **maker.subscription("/one"), agent=PHONE, now=timezone.now())
    assert Device.objects.get().user == bob
    Dispatch.objects.filter(message=message).update(state="waiting", send_at=timezone.now())
    send_due("push", timezone.now())
    assert maker.got == []


def test_the_same_key_for_all_made_once():
    assert vapid.public_key() == vapid.public_key()
    assert vapid.make().pk == vapid.make().pk == ServerKey.objects.get().pk == 1


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example.com/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://169.254.169.254/x",
        "ftp://x",
        "",
    ],
)
def test_endpoints_inside_are_refused(maker, endpoint):
    user = world.rep("Ann").user
    with pytest.raises(Refused):
        reaching.add_device(
            user, **{**maker.subscription(), "endpoint": endpoint}, agent="", now=timezone.now()
        )
    assert not Device.objects.exists()


def test_half_a_subscription_is_refused(maker):
    user = world.rep("Ann").user
    for name, value in (("p256dh", "abc"), ("auth", "###"), ("endpoint", "x" * 1001)):
        with pytest.raises(Refused, match="not complete"):
            reaching.add_device(user, **{**maker.subscription(), name: value}, agent="", now=timezone.now())


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        (PHONE, "Chrome on Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/130.0", "Firefox on Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari on iPhone",
        ),
        ("", "A browser"),
    ],
)
def test_a_device_is_called_by_what_it_is(agent, label):
    assert reaching.label(agent) == label


def test_odd_signs_around_a_key_are_not_kept(maker):
    good = maker.subscription()
    for odd in ("\x00" * 4, "!" * 88):
        told = {**good, "p256dh": f"{good['p256dh']}={odd}", "auth": f"{good['auth']}=={odd[:4]}"}
        made = reaching.add_device(world.rep().user, **told, agent="", now=timezone.now())
        assert (made.p256dh, made.auth) == (good["p256dh"], good["auth"])
