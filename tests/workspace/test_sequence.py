"""What follows by itself, on the lead's page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leadrouting.notifications.models import Enrolment, Sequence, Step


@pytest.fixture
def enrolled(scene):
    made = Sequence.objects.create(name="First touch")
    Step.objects.create(sequence=made, does="reminder", title="Call them", after=timedelta(hours=1))
    at = scene.now + timedelta(hours=1)
    return Enrolment.objects.create(
        lead=scene.lead, sequence=made, begun_at=scene.now, since=scene.now, next_at=at
    )


def page(client, scene):
    return client.get(f"/leads/{scene.lead.pk}/").content.decode()


def test_the_next_step_is_shown_stopped_and_goes_on(scene, as_, enrolled):
    client = as_(scene.priya)
    assert "reminder to the owner “Call them”" in page(client, scene)
    client.post(f"/leads/{scene.lead.pk}/stop_sequence/")
    html = page(client, scene)
    assert "Priya Raghunathan stopped it." in html and "Let it go on" in html
    client.post(f"/leads/{scene.lead.pk}/go_on_sequence/")
    assert "Next:" in page(client, scene)


def test_a_colleague_cannot(scene, as_, enrolled):
    as_(scene.tom).post(f"/leads/{scene.lead.pk}/stop_sequence/")
    enrolled.refresh_from_db()
    assert enrolled.state == "running"


def test_nothing_is_shown_where_nothing_follows(scene, as_):
    assert as_(scene.priya).post(f"/leads/{scene.lead.pk}/stop_sequence/").status_code == 409
    assert "by itself" not in page(as_(scene.priya), scene)
