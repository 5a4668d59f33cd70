"""What the demo's company has set up around its campaigns, so that no page of sales ops begins empty."""

from __future__ import annotations

from datetime import timedelta
from secrets import token_hex

from django.db import transaction

from leadrouting.intake.models import Connection, Form, FormField, Kind
from leadrouting.leads.models import Campaign
from leadrouting.notifications.models import Sequence, SequenceCondition, Step, Workflow
from leadrouting.rules.models import ScoreCondition, ScoreRule, Tier

CAMPAIGN = "free-trial"
QUESTIONS = (("name", True), ("email", True), ("phone", False), ("company", False), ("message", False))
SCORES = (
    ("Large company", 30, "company_size", ">=", "200"),
    ("Business address", 20, "email_kind", "is", "business"),
    ("Throw-away address", -40, "email_kind", "is", "disposable"),
)
FIRST_TOUCH = (
    ("reminder", timedelta(minutes=30), "Call {name} now", "They are hot: half an hour is over."),
    ("task", timedelta(hours=4), "Try {name} once more", "Another time of day often reaches people."),
)
NURTURE = (
    (
        "email",
        timedelta(days=3),
        "Shall we show you around?",
        "Hello {first_name},\n\nmay we show you in twenty minutes what others do with it? Simply answer this e-mail.\n\nOr choose a time: {booking_link}\n\n{our_name}",
    ),
    (
        "email",
        timedelta(days=10),
        "Still interested?",
        "Hello {first_name},\n\nif it is not the time, simply say so, and we leave you in peace.\n\n{our_name}",
    ),
    ("task", timedelta(days=14), "Decide about {name}", "No answer to two mails: close it, or call."),
)


@transaction.atomic
def furnish() -> None:
    """Once: whatever is there already stays as it is."""
    campaign = Campaign.objects.filter(key=CAMPAIGN).first()
    if campaign is not None:
        ask(campaign)
        Workflow.objects.get_or_create(
            campaign=campaign, defaults={"acknowledges": True, "our_name": "The trial team"}
        )
    Connection.objects.get_or_create(
        key="whatsapp-business",
        defaults={
            "kind": Kind.WHATSAPP,
            "name": "WhatsApp Business",
            "secret": token_hex(16),
            "verify_token": token_hex(8),
        },
    )
    if not ScoreRule.objects.exists():
        score()
    if not Sequence.objects.exists():
        follow()


def ask(campaign: Campaign) -> None:
    form, is_new = Form.objects.get_or_create(
        campaign=campaign,
        defaults={
            "title": "Try it for free",
            "intro": "Tell us where to send your access.",
            "consent_text": "You may write to me about my trial.",
        },
    )
    if is_new:
        FormField.objects.bulk_create(
            FormField(form=form, position=place, name=name, is_required=needed)
            for place, (name, needed) in enumerate(QUESTIONS)
        )


def score() -> None:
    for name, points, fact, operator, value in SCORES:
        rule = ScoreRule.objects.create(name=name, points=points)
        ScoreCondition.objects.create(score_rule=rule, fact=fact, operator=operator, value=value)
    for tier, points in (("hot", 50), ("warm", 20)):
        Tier.objects.get_or_create(name=tier, defaults={"from_points": points})


def follow() -> None:
    """A first touch within the hour for who is hot, and a nurture series for who is not."""
    for place, (name, operator, steps) in enumerate(
        (("Hot: first touch", "is_any_of", FIRST_TOUCH), ("Cold: nurture", "is_none_of", NURTURE)), 1
    ):
        made = Sequence.objects.create(
            name=name, precedence=place, ends_with_response=operator == "is_any_of"
        )
        SequenceCondition.objects.create(
            sequence=made, fact="priority", operator=operator, value="high, urgent"
        )
        for does, after, title, body in steps:
            hours = Step.Hours.ALWAYS if after >= timedelta(days=1) else Step.Hours.OWNER
            Step.objects.create(sequence=made, does=does, after=after, hours=hours, title=title, body=body)
