"""What will be missed within the hour, and who could take it."""

from datetime import timedelta

from leadrouting.sla.models import Clock
from leadrouting.teams.models import Rep
from tests import world


def test_it_names_what_runs_out_why_and_who_could_take_it(scene, as_):
    world.due(Clock.objects.get(lead=scene.lead), scene.now + timedelta(minutes=20))
    Rep.objects.filter(pk=scene.priya.pk).update(presence="away")
    client = as_(scene.mira)
    shown = client.get("/team/")
    page = shown.content.decode()
    assert "First response by Priya Raghunathan, who is away" in page
    assert "Give to Tom Dvorak" in page
    (risk,) = shown.context["risks"]
    to = risk.takers[0].rep
    said = {"to": to, "reason": "Before its deadline is missed", "back": "team"}
    live = {"hx-request": "true", "hx-current-url": "http://testserver/team/"}
    answer = client.post(f"/leads/{scene.lead.pk}/reassign/", said, follow=True, headers=live)
    assert "Reassigned. Tom Dvorak has it now." in answer.content.decode()
    scene.lead.refresh_from_db()
    assert scene.lead.owner_id == to


def test_nothing_runs_out(scene, as_):
    Clock.objects.all().update(due_at=scene.now + timedelta(hours=9), wake_at=scene.now + timedelta(hours=9))
    page = as_(scene.mira).get("/team/").content.decode()
    assert "Nothing runs out within the hour" in page


def test_nobody_could_take_it(scene, as_):
    world.due(Clock.objects.get(lead=scene.lead), scene.now + timedelta(minutes=20))
    Rep.objects.exclude(pk=scene.priya.pk).update(presence="away")
    page = as_(scene.mira).get("/team/").content.decode()
    assert "Nobody else of the pool is there and has room" in page
