"""What an office gathers: what came in and went out, and what sales ops did about it. One more of each."""

from __future__ import annotations

from datetime import datetime, timedelta

from leadrouting.assignments.merging import merge
from leadrouting.assignments.models import Assignment, Dispute, Feedback, Replay, Rerouted, Rerouting
from leadrouting.assignments.services import route
from leadrouting.intake.models import (
    Connection,
    Delivery,
    Form,
    ImportRow,
    ImportRun,
    ImportSource,
    Item,
    Mailbox,
)
from leadrouting.leads.models import (
    Activity,
    Campaign,
    DeclineReason,
    Lead,
    Mended,
    Mending,
    Source,
    Suspect,
)
from leadrouting.notifications.models import (
    Dispatch,
    Enrolment,
    Event,
    Hook,
    Message,
    OptOut,
    Sequence,
    SequenceCondition,
    Step,
    Subscription,
    Template,
    Workflow,
)
from leadrouting.rules.models import ScoreCondition, ScoreRule, Tier
from leadrouting.teams.models import QuotaStep, RampWeek, Rep, SharePlan, User
from tests import world


def fill(number: int, campaign: Campaign, rep: Rep, now: datetime) -> None:
    ops = world.user(role=User.Role.OPS)
    leads = [world.lead(campaign=campaign, source=f"Source {number}") for _ in range(4)]
    for lead in leads:
        route(lead.pk, now=now)
    came_in(number, campaign, leads[0], now)
    imported(number, ops, leads[0], now)
    went_out(number, campaign, leads[0], rep, ops, now)
    followed(number, leads[0], now)
    judged(now)
    put_right(number, ops, leads, now)
    worded(number, rep)


def came_in(number: int, campaign: Campaign, lead: Lead, now: datetime) -> None:
    Form.objects.create(campaign=campaign, title=f"Form {number}", allowed_origins=["https://example.com"])
    connection = Connection.objects.create(
        kind="typeform", name=f"Typeform {number}", key=f"typeform-{number}", campaign=campaign, secret="s"
    )
    mailbox = Mailbox.objects.create(
        name=f"Inbox {number}",
        host="imap.example.com",
        username="sales",
        password="p",
        campaign=campaign,
        read_at=now,
    )
    for values in (
        {"kind": "typeform", "connection": connection, "state": "done", "done_at": now},
        {"kind": "email", "mailbox": mailbox, "state": "failed", "done_at": now, "reason": "Nobody knows."},
    ):
        delivery = Delivery.objects.create(received_at=now, body=b"{}", campaign=campaign, **values)
        Item.objects.create(
            scope=f"{delivery.kind} {number}",
            key="1",
            delivery=delivery,
            lead=lead,
            outcome="created",
            at=now,
        )


def imported(number: int, ops: User, lead: Lead, now: datetime) -> None:
    run = ImportRun.objects.create(
        by=ops,
        made_at=now,
        file_name=f"leads {number}.csv",
        size=100,
        digest="0" * 64,
        columns=["Name"],
        source=ImportSource.objects.create(name=f"Fair {number}", headings="h"),
        state="done",
        started_at=now,
        ended_at=now,
        total=2,
        cursor=2,
        counts={"imported": 1, "rejected": 1},
    )
    ImportRow.objects.create(run=run, line=2, state="imported", lead=lead)
    ImportRow.objects.create(run=run, line=3, state="rejected", problem="It has no name.", cells=[""])


def judged(now: datetime) -> None:
    """What an owner says of a lead."""
    held = Assignment.objects.filter(ended_at=None, feedback=None).order_by("pk")[0]
    Feedback.objects.create(assignment=held, fit=2, reason="Too small", at=now)
    Dispute.objects.create(assignment=held, reason="Wrong language", made_at=now)


def followed(number: int, lead: Lead, now: datetime) -> None:
    made = Sequence.objects.create(name=f"Sequence {number}", precedence=number)
    SequenceCondition.objects.create(sequence=made, fact="country", operator="is", value="DE")
    Step.objects.create(sequence=made, does="task", title="Call them", after=timedelta(hours=1))
    Enrolment.objects.create(
        lead=lead, sequence=made, begun_at=now, since=now, next_at=now + timedelta(hours=1)
    )


def went_out(number: int, campaign: Campaign, lead: Lead, rep: Rep, ops: User, now: datetime) -> None:
    workflow = Workflow.objects.create(campaign=campaign, acknowledges=True)
    Template.objects.create(workflow=workflow, language="en", subject="Thank you", body="Soon.")
    message = Message.objects.create(
        kind=Message.Kind.ACK,
        lead=lead,
        subject="Thank you",
        body="Soon.",
        dedupe_key=f"ack:{number}",
        created_at=now,
        spread_at=now,
    )
    Dispatch.objects.create(
        message=message, channel="email", address=lead.email, state="sent", created_at=now, send_at=now
    )
    OptOut.objects.create(address=f"no{number}@example.com", at=now, how="By phone.", by=ops)
    subscription = Subscription.objects.create(
        name=f"Warehouse {number}",
        address="https://example.com/hook",
        events=["lead.assigned"],
        campaign=campaign,
        secret="whsec_MTIz",
        created_by=ops,
        created_at=now,
    )
    event = Event.objects.create(kind="lead.assigned", lead=lead, at=now)
    Hook.objects.create(
        subscription=subscription,
        event=event,
        lead=lead,
        kind=event.kind,
        key=f"evt_{event.pk}",
        body="{}",
        created_at=now,
        send_at=now,
        until=now + timedelta(days=1),
    )


def put_right(number: int, ops: User, leads: list[Lead], now: datetime) -> None:
    kept, other, like, alike = leads
    merge(kept_id=kept.pk, other_id=other.pk, by=ops, now=now)
    Suspect.objects.create(lead=like, other=alike, reason="alike", score=90, found_at=now)
    Source.objects.create(key=f"source_{number}", name=f"Source {number}", synonyms=[f"s{number}"])
    mending = Mending.objects.create(says="The source “gogle” is now “google”.", by=ops, at=now, leads=1)
    Mended.objects.create(mending=mending, lead=like, field="source", was="gogle", now="google")
    rerouting = Rerouting.objects.create(
        by=ops, made_at=now, size=1, to_queue=world.queue(f"Moved {number}"), reason="", state="draft"
    )
    Rerouted.objects.create(rerouting=rerouting, position=1, lead=like, before_queue=like.queue)
    Replay.objects.create(since=now, started_at=now, finished_at=now, checked=9, different=0)
    Activity.objects.create(lead=like, kind=Activity.Kind.NOTE, at=now, text="Called.")


def worded(number: int, rep: Rep) -> None:
    DeclineReason.objects.create(label=f"Reason {number}", position=number)
    rule = ScoreRule.objects.create(name=f"Score {number}", points=number)
    ScoreCondition.objects.create(score_rule=rule, position=0, fact="country", operator="is", value="DE")
    Tier.objects.create(name=f"tier {number}", from_points=number * 10)
    plan = SharePlan.objects.create(team=rep.team)
    RampWeek.objects.create(plan=plan, week=1, share=50)
    QuotaStep.objects.create(plan=plan, reached=100, share=50)
