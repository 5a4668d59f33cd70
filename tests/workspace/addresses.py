"""Each address of the workspace with something behind it: a team at work, and one of all that pages are about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from leadrouting.analytics.models import RebalanceReport
from leadrouting.analytics.reports import make_report
from leadrouting.leads.models import Activity
from leadrouting.notifications.models import ChatAddress, Device, Message, Task
from leadrouting.teams.models import Absence, Pool, Rep, User
from leadrouting.workspace.urls import urlpatterns
from leadrouting.workspace.views.acts import ACTS
from tests import world
from tests.workspace.scenes import Scene, at_work

PAGES = "leads new_lead lead fairness reach reach_of tasks inbox hearing team team_board coaching calendar report".split()
"""What shows something to somebody who is logged in."""
OPEN = "login logout manifest worker quick_accept".split()
"""For whoever comes: without a log-in there is nothing of anybody's on them."""
WAYS = ["home", "open_message"]
"""They lead on to another page."""
POSTS = [str(one.name) for one in urlpatterns if one.name not in {*PAGES, *OPEN, *WAYS}]
"""What only takes a form."""


@dataclass(frozen=True)
class House:
    """`rival` is a rep and `other` a manager of another team."""

    scene: Scene
    rival: Rep
    other: User
    ops: User
    service: User
    report: RebalanceReport
    absence: Absence
    message: Message
    device: Device
    chat: ChatAddress

    def person(self, who: str) -> User:
        if who in ("priya", "tom"):
            rep: Rep = getattr(self.scene, who)
            return rep.user
        if who == "mira":
            return self.scene.mira
        found = getattr(self, who)
        return found.user if isinstance(found, Rep) else found

    def address(self, name: str) -> str:
        scene = self.scene
        given: dict[str, tuple[int, ...]] = {
            "lead": (scene.lead.pk,),
            "take": (scene.queue.pk,),
            "reach_of": (scene.priya.pk,),
            "open_message": (self.message.pk,),
            "remove_device": (self.device.pk,),
            "remove_chat": (self.chat.pk,),
            "coaching": (scene.priya.pk,),
            "presence_of": (scene.priya.pk,),
            "withdraw_absence": (self.absence.pk,),
            "report": (self.report.pk,),
            "weigh": (self.report.pk, Pool.objects.get(name="EMEA inbound").pk),
        }
        if name in ACTS:
            return reverse("lead", args=(scene.lead.pk,)) + f"{name}/"
        return reverse(name, args=given.get(name, ()))


def whole_house() -> House:
    scene = at_work()
    other = world.user("Olu Adeyemi", role=User.Role.MANAGER)
    rival = world.rep("Rita Rival", team=world.team("APAC", manager=other))
    world.pool(rival, name="APAC inbound")
    for number in range(3):
        scene.priyas(name=f"Lead {number}")
    Task.objects.create(
        lead=scene.lead, title="Send the offer", due_at=scene.now + timedelta(hours=2), created_at=scene.now
    )
    Activity.objects.create(
        lead=scene.lead, kind=Activity.Kind.NOTE, actor=scene.mira, at=scene.now, text="Big one, hurry"
    )
    user = scene.priya.user
    today = scene.now.date()
    return House(
        scene,
        rival,
        other,
        ops=world.user("Oda Ops", role=User.Role.OPS),
        service=world.user("CRM sync", role=User.Role.SERVICE),
        report=make_report(team=scene.team, week=date(2026, 1, 5), now=scene.now),
        absence=Absence.objects.create(
            rep=scene.tom, first_day=today + timedelta(days=3), last_day=today + timedelta(days=5)
        ),
        message=Message.objects.filter(recipient=user).latest("pk"),
        device=Device.objects.create(
            user=user, endpoint="https://push.example/1", label="Phone", created_at=scene.now
        ),
        chat=ChatAddress.objects.create(
            user=user, url="https://chat.example/1", label="Team chat", created_at=scene.now
        ),
    )
