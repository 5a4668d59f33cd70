"""Teams and the reps in them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from leadrouting.teams.models.hours import OfficeHours
from leadrouting.teams.validators import validate_secure, validate_zone


class Team(models.Model):
    """Reps with one manager, who hears of breaches and gets the weekly report."""

    name = models.CharField(max_length=80, unique=True)
    manager = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="managed_teams")
    office_hours = models.ForeignKey(
        OfficeHours,
        models.PROTECT,
        null=True,
        blank=True,
        help_text="Leads are handed out to the team in these hours. Empty: around the clock.",
    )
    away_after = models.PositiveSmallIntegerField(
        "away after missed deadlines in a row",
        default=3,
        db_default=3,
        help_text="So many in a row set a rep away, until the rep is back. 0: never.",
    )

    max_open = models.PositiveIntegerField(
        "open leads at most, all reps together",
        null=True,
        blank=True,
        help_text="Empty: no limit. At the limit, no rep of the team gets a lead by a rule.",
    )
    max_day = models.PositiveIntegerField(
        "leads a day at most, all reps together",
        null=True,
        blank=True,
        help_text="Each rep’s day is their own, in their time zone.",
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Rep(models.Model):
    """Somebody who can own leads. Its key is its user's."""

    class Presence(models.TextChoices):
        AVAILABLE = "available", _("Available")
        BUSY = "busy", _("Busy")
        AWAY = "away", _("Away")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="rep"
    )
    team = models.ForeignKey(Team, models.PROTECT, related_name="reps")
    is_active = models.BooleanField(default=True, help_text="Off: gets no new leads.")
    presence = models.CharField(max_length=10, choices=Presence, default=Presence.AVAILABLE)
    time_zone = models.CharField(
        max_length=64,
        default="UTC",
        validators=[validate_zone],
        help_text="The rep's own day starts at midnight here.",
    )
    office_hours = models.ForeignKey(
        OfficeHours, models.PROTECT, null=True, blank=True, help_text="Empty: the team's office hours."
    )
    max_open = models.PositiveIntegerField(
        "open leads at most",
        null=True,
        blank=True,
        help_text="Empty: no limit. At the limit, the next rep is tried.",
    )
    max_day = models.PositiveIntegerField("leads a day at most", null=True, blank=True)
    max_hour = models.PositiveIntegerField(
        "leads an hour at most",
        null=True,
        blank=True,
        help_text="Hours begin on the hour in the rep’s time zone.",
    )
    max_week = models.PositiveIntegerField(
        "leads a week at most",
        null=True,
        blank=True,
        help_text="Weeks begin on Monday in the rep’s time zone.",
    )
    started_on = models.DateField(
        null=True,
        blank=True,
        help_text="The ramp-up begins on this day where the rep is; before it, no turns come. Empty: no ramp-up.",
    )
    backup = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="backs_up",
        help_text="Gets what rules send to the rep by name while the rep is absent or switched off, and can take "
        "over the open leads when the rep leaves.",
    )
    booking_url = models.URLField(
        "booking page",
        max_length=500,
        blank=True,
        default="",
        db_default="",
        validators=[validate_secure],
        help_text="Where prospects choose a time with the rep, e.g. https://calendly.com/… or https://cal.com/….",
    )

    class Meta:
        ordering = ["user_id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(backup=F("user")),
                name="rep_backup_is_somebody_else",
                violation_error_message="Nobody is their own backup. Choose somebody else.",
            )
        ]

    def __str__(self) -> str:
        return str(self.user)


class Skill(models.Model):
    """Something that some reps can do: a product, a language, a certification. Levels are each rep's own."""

    class Kind(models.TextChoices):
        PRODUCT = "product", "Product"
        LANGUAGE = "language", "Language"
        CERTIFICATION = "certification", "Certification"
        DEAL_SIZE = "deal_size", "Deal size"
        SENIORITY = "seniority", "Seniority"
        CHANNEL = "channel", "Channel"
        INDUSTRY = "industry", "Industry"
        OTHER = "other", "Other"

    name = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=15, choices=Kind, default=Kind.OTHER, db_default=Kind.OTHER)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class RepSkill(models.Model):
    class Level(models.IntegerChoices):
        BASIC = 1, "1, basic"
        FAIR = 2, "2, fair"
        GOOD = 3, "3, good"
        STRONG = 4, "4, strong"
        EXPERT = 5, "5, expert"

    rep = models.ForeignKey(Rep, models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="reps")
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.GOOD)

    class Meta:
        ordering = ["skill__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["rep", "skill"],
                name="rep_skill_once",
                violation_error_message="This rep has this skill already.",
            ),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=5), name="rep_skill_level"),
        ]

    def __str__(self) -> str:
        return f"{self.skill} {self.level}"


class Sighting(models.Model):
    """When a rep's pages last asked for news (UTC). A table of its own: it changes all the time, and bumps no
    stamp."""

    rep = models.OneToOneField(Rep, models.CASCADE, primary_key=True, related_name="sighting")
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.rep} at {self.seen_at}"
