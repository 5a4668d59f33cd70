"""The acknowledgement: one for each enquiry, at once, day and night, if the campaign says so and nothing speaks against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from leadrouting.leads.enums import Channel, Status
from leadrouting.leads.models import Activity, Lead
from leadrouting.notifications.models import Dispatch, Event, Message, Template, Workflow
from leadrouting.notifications.optouts import addresses_of
from leadrouting.notifications.prospects.expecting import expected
from leadrouting.notifications.prospects.languages import WORDS
from leadrouting.notifications.prospects.meeting import is_keen, link_to
from leadrouting.notifications.prospects.surroundings import NOTHING, Surroundings, surroundings
from leadrouting.notifications.prospects.values import values_of
from leadrouting.notifications.prospects.ways import EMAIL, WHATSAPP, ways_of, why_none
from leadrouting.notifications.prospects.words import fill, one_line
from leadrouting.notifications.unwanted import opted_out
from leadrouting.teams.snapshot import People, people_now

ENQUIRIES = (Event.Kind.RECEIVED, Event.Kind.ENQUIRED_AGAIN, Event.Kind.REOPENED)


@dataclass(frozen=True, slots=True)
class Said:
    """`short` is for WhatsApp and SMS; `approved` a template's name, language and values, if there is one."""

    language: str
    subject: str
    body: str
    short: str
    approved: Mapping[str, Any] = field(default_factory=dict)


def acknowledge(events: Iterable[Event], now: datetime) -> None:
    """Called when events are handed on. A handful of queries, whatever their number."""
    wanted = [one for one in events if one.kind in ENQUIRIES and one.lead.campaign_id]
    workflows = workflows_of({one.lead.campaign_id for one in wanted if one.lead.campaign_id})
    wanted = [
        one for one in wanted if (flow := workflows.get(one.lead.campaign_id or 0)) and flow.acknowledges
    ]
    if not wanted:
        return
    people, out = people_now(), opted_out(one for event in wanted for one in addresses_of(event.lead))
    around = around_all([(one.lead, workflows[one.lead.campaign_id or 0]) for one in wanted], people)
    notes, messages = [], []
    first: dict[str, list[str]] = {}
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
            said = worded(event.lead, workflow, people, now, around)
            ways = ways_of(event.lead, workflow, out, has_approved=bool(said.approved))
            messages.append(message(event, said, ways, now))
            first[messages[-1].dedupe_key] = ways[0]
    Activity.objects.bulk_create(notes)
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    Dispatch.objects.bulk_create(
        [
            Dispatch(message=one, channel=channel, address=address, created_at=now, send_at=now)
            for one in Message.objects.filter(dedupe_key__in=first, dispatches=None)
            for channel, address in [first[one.dedupe_key]]
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
    _, template = text_for(lead, workflow)
    has_approved = bool(template and template.approved)
    if not any(addresses_of(lead)):
        return why_none(lead, workflow, out, has_approved=has_approved)
    return unwilling(lead, workflow) or why_none(lead, workflow, out, has_approved=has_approved)


def unwilling(lead: Lead, workflow: Workflow) -> str:
    """Why nothing is sent by any way; empty when it may be."""
    if workflow.needs_consent and lead.consent is not True:
        return "the prospect has not agreed to be written to, and the campaign asks for that."
    if lead.consent is False:
        return "the prospect does not want to be written to."
    if lead.status == Status.JUNK or lead.merged_into_id:
        return "the lead is junk, or another one's duplicate."
    if not lead.is_open:
        return "the lead is closed."
    return ""


def around_all(pairs: Sequence[tuple[Lead, Workflow]], people: People) -> Surroundings:
    keen = {lead.pk for lead, workflow in pairs if is_keen(lead, workflow)}
    return surroundings([lead for lead, _ in pairs], people, meeting=keen)


def message(event: Event, said: Said, ways: list[list[str]], now: datetime) -> Message:
    """Its moment is that of the enquiry. It says what is said by the first way; the others are kept with it."""
    texts = {one: (said.subject, said.body if one == EMAIL else said.short) for one, _ in ways}
    subject, body = texts[ways[0][0]]
    other: dict[str, Any] = {}
    if len(ways) > 1:
        other = {"left": ways[1:], "texts": texts}
    if WHATSAPP in texts:
        they_wrote = event.lead.channel == Channel.WHATSAPP
        other |= {"they_wrote": they_wrote, "approved": dict(said.approved)}
    return Message(
        kind=Message.Kind.ACK,
        lead=event.lead,
        subject=subject,
        body=body,
        language=said.language,
        other_ways=other,
        dedupe_key=f"ack:{event.lead_id}:{event.data.get('activity', 'first')}",
        created_at=event.at,
        spread_at=now,
    )


def worded(
    lead: Lead, workflow: Workflow, people: People, now: datetime, around: Surroundings = NOTHING
) -> Said:
    """In the lead's language if there is a text for it, else in the campaign's."""
    language, template = text_for(lead, workflow)
    words = WORDS.get(language, WORDS["en"])
    values = values_of(
        lead,
        workflow,
        campaign=workflow.campaign.name,
        expected=expected(lead, people, now, words, around.waits_for.get(lead.pk, ())),
        booking_link=link_to(lead.pk) if lead.pk in around.pages else "",
    )
    own_text = template or Template()
    return Said(
        language,
        one_line(fill(own_text.subject or words.subject, values))[:200],
        fill(own_text.body or words.body, values),
        fill(own_text.short or words.short, values),
        approved(template, values),
    )


def approved(template: Template | None, values: Mapping[str, str]) -> dict[str, Any]:
    """A value that is not known is a dash: WhatsApp takes no empty one."""
    if template is None or not template.approved:
        return {}
    names = [one.strip() for one in template.approved_values.split(",") if one.strip()]
    return {
        "name": template.approved,
        "language": template.approved_language or template.language,
        "values": [one_line(values.get(name, "")) or "–" for name in names],
    }


def text_for(lead: Lead, workflow: Workflow) -> tuple[str, Template | None]:
    """The language that the lead is written to in, and the campaign's own text in it, if there is one."""
    own = {one.language: one for one in workflow.templates.all()}
    language = chosen(lead.language[:2], workflow.language, own)
    return language, own.get(language)


def chosen(wanted: str, default: str, own: Sequence[str] | dict[str, Template]) -> str:
    """The lead's language, the campaign's, English: the first that has a text, of the campaign's own or that ships."""
    return next((one for one in (wanted, default) if one in own or one in WORDS), "en")
