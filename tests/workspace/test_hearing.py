"""The page on which people say how they hear of things."""

from __future__ import annotations

from datetime import time

from django.utils import timezone

from leadrouting.notifications import sending
from leadrouting.notifications.models import Message, Muted, QuietHours
from leadrouting.notifications.spreading import spread_due

PAGE = "/settings/messages/"


def page(client):
    return client.get(PAGE).content.decode()


def test_everything_is_on_at_first(scene, as_):
    html = page(as_(scene.priya))
    assert 'value="assigned:email"' in html and "Quiet hours" in html
    assert html.count('name="on"') == html.split('id="tried"')[0].count("checked") - 2  # weekends, deadlines
    assert "queue_alarm:email" not in html
    assert "queue_alarm:email" in page(as_(scene.mira))


def test_saving_holds_what_was_chosen(scene, as_):
    client = as_(scene.priya)
    answer = client.post(
        f"{PAGE}save/",
        {"on": ["assigned:email", "junk", "report:email"], "is_on": "on", "begins": "19:00", "ends": "07:30"},
        follow=True,
    )
    assert "Saved." in answer.content.decode()
    muted = set(Muted.objects.filter(user=scene.priya.user).values_list("kind", "channel"))
    assert ("news", "email") in muted and ("assigned", "email") not in muted
    kept = QuietHours.objects.get(user=scene.priya.user)
    assert (kept.begins, kept.ends, kept.weekends, kept.deadlines_pass) == (
        time(19),
        time(7, 30),
        False,
        False,
    )
    assert 'value="07:30"' in page(client)
    client.post(f"{PAGE}save/", {"on": []})
    assert not QuietHours.objects.exists()


def test_what_makes_no_sense_is_told_and_nothing_is_kept(scene, as_):
    client = as_(scene.priya)
    for begins, ends, said in (
        ("19:00", "19:00", "never end"),
        ("", "08:00", "time of day"),
        ("25:00", "8", "time"),
    ):
        answer = client.post(f"{PAGE}save/", {"is_on": "on", "begins": begins, "ends": ends})
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert not QuietHours.objects.exists() and not Muted.objects.exists()


def test_a_test_says_what_became_of_it(scene, as_):
    client = as_(scene.priya)
    assert "On its way" in client.post(f"{PAGE}test/", follow=True).content.decode()
    spread_due(timezone.now())
    assert "Waiting" in page(client)
    sending.send_due("email", timezone.now())
    html = page(client)
    assert "Sent" in html and "hx-trigger" not in html.split('id="tried"')[1].split(">")[0]
    assert Message.objects.get(kind="test").read_at is not None
    assert "Sent" not in page(as_(scene.tom))


def test_reloading_after_saving_lands_on_the_page(scene, as_):
    for name in ("save", "test"):
        assert as_(scene.priya).get(f"{PAGE}{name}/").headers["Location"] == PAGE


def test_the_page_costs_few_queries(scene, as_, django_assert_max_num_queries):
    client = as_(scene.priya)
    client.get(PAGE)  # the first makes our key
    with django_assert_max_num_queries(13):
        client.get(PAGE)
