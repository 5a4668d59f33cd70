"""Steps that are due, each once: the key of what a step writes is that of its enrolment and of the step."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from leadrouting.leads.enums import EmailKind
from leadrouting.leads.models import Activity, Lead
from leadrouting.notifications.compose import message as to_person
from leadrouting.notifications.models import Dispatch, Enrolment, Event, Message, Step, Task, Workflow
from leadrouting.notifications.prospects.acknowledging import unwilling, workflows_of
from leadrouting.notifications.prospects.surroundings import pages_of
from leadrouting.notifications.prospects.ways import OPTED_OUT
from leadrouting.notifications.sequences.stopping import BECAUSE, reason, stop
from leadrouting.notifications.sequences.timing import due
from leadrouting.notifications.sequences.wording import Said, speaks_of_page, worded
from leadrouting.notifications.unwanted import opted_out
from leadrouting.teams.snapshot import People, people_now

logger = logging.getLogger(__name__)

DUE = "SELECT min(next_at) FROM notifications_enrolment WHERE state = 'running'"
LIMIT = 50
LATER = timedelta(minutes=5)
"""When a step that failed is tried again."""
GRACE = timedelta(hours=1)
"""What comes later than this (nothing ran) moves what follows: nobody gets everything at once."""
State = Enrolment.State


@transaction.atomic
def step_due(now: datetime, limit: int = LIMIT) -> int:
    """Returns how many were due. One that fails is tried later and holds up no other."""
    found = list(
        Enrolment.objects.filter(state=State.RUNNING, next_at__lte=now)
        .select_for_update(skip_locked=True, no_key=True, of=("self",))
        .select_related("sequence", "lead__campaign")
        .prefetch_related("sequence__steps")
        .order_by("next_at", "id")[:limit]
    )
    if not found:
        return 0
    round_ = Round(found, now)
    for one in found:
        try:
            with transaction.atomic():
                round_.take(one)
        except Exception:
            logger.exception("A step could not be taken", extra={"enrolment_id": one.pk})
            Enrolment.objects.filter(pk=one.pk).update(next_at=now + LATER)
    return len(found)


class Round:
    """What is asked once for all that are due."""

    def __init__(self, due_ones: Sequence[Enrolment], now: datetime) -> None:
        self.now = now
        self.people: People = people_now()
        leads = [one.lead for one in due_ones]
        self.out = opted_out(lead.email for lead in leads)
        self.flows: Mapping[int, Workflow] = workflows_of(
            {lead.campaign_id for lead in leads if lead.campaign_id}
        )
        self.ends = list(
            Event.objects.filter(lead__in=leads, kind__in=BECAUSE, at__gte=min(one.since for one in due_ones))
        )
        self.pages = pages_of(
            [one.lead for one in due_ones if (step := one.next_step) and speaks_of_page(step)]
        )

    def take(self, one: Enrolment) -> None:
        """The next step, unless something has ended it that nobody has handed on yet."""
        if why := reason(one, self.ends) or ("" if one.lead.is_open else BECAUSE[Event.Kind.CLOSED]):
            stop(Enrolment.objects.filter(pk=one.pk), why, self.now)
            return
        if (step := one.next_step) and (why := self.do(one, step)):
            stop(Enrolment.objects.filter(pk=one.pk), why, self.now)
            return
        one.done += 1
        if one.next_at is not None and self.now - one.next_at > GRACE:
            one.begun_at += self.now - one.next_at
        if coming := one.next_step:
            owner = self.people.reps.get(one.lead.owner_id or 0)
            one.next_at = max(due(coming, one.begun_at, owner), self.now)
        else:
            one.state, one.next_at, one.ended_at = State.DONE, None, self.now
        one.save(update_fields=["done", "begun_at", "next_at", "state", "ended_at"])

    def do(self, one: Enrolment, step: Step) -> str:
        """Why the sequence ends here; empty when it goes on. What cannot be done is passed over."""
        key = f"seq:{one.pk}:{step.pk}"
        flow = self.flows.get(one.lead.campaign_id or 0) or Workflow()
        said = worded(
            step, one.lead, flow, one.sequence.language, self.people, self.now, one.lead_id in self.pages
        )
        if step.does == Step.Does.EMAIL:
            return self.write(one.lead, said, one.sequence.language, key, flow)
        if one.lead.owner_id is None:
            return ""
        if step.does == Step.Does.TASK:
            Task.objects.get_or_create(
                key=key,
                defaults={
                    "lead": one.lead,
                    "title": said.title[:150],
                    "note": said.body,
                    "due_at": self.now,
                    "remind_at": self.now,
                    "made_by": Task.MadeBy.SEQUENCE,
                    "created_at": self.now,
                },
            )
            return ""
        told = to_person(
            Message.Kind.TASK,
            one.lead.owner_id,
            key,
            self.now,
            said.title,
            said.body or f"For {one.lead}.",
            one.lead_id,
        )
        Message.objects.bulk_create([told], ignore_conflicts=True)
        return ""

    def write(self, lead: Lead, said: Said, language: str, key: str, flow: Workflow) -> str:
        if not lead.email or lead.email_kind == EmailKind.DISPOSABLE:
            return ""
        if why := unwilling(lead, flow) or (OPTED_OUT if lead.email in self.out else ""):
            note = f"A follow-up e-mail was not sent: {why}"
            Activity.objects.create(lead=lead, kind=Activity.Kind.NOTE, at=self.now, text=note)
            return f"Nothing may be sent: {why}"
        made, is_new = Message.objects.get_or_create(
            dedupe_key=key,
            defaults={
                "kind": Message.Kind.FOLLOW_UP,
                "lead": lead,
                "subject": said.title,
                "body": said.body,
                "language": language,
                "created_at": self.now,
                "spread_at": self.now,
            },
        )
        if is_new:
            Dispatch.objects.create(
                message=made, channel="email", address=lead.email, created_at=self.now, send_at=self.now
            )
        return ""
