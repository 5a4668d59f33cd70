"""Chat by Apprise, to a peer that the settings allow; nothing else inside."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone

from leadrouting.common.outside import Refused
from leadrouting.notifications import reaching
from leadrouting.notifications.models import ChatAddress, Dispatch, Message
from leadrouting.notifications.sending import send_due
from leadrouting.notifications.spreading import spread_due
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)
SLACK = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"


@pytest.fixture
def room(settings):
    got, status = [], [200]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status[0])
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    settings.CHAT_SERVICES = [*settings.CHAT_SERVICES, "json"]
    settings.OUTSIDE_HOSTS = [f"127.0.0.1:{server.server_port}"]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"json://127.0.0.1:{server.server_port}/hook", got, status
    server.shutdown()
    server.server_close()
    thread.join()


def say(user):
    now = timezone.now()
    Message.objects.create(
        kind="news", recipient=user, subject="Jane Doe wrote", body="Hello", dedupe_key="n", created_at=now
    )
    spread_due(now)
    send_due("chat", now)
    return Dispatch.objects.get(channel="chat")


def test_it_arrives_with_the_way_to_the_lead(room):
    url, got, _ = room
    user = world.rep("Ann").user
    reaching.add_chat(user, url=url, now=timezone.now())
    assert say(user).state == "sent"
    assert got[0]["title"] == "Jane Doe wrote"
    assert "Hello" in got[0]["message"] and "/inbox/" in got[0]["message"]


def test_a_room_that_does_not_take_it_is_asked_again(room):
    url, _, status = room
    status[0] = 500
    user = world.rep("Ann").user
    reaching.add_chat(user, url=url, now=timezone.now())
    sent = say(user)
    assert sent.state == "waiting" and sent.attempts == 1 and url not in sent.last_error


def test_a_room_that_is_allowed_no_more_is_not_called(room, settings):
    url, got, _ = room
    user = world.rep("Ann").user
    reaching.add_chat(user, url=url, now=timezone.now())
    settings.OUTSIDE_HOSTS = []
    assert say(user).state == "failed" and got == []


def test_secrets_are_not_in_the_label():
    made = reaching.add_chat(world.rep("Ann").user, url=SLACK, now=timezone.now())
    assert str(made) == "Slack …i7FQ"


@pytest.mark.parametrize(
    "url",
    [
        *(
            "json://localhost/",
            "https://example.com/",
            "file:///etc/passwd",
            "dbus://",
            "syslog://",
            "not an address",
        ),
        *("workflows://127.0.0.1:443/a/b/", "xml://10.0.0.1/", "", "slack://", "mailto://a:b@example.com"),
        "https://evil.example/workflows/1111/triggers/manual/paths/invoke?sig=aaa",
    ],
)
def test_what_is_no_known_chat_is_refused_with_what_to_do(url):
    with pytest.raises(Refused, match=r"known here|not allowed|not where"):
        reaching.add_chat(world.rep("Ann").user, url=url, now=timezone.now())
    assert not ChatAddress.objects.exists()


def test_twice_the_same_and_too_many_are_refused():
    user = world.rep("Ann").user
    reaching.add_chat(user, url=SLACK, now=timezone.now())
    with pytest.raises(Refused, match="already"):
        reaching.add_chat(user, url=f" {SLACK} ", now=timezone.now())
    for number in range(19):
        reaching.add_chat(user, url=f"{SLACK[:-2]}{number:02}", now=timezone.now())
    with pytest.raises(Refused, match="20 chats"):
        reaching.add_chat(user, url=f"{SLACK[:-2]}zz", now=timezone.now())
