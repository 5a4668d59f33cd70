"""What happens around a campaign's leads beside assignment and tracking, which always run."""

from datetime import timedelta

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from leadrouting.leads.enums import Urgency
from leadrouting.leads.models import Campaign

WAYS = [
    ("email", "E-mail"),
    ("email,whatsapp", "E-mail, else WhatsApp"),
    ("email,sms", "E-mail, else SMS"),
    ("email,whatsapp,sms", "E-mail, else WhatsApp, else SMS"),
    ("whatsapp,email", "WhatsApp, else e-mail"),
    ("whatsapp,email,sms", "WhatsApp, else e-mail, else SMS"),
    ("sms,email", "SMS, else e-mail"),
]


class Workflow(models.Model):
    """The stages of a campaign that can be switched, each on its own. Without one the team is told, and nobody else."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="workflow")
    tells_team = models.BooleanField(
        "tell the team",
        default=True,
        help_text="Off: no message leaves when a lead is assigned; it shows in “My leads”. Deadlines still remind.",
    )
    acknowledges = models.BooleanField(
        "acknowledge to the prospect",
        default=False,
        help_text="A message at once, day and night, for each enquiry: that it has arrived, and when somebody will be in touch.",
    )
    offers_meeting = models.BooleanField(
        "offer a booking link",
        default=False,
        help_text="The acknowledgement says where to choose a time: with the owner of the lead, and while nobody has it with "
        "the pool. Their booking pages are entered with them.",
    )
    meeting_score = models.PositiveSmallIntegerField(
        "at a score of at least",
        null=True,
        blank=True,
        help_text="Only leads that mean it. Empty: whatever the score.",
    )
    meeting_urgency = models.CharField(
        "and an urgency of at least",
        max_length=10,
        choices=[(Urgency.SOON, Urgency.SOON.label), (Urgency.NOW, Urgency.NOW.label)],
        blank=True,
        default="",
        help_text="Empty: whatever the urgency.",
    )
    ways = models.CharField(
        "by",
        max_length=30,
        default="email",
        choices=WAYS,
        help_text="The first by which the prospect can be reached. Who wrote by WhatsApp is answered there first.",
    )
    gives_task = models.BooleanField(
        "a task for each new owner",
        default=False,
        help_text="Written when a lead is assigned; its owner is told when it is due.",
    )
    task_title = models.CharField(
        "what is to be done",
        max_length=150,
        default="Call {name}",
        help_text="It can name {name}, {company} and {product}.",
    )
    task_within = models.DurationField(
        "within",
        default=timedelta(hours=1),
        help_text="Of the owner’s office hours, e.g. 1 h or 2 d.",
    )
    needs_consent = models.BooleanField(
        "only with consent",
        default=True,
        help_text="Nothing is sent to a prospect who has not agreed to be written to.",
    )
    language = models.CharField(
        "default language",
        max_length=2,
        default="en",
        validators=[RegexValidator(r"^[a-z]{2}$", "Write two letters, e.g. en.")],
        help_text="For prospects whose language is not known or has no text. Two letters, e.g. en.",
    )
    our_name = models.CharField(
        "signed by",
        max_length=80,
        blank=True,
        default="",
        help_text="The company, as prospects know it: {our_name}. Not a person.",
    )
    phone = models.CharField(
        max_length=32,
        blank=True,
        default="",
        help_text="The company’s number, for whoever cannot wait: {phone}.",
    )
    reply_to = models.EmailField(
        "answers go to",
        blank=True,
        default="",
        help_text="A mailbox of the company that is read here: answers reach the lead’s timeline. Not a rep’s own.",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(task_within__gte=timedelta(0)),
                name="workflow_task_ahead",
                violation_error_message="A task cannot be due before its lead is assigned.",
            )
        ]

    def __str__(self) -> str:
        return f"Workflow of {self.campaign}"


class Template(models.Model):
    """What a campaign’s acknowledgement says in one language. Without one the text that ships is taken."""

    workflow = models.ForeignKey(Workflow, models.CASCADE, related_name="templates")
    language = models.CharField(
        max_length=2, validators=[RegexValidator(r"^[a-z]{2}$", "Write two letters, e.g. en.")]
    )
    subject = models.CharField(
        max_length=150, blank=True, default="", help_text="Empty: what ships in this language."
    )
    body = models.TextField("e-mail", blank=True, default="", help_text="Empty: what ships in this language.")
    short = models.TextField(
        "WhatsApp and SMS", blank=True, default="", help_text="Empty: what ships in this language."
    )
    approved = models.CharField(
        "WhatsApp template",
        max_length=120,
        blank=True,
        default="",
        validators=[RegexValidator(r"^[a-z0-9_]+$", "Small letters, numbers and _, as WhatsApp has it.")],
        help_text="The name of an approved one: who has not written by WhatsApp in the last day gets this.",
    )
    approved_language = models.CharField(
        "its language",
        max_length=10,
        blank=True,
        default="",
        help_text="As WhatsApp has it, e.g. en_US. Empty: as above.",
    )
    approved_values = models.CharField(
        "its values",
        max_length=200,
        blank=True,
        default="",
        help_text="What its {{1}}, {{2}} … are, e.g. first_name, expected.",
    )

    class Meta:
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["workflow", "language"], name="template_once")]

    def __str__(self) -> str:
        return f"{self.language}: {self.subject}"
