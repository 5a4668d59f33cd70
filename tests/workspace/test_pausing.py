"""Pausing on the lead's page and by API."""

from leadrouting.sla.models import Clock, Pause


def test_a_lead_is_paused_and_goes_on(scene, as_):
    client, address = as_(scene.priya), f"/leads/{scene.lead.pk}/"
    assert "Pause the clock" in client.get(address).content.decode()
    assert "Say what you wait for" in client.post(f"{address}pause/").content.decode()
    client.post(f"{address}pause/", {"reason": "Waits for documents"})
    page = client.get(address).content.decode()
    assert "Paused since" in page and "Waits for documents" in page and "Resume" in page
    assert "Paused" in client.get("/leads/").content.decode()
    assert client.post(f"{address}pause/", {"reason": "Again"}).status_code == 409
    client.post(f"{address}resume/")
    page = client.get(address).content.decode()
    assert "It was paused for" in page and "First response in" in page


def test_by_api(scene, as_):
    client, address = as_(scene.priya), f"/api/v1/leads/{scene.lead.pk}/"
    assert client.post(f"{address}pause/", {}, content_type="application/json").status_code == 400
    said = {"reason": "Waits for documents"}
    assert client.post(f"{address}pause/", said, content_type="application/json").status_code == 200
    assert Clock.objects.get().wake_at is None
    assert client.post(f"{address}resume/", {}, content_type="application/json").status_code == 200
    assert Pause.objects.get().ends_at is not None
    assert client.post(f"{address}resume/", {}, content_type="application/json").status_code == 409


def test_a_call_that_nobody_answered_stops_no_clock(scene, as_):
    client, address = as_(scene.priya), f"/leads/{scene.lead.pk}/"
    page = client.post(f"{address}log/", {"kind": "attempt", "text": ""}, follow=True).content.decode()
    assert "The clock runs on until you reach somebody" in page
    assert Clock.objects.get().ended_at is None
