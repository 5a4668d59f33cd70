"""A lead that is to move while no rules are live stays, that is said, and it moves when rules are live again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leadrouting.assignments import ownership
from leadrouting.leads.models import Lead
from leadrouting.notifications.models import Message
from leadrouting.rules.models import Version
from leadrouting.sla.making import make
from leadrouting.sla.models import Clock, Escalation
from leadrouting.sla.services import act_on_due_clocks
from leadrouting.sla.wording import step_in_words
from leadrouting.workspace.timeline import timeline
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


@pytest.fixture(params=["next", "backup", "ends in a queue"])
def lead(request) -> Lead:
    step = "backup" if request.param == "backup" else "next"
    ladder = ["notify", step, ("raise", 5 * MINUTE)]
    moves = 0 if request.param == "ends in a queue" else 2
    make("Ten", {"respond": 10 * MINUTE}, hours="always", ladder=ladder, max_reassignments=moves)
    ben = world.rep("Ben")
    world.live(world.rep("Ann", backup=ben, team=ben.team), world.pool(ben))
    lead = world.lead()
    Version.objects.update(is_live=False)
    return Lead.objects.get(pk=lead.pk)


def steps() -> list[tuple[str, bool]]:
    return list(Escalation.objects.order_by("pk").values_list("step", "stayed"))


def told(text: str) -> int:
    return Message.objects.filter(body__contains=text).count()


def go_live() -> None:
    Version.objects.filter(pk=Version.objects.latest("pk").pk).update(is_live=True)


def test_it_stays_and_goes_on_and_moves_when_it_can(lead):
    clock = Clock.objects.get()
    act_on_due_clocks(clock.due_at)
    move = steps()[2][0]
    assert steps() == [("breach", False), ("notify 1", False), (move, True)]
    assert told("it stays with Ann until rules are live") == 3, (
        "Ann, and the manager twice: as missed, and to act"
    )
    assert told("The lead went") == told("The lead waits") == 0

    for minute in range(1, 8):
        act_on_due_clocks(clock.due_at + minute * MINUTE)
    lead.refresh_from_db()
    assert lead.owner.user.name == "Ann"
    assert [step for step, _ in steps()] == ["breach", "notify 1", move, "raise 3"], "Nothing is done twice."

    go_live()
    act_on_due_clocks(clock.due_at + 9 * MINUTE)
    lead.refresh_from_db()
    assert lead.owner is None or lead.owner.user.name == "Ben"
    assert lead.decisions.filter(cause="breach").count() == 1
    clock.refresh_from_db()
    assert clock.wake_at is None
    assert steps()[2] == (move, True), "What happened then stays as it was."


def test_the_pages_say_so(lead):
    act_on_due_clocks(Clock.objects.get().due_at)
    taken = list(Escalation.objects.select_related("clock__rep__user"))
    said = [(one.title, one.text) for one in timeline(lead, [], [], {}, taken)]
    assert (
        "Could not be moved",
        "No rules were live, so nobody else could get it: it stayed with Ann.",
    ) in said
    words = {step_in_words(one.step, one.stayed) for one in taken}
    assert words == {"Deadline missed", "Owner and manager told", "Could not be moved: no rules were live"}


def test_who_answers_meanwhile_keeps_it(lead):
    clock = Clock.objects.get()
    act_on_due_clocks(clock.due_at)
    ownership.respond(lead_id=lead.pk, by=lead.owner.user, now=clock.due_at + SECOND)
    go_live()
    act_on_due_clocks(clock.due_at + 5 * MINUTE)
    lead.refresh_from_db()
    assert lead.owner.user.name == "Ann"
