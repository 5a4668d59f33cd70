"""How one hears of things, in a browser: the page, the installable app, and a push message that arrives."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from leadrouting.notifications.models import Device, Muted, QuietHours
from tests.browser.conftest import PHONE
from tests.workspace.scenes import Scene, at_work


@pytest.fixture
def scene(transactional_db: None, chromium: object) -> Scene:
    return at_work()


@pytest.mark.parametrize("size", [None, PHONE])
def test_choosing_and_keeping_quiet(scene, open_as, size):
    page = open_as(scene.priya.user, "/inbox/", **({"size": size} if size else {}))
    page.get_by_role("link", name="How you hear of things").first.click()
    page.get_by_label("News of a lead by E-mail").uncheck()
    page.get_by_label("Keep quiet").check()
    page.get_by_label("until", exact=True).fill("19:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("would never end")).to_be_visible()
    expect(page.get_by_label("News of a lead by E-mail")).not_to_be_checked()
    page.get_by_label("until", exact=True).fill("07:30")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. It holds from the next message on.")).to_be_visible()
    assert Muted.objects.get().kind == "news"
    assert QuietHours.objects.get().user == scene.priya.user
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0


def test_this_device_can_be_installed_and_shows_what_is_pushed(scene, open_as):
    page = open_as(scene.priya.user, "/settings/messages/")
    page.context.grant_permissions(["notifications"])
    page.reload()
    expect(page.get_by_role("button", name="Add this device")).to_be_visible()
    devtools = page.context.new_cdp_session(page)
    assert devtools.send("Page.getAppManifest")["errors"] == []
    page.evaluate(
        "navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready).then(() => 0)"
    )
    found = []
    devtools.on("ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(told["registrations"]))
    devtools.send("ServiceWorker.enable")
    page.wait_for_timeout(300)
    for _ in range(2):  # the same message again takes the place of the first
        devtools.send(
            "ServiceWorker.deliverPushMessage",
            {
                "origin": page.url.split("/settings")[0],
                "registrationId": found[0]["registrationId"],
                "data": json.dumps(
                    {"title": "New lead: Anna", "body": "Yours", "key": "leadrouting-1", "url": "/"}
                ),
            },
        )
    page.wait_for_function(
        "async () => (await (await navigator.serviceWorker.ready).getNotifications()).map((one) => one.title).join() === 'New lead: Anna'"
    )


def test_who_blocks_notifications_is_told(scene, open_as):
    page = open_as(scene.priya.user, "/settings/messages/")
    page.add_init_script("Object.defineProperty(Notification, 'permission', {get: () => 'denied'})")
    page.reload()
    expect(page.get_by_text("This browser blocks notifications")).to_be_visible()
    assert not Device.objects.exists()
