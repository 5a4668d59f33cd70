"""A lead survives the death of the process that saved it, and a deadline is acted upon by the pulse alone."""

import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from leadrouting.leads.models import Lead
from leadrouting.sla.making import make
from leadrouting.sla.models import Clock, Escalation
from tests import world
from tests.sla.belfry import wait_for

pytestmark = pytest.mark.django_db(transaction=True)

SAVE_AND_DIE = """
import os, signal, django
django.setup()
from django.db import transaction
from leadrouting.leads.models import Lead

def die():
    os.kill(os.getpid(), signal.SIGKILL)

with transaction.atomic():
    transaction.on_commit(die)  # after the commit, before the routing, which is registered after it
    Lead.objects.create(name="Orphan", email="orphan@example.org")
"""


def test_the_web_process_dies_between_commit_and_routing(pulse, environment):
    ann = world.rep("Ann")
    world.live(world.pool(ann))

    died = subprocess.run(
        [sys.executable, "-c", SAVE_AND_DIE], cwd=settings.BASE_DIR, env=environment, check=False, timeout=60
    )

    assert died.returncode == -9
    orphan = Lead.objects.get(name="Orphan")
    assert orphan.owner is None, "It must die before it routes, or this test shows nothing."
    assert orphan.queue == world.intake()
    assert wait_for(lambda: Lead.objects.filter(name="Orphan", owner=ann).exists(), 20)
    assert orphan.decisions.get().cause == "sweep"
    # Within a minute is promised; the grace for the signal is five seconds.
    assert orphan.assignments.get().started_at - orphan.created_at < timedelta(minutes=1)


def test_leads_that_no_signal_saw_are_swept(pulse):
    ann = world.rep("Ann")
    world.live(world.pool(ann))
    Lead.objects.bulk_create([Lead(name=f"Bulk {n}") for n in range(50)])

    assert wait_for(lambda: Lead.objects.filter(owner=ann).count() == 50, 20)


def test_a_whatsapp_lead_is_reassigned_within_two_seconds_of_its_deadline(pulse):
    make("WhatsApp", {"respond": timedelta(seconds=3)}, when=[("channel", "is", "whatsapp")], hours="always")
    ann, ben = world.rep("Ann"), world.rep("Ben")
    world.live(world.pool(ann, ben))
    lead = world.lead(channel="whatsapp")
    due = Clock.objects.get(lead=lead).due_at

    assert wait_for(lambda: Lead.objects.filter(pk=lead.pk, owner=ben).exists(), 10)
    acted = Escalation.objects.get(clock__lead=lead, step="breach").acted_at
    assert due <= acted < due + timedelta(seconds=2)
    assert timezone.now() > due
