"""The acknowledgement: one for each enquiry, at once, day and night, if the campaign says so and nothing speaks against it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from leadrouting.leads.enums import EmailKind, Status
from leadrouting.leads.models import Activity, Lead
from leadrouting.notifications.models import Dispatch, Event, Message, Template, Workflow
from leadrouting.notifications.optouts import opted_out
from leadrouting.notifications.prospects.expecting import expected
from leadrouting.notifications.prospects.languages import WORDS
from leadrouting.notifications.prospects.meeting import is_keen, link_to
from leadrouting.notifications.prospects.surroundings import NOTHING, Surroundings, surroundings
from leadrouting.notifications.prospects.words import fill, one_line, safe_name
from leadrouting.teams.snapshot import People, people_now

ENQUIRIES = (Event.Kind.RECEIVED, Event.Kind.ENQUIRED_AGAIN, Event.Kind.REOPENED)


@dataclass(frozen=True, slots=True)
class Said:
    language: str
    subject: str
    body: str


def acknowledge(events: Iterable[Event], now: datetime) -> None:
    """Called when events are handed on. A handful of queries, whatever their number."""
    wanted = [one for one in events if one.kind in ENQUIRIES and one.lead.campaign_id]
    workflows = workflows_of({one.lead.campaign_id for one in wanted if one.lead.campaign_id})
    wanted = [
        one for one in wanted if (flow := workflows.get(one.lead.campaign_id or 0)) and flow.acknowledges
    ]
    if not wanted:
        return
    people, out = people_now(), opted_out(one.lead.email for one in wanted)
    around = around_all([(one.lead, workflows[one.lead.campaign_id or 0]) for one in wanted], people)
    notes, messages = [], []
    for event in wanted:
        workflow = workflows[event.lead.campaign_id or 0]
        if why := refusal(event.lead, workflow, out):
            notes.append(
                Activity(
                    lead=event.lead,
                    kind=Activity.Kind.NOTE,
                    at=now,
                    text=f"No acknowledgement was sent: {why}",
                )
            )
        else:
            messages.append(message(event, workflow, people, now, around))
    Activity.objects.bulk_create(notes)
    keys = [one.dedupe_key for one in messages]
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    stored = Message.objects.filter(dedupe_key__in=keys).select_related("lead")
    Dispatch.objects.bulk_create(
        [
            Dispatch(message=one, channel="email", address=one.lead.email, created_at=now, send_at=now)
            for one in stored
            if one.lead is not None
        ],
        ignore_conflicts=True,
    )


def workflows_of(campaigns: Iterable[int]) -> dict[int, Workflow]:
    rows = (
        Workflow.objects.filter(campaign__in=set(campaigns))
        .select_related("campaign")
        .prefetch_related("templates")
    )
    return {row.campaign_id: row for row in rows}


def refusal(lead: Lead, workflow: Workflow, out: set[str]) -> str:
    """Why nothing is sent; empty when it is."""
    if not lead.email:
        return "no e-mail address is known."
    if workflow.needs_consent and lead.consent is not True:
        return "the prospect has not agreed to be written to, and the campaign asks for that."
    if lead.consent is False:
        return "the prospect does not want to be written to."
    if lead.email in out:
        return "the address is on the list of those who do not want to be written to."
    if lead.email_kind == EmailKind.DISPOSABLE:
        return "the address is a throw-away one."
    if lead.status == Status.JUNK or lead.merged_into_id:
        return "the lead is junk, or another one's duplicate."
    if not lead.is_open:
        return "the lead is closed."
    return ""


def around_all(pairs: Sequence[tuple[Lead, Workflow]], people: People) -> Surroundings:
    keen = {lead.pk for lead, workflow in pairs if is_keen(lead, workflow)}
    return surroundings([lead for lead, _ in pairs], people, meeting=keen)


def message(event: Event, workflow: Workflow, people: People, now: datetime, around: Surroundings) -> Message:
    """Its moment is that of the enquiry."""
    said = worded(event.lead, workflow, people, now, around)
    return Message(
        kind=Message.Kind.ACK,
        lead=event.lead,
        subject=said.subject,
        body=said.body,
        language=said.language,
        dedupe_key=f"ack:{event.lead_id}:{event.data.get('activity', 'first')}",
        created_at=event.at,
        spread_at=now,
    )


def worded(
    lead: Lead, workflow: Workflow, people: People, now: datetime, around: Surroundings = NOTHING
) -> Said:
    """In the lead's language if there is a text for it, else in the campaign's."""
    own = {one.language: one for one in workflow.templates.all()}
    language = chosen(lead.language[:2], workflow.language, own)
    words = WORDS.get(language, WORDS["en"])
    template: Template | None = own.get(language)
    name = safe_name(lead.name)
    values = {
        "name": name,
        "first_name": name.split(" ")[0],
        "company": safe_name(lead.company),
        "product": safe_name(lead.product),
        "campaign": workflow.campaign.name,
        "expected": expected(lead, people, now, words, around.waits_for.get(lead.pk, ())),
        "our_name": workflow.our_name,
        "phone": workflow.phone,
        "booking_link": link_to(lead.pk) if lead.pk in around.pages else "",
    }
    subject = template.subject if template else words.subject
    body = template.body if template else words.body
    return Said(language, one_line(fill(subject, values))[:200], fill(body, values))


def chosen(wanted: str, default: str, own: Sequence[str] | dict[str, Template]) -> str:
    """The lead's language, the campaign's, English: the first that has a text, of the campaign's own or that ships."""
    return next((one for one in (wanted, default) if one in own or one in WORDS), "en")
