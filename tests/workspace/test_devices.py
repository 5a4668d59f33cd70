"""Devices and chats on the page, each person's own."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode

from django.test import Client
from django.utils import timezone

from leadrouting.notifications import reaching
from leadrouting.notifications.models import ChatAddress, Device

PAGE = "/settings/messages/"
SLACK = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
GOOD = {
    "endpoint": "https://updates.push.example/one",
    "p256dh": urlsafe_b64encode(b"\x04" * 65).decode(),
    "auth": urlsafe_b64encode(b"a" * 16).decode(),
}


def test_a_device_is_added_shown_and_removed(scene, as_):
    client = as_(scene.priya)
    page = client.post(f"{PAGE}devices/", GOOD, follow=True, HTTP_USER_AGENT="Firefox/1 (Windows)")
    assert "Firefox on Windows" in page.content.decode()
    device = Device.objects.get()
    assert device.user == scene.priya.user
    as_(scene.tom).post(f"{PAGE}devices/{device.pk}/remove/")
    assert Device.objects.exists()
    client.post(f"{PAGE}devices/{device.pk}/remove/")
    assert not Device.objects.exists()


def test_a_wrong_device_is_refused_in_words(scene, as_):
    page = as_(scene.priya).post(f"{PAGE}devices/", {**GOOD, "endpoint": "https://10.0.0.1/x"}, follow=True)
    assert "not on the open internet" in page.content.decode()
    assert not Device.objects.exists()


def test_a_chat_is_added_without_showing_its_secret_and_removed(scene, as_):
    client = as_(scene.priya)
    page = client.post(f"{PAGE}chats/", {"url": SLACK}, follow=True).content.decode()
    assert "Slack …i7FQ is added" in page and "TIiajkdnlazkcOXrIdevi7FQ" not in page
    assert "Slack …i7FQ" not in as_(scene.tom).get(PAGE).content.decode()
    chat = ChatAddress.objects.get()
    as_(scene.tom).post(f"{PAGE}chats/{chat.pk}/remove/")
    assert ChatAddress.objects.exists()
    client.post(f"{PAGE}chats/{chat.pk}/remove/")
    assert not ChatAddress.objects.exists()


def test_what_is_no_chat_is_refused_in_words(scene, as_):
    page = as_(scene.priya).post(f"{PAGE}chats/", {"url": "json://localhost/"}, follow=True)
    assert "not allowed here" in page.content.decode()


def test_many_devices_cost_what_one_does(scene, as_, django_assert_max_num_queries):
    for number in range(15):
        reaching.add_device(
            scene.priya.user,
            **{**GOOD, "endpoint": f"{GOOD['endpoint']}{number}"},
            agent="",
            now=timezone.now(),
        )
    client = as_(scene.priya)
    client.get(PAGE)
    with django_assert_max_num_queries(13):
        client.get(PAGE)


def test_the_manifest_and_the_worker_are_there_for_anybody(db):
    manifest = Client().get("/manifest.webmanifest")
    told = json.loads(manifest.content)
    assert manifest.headers["Content-Type"] == "application/manifest+json"
    assert told["start_url"] == "/" and {one["sizes"] for one in told["icons"]} == {"192x192", "512x512"}
    worker = Client().get("/sw.js")
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert "no-cache" in worker.headers["Cache-Control"]
    assert "notificationclick" in worker.content.decode()
