"""axe-core finds nothing serious or critical on any page, and no page is wider than its window, however it is looked at."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from leadrouting.assignments import judging, ownership
from leadrouting.intake.models import Form
from leadrouting.leads.models import Activity, Campaign, Lead
from leadrouting.notifications.models import Enrolment, Sequence, Step, Task
from leadrouting.notifications.prospects.leaving import Holder, sealed
from leadrouting.teams.models import Rep
from leadrouting.workspace.urls import urlpatterns
from tests.browser.looks import faults
from tests.workspace.addresses import OPEN, PAGES, POSTS, WAYS, House, whole_house

VISITORS = ["login", "quick_accept"]
NO_PAGES = {"logout", "manifest", "worker", *WAYS, *POSTS}
LEADERS = {"team", "team_board", "report", "calendar"}  # as the manager sees them; the rest as the rep
ODD = [
    "Maximilian Alexander von Hohenberg-Wittgenstein-Sayn " * 4,
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2,
    "محمد عبد الرحمن الراشد",
    "משה כהן",
    "田中さくら",
    "🦄 Zoë 👩‍🚀 O’Néill",
    "<b>bold</b> & “quoted”",
]


@pytest.fixture
def house(transactional_db: None, chromium: object) -> House:
    """With everything that a page can have on it, under odd names."""
    house = whole_house()
    scene, now = house.scene, house.scene.now
    for name in ODD:
        scene.priyas(name=name[:120], company=name[:120] + "!" * 40, message=name)
    leads = Lead.objects.filter(owner=scene.priya).order_by("pk")
    ownership.note(scene.lead, Activity.Kind.NOTE, scene.mira, now, "word" * 100)
    judging.disagree(lead_id=scene.lead.pk, by=scene.priya.user, reason="Not my market", rather="", now=now)
    Task.objects.create(lead=leads[4], title="W" * 120, due_at=now - timedelta(days=2), created_at=now)
    sequence = Sequence.objects.create(name="First touch")
    Step.objects.create(sequence=sequence, does="reminder", title="Call them", after=timedelta(hours=1))
    soon = now + timedelta(hours=1)
    Enrolment.objects.create(lead=scene.lead, sequence=sequence, begun_at=now, since=now, next_at=soon)
    Rep.objects.update(presence="away")
    assert scene.routed(name=ODD[0][:120]).queue == scene.queue
    Rep.objects.exclude(pk=scene.tom.pk).update(presence="available")
    return house


def test_every_page_is_looked_at():
    assert {*PAGES, *VISITORS, *NO_PAGES} == {one.name for one in urlpatterns}
    assert set(VISITORS) < {*OPEN}


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_the_workspace(house, open_as, name):
    person = house.scene.mira if name in LEADERS else house.scene.priya.user
    page = open_as(person, house.address(name))
    assert faults(page) == []


SPOILED = """
const spoiled = document.createElement("div");
spoiled.innerHTML = "<button></button>";
spoiled.style.width = "2000px";
document.querySelector("main, #live").append(spoiled);
"""


def test_a_page_with_a_fault_is_found_in_every_look(house, open_as):
    page = open_as(house.scene.priya.user, "/settings/messages/")
    page.evaluate(SPOILED)
    found = faults(page)
    for look in ("wide, light", "wide, dark", "phone, light", "phone, dark"):
        assert any(fault.startswith(look) and "button-name" in fault for fault in found)
        assert any(fault.startswith(look) and "wider than the window" in fault for fault in found)


def test_what_visitors_see(house, open_as):
    campaign = Campaign.objects.create(key="spring", name="Spring")
    Form.objects.create(campaign=campaign, title=ODD[0][:80])
    at = reverse("intake:form", args=(campaign.key,))
    leave = f"/u/{sealed(Holder('anna@berg.example', house.scene.lead.pk, 'en'))}/"
    for path in (reverse("login"), "/a/nonsense/", "/nowhere/", at, f"{at}thanks/", leave):
        assert faults(open_as(None, path)) == [], path


@pytest.mark.parametrize("name", sorted({*PAGES} - {"lead", "report", "coaching", "reach_of"}))
def test_pages_with_nothing_to_show(house, open_as, name):
    person = house.other if name in LEADERS else house.rival.user
    assert faults(open_as(person, house.address(name))) == []


@pytest.mark.parametrize("name", ["leads", "fairness", "team", "team_board"])
def test_pages_with_500_leads(house, open_as, name):
    for number in range(500):
        house.scene.routed(name=f"{ODD[number % len(ODD)][:100]} {number}")
    page = open_as(house.scene.mira, house.address(name))
    assert faults(page) == []
