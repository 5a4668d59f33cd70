"""Saying that one is there: written down; and one click back for who was set away."""

from django.utils import timezone

from leadrouting.teams.availability import set_presence
from leadrouting.teams.models import PresenceChange, Rep

Cause = PresenceChange.Cause


def test_presence_is_written_down_once(scene, as_):
    client = as_(scene.priya)
    client.post("/presence/", {"presence": "away"})
    client.post("/presence/", {"presence": "away"})
    change = PresenceChange.objects.get()
    assert (change.rep, change.presence, change.cause, change.by) == (
        scene.priya,
        "away",
        Cause.SELF,
        scene.priya.user,
    )
    assert "You were set away" not in client.get("/leads/").content.decode()


def test_who_was_set_away_reads_why_and_is_back_with_a_click(scene, as_):
    now = timezone.now()
    why = "Three deadlines missed in a row"
    set_presence(rep_id=scene.priya.pk, presence="away", cause=Cause.SYSTEM, now=now, reason=why)
    client = as_(scene.priya)
    page = client.get("/leads/").content.decode()
    assert why in page and "I am available" in page
    client.post("/presence/", {"presence": "available"})
    assert Rep.objects.get(pk=scene.priya.pk).presence == "available"
    assert "You were set away" not in client.get("/leads/").content.decode()
