"""The people and the promises of the arena, and leads that come by another way than the web. Run as programs:

python -m tests.chaos.world people            says on one line of JSON who they are and their API tokens
python -m tests.chaos.world messages URL      the same, for leads of whom everybody is told, with the webhook's secret
python -m tests.chaos.world messages URL '{"push": {…}, "chat": "…"}'   the owners by push and chat, too
python -m tests.chaos.world feed 10 20 0.1    sends the leads 10 to 19, one each 0.1 seconds
"""

from __future__ import annotations

import json
import sys
import time
from datetime import timedelta

import django

ACCEPT, RESPOND, FOLLOW_UP = (timedelta(seconds=seconds) for seconds in (1.5, 3, 2))


def people() -> None:
    from rest_framework.authtoken.models import Token

    from leadrouting.sla.making import make
    from leadrouting.teams.models import User
    from tests import world

    reps = world.reps(12, team=world.team(away_after=0))
    world.live(world.pool(*reps))
    make(
        "Seconds",
        {"accept": ACCEPT, "respond": RESPOND, "follow_up": FOLLOW_UP},
        hours="always",
        reminders=[50],
        ladder=["notify", "next"],
        ladders={"accept": ["raise"], "follow_up": ["notify"]},
        max_reassignments=2,
    )
    users = {"service": world.user("Form", role=User.Role.SERVICE), **{str(rep.pk): rep.user for rep in reps}}
    print(json.dumps({name: Token.objects.create(user=user).key for name, user in users.items()}))  # noqa: T201


def messages(webhook: str, more: str = "{}") -> None:
    """Every lead of the campaign is told to its owner, to the prospect, and to another system. `more` says where owners
    are reached by push and by chat."""
    from django.utils import timezone
    from rest_framework.authtoken.models import Token

    from leadrouting.leads.models import Campaign
    from leadrouting.notifications.hooks.managing import subscribe
    from leadrouting.notifications.models import ChatAddress, Device, Workflow
    from leadrouting.teams.models import User
    from tests import world

    reps, now = world.reps(12), timezone.now()
    for rep in reps:
        if push := json.loads(more).get("push"):
            endpoint = f"{push['endpoint']}/{rep.pk}"
            Device.objects.create(user=rep.user, created_at=now, **{**push, "endpoint": endpoint})
        if chat := json.loads(more).get("chat"):
            ChatAddress.objects.create(user=rep.user, url=chat, label="Chat", created_at=now)
    world.live(world.pool(*reps))
    campaign = Campaign.objects.create(key="spring", name="Spring")
    Workflow.objects.create(campaign=campaign, acknowledges=True, needs_consent=False)
    ops = world.user("Olga", role=User.Role.OPS)
    values = {"name": "Warehouse", "address": webhook, "events": ["lead.received", "lead.assigned"]}
    made = subscribe(by=ops, now=now, **values)
    token = Token.objects.create(user=world.user("Form", role=User.Role.SERVICE))
    print(json.dumps({"service": token.key, "secret": made.secret}))  # noqa: T201


def feed(first: int, last: int, apart: float) -> None:
    """As a careful program does: each lead until it is known to be saved, by its own id."""
    from django.db import Error, connection
    from django.utils import timezone

    from leadrouting.leads.services import receive_lead

    for number in range(first, last):
        while True:
            try:
                receive_lead(now=timezone.now(), **values(number))
                break
            except Error:
                connection.close()
                time.sleep(0.2)
        time.sleep(apart)


def values(number: int) -> dict[str, str]:
    return {
        "name": f"Lead {number}",
        "email": f"lead{number}@example.org",
        "external_id": f"chaos-{number}",
    }


if __name__ == "__main__":
    django.setup()
    match sys.argv[1:]:
        case ["people"]:
            people()
        case ["messages", webhook, *more]:
            messages(webhook, *more)
        case ["feed", first, last, apart]:
            feed(int(first), int(last), float(apart))
