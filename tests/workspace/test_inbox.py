"""The inbox: own messages, read by opening them."""

from __future__ import annotations

from leadrouting.notifications.models import Message
from tests import world
from tests.workspace.scenes import HTMX


def message(scene, number: int = 1, **values) -> Message:
    return Message.objects.create(
        **{
            "kind": "assigned",
            "recipient": scene.priya.user,
            "lead": scene.lead,
            "subject": f"New lead {number}",
            "body": "Why it is yours",
            "dedupe_key": f"test-{number}",
            "created_at": scene.now,
            **values,
        }
    )


def test_unread_messages_are_counted_on_every_page_and_read_by_opening(scene, as_):
    Message.objects.all().delete()
    mail, client = message(scene), as_(scene.priya)
    assert 'data-subject="New lead 1"' in client.get("/leads/").content.decode()
    assert client.post(f"/inbox/{mail.pk}/").headers["Location"] == f"/leads/{scene.lead.pk}/"
    mail.refresh_from_db()
    assert mail.read_at is not None
    assert "data-subject" not in client.get("/leads/").content.decode()


def test_nobody_elses_messages_can_be_opened(scene, as_):
    mail = message(scene)
    assert as_(scene.tom).post(f"/inbox/{mail.pk}/").status_code == 404
    assert as_(scene.priya).get(f"/inbox/{mail.pk}/").status_code == 405
    mail.refresh_from_db()
    assert mail.read_at is None


def test_all_can_be_marked_as_read(scene, as_):
    for number in range(40):
        message(scene, number)
    client = as_(scene.priya)
    assert "Next" in client.get("/inbox/").content.decode()
    assert "Mark all as read" not in client.post("/inbox/read/", follow=True).content.decode()


def test_an_empty_inbox_says_what_comes_there(db, as_):
    assert "No messages" in as_(world.user()).get("/inbox/").content.decode()


def test_forty_messages_cost_what_one_does(scene, as_, django_assert_max_num_queries):
    for number in range(40):
        message(scene, number)
    client = as_(scene.priya)
    with django_assert_max_num_queries(9):  # the sighting of the minute included
        response = client.get("/inbox/")
    with django_assert_max_num_queries(3):
        assert client.get("/inbox/", {"stamp": response.context["stamp"]}, **HTMX).status_code == 204


def test_a_message_about_no_lead_leads_back_to_the_inbox(scene, as_):
    mail = message(scene, lead=None, kind="queue_alarm")
    assert as_(scene.priya).post(f"/inbox/{mail.pk}/").headers["Location"] == "/inbox/"
