"""What a rule can point at beside a named rep: pools of reps, and queues."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leadrouting.engine.roster import AbsencePolicy, Strategy
from leadrouting.teams.models.people import Rep, RepSkill, Team
from leadrouting.teams.models.user import User
from leadrouting.teams.querysets import PoolQuerySet
from leadrouting.teams.validators import validate_secure

INTAKE = 1  # the queue every lead is in from the commit that saves it; made by the first migration
HIGHEST_WEIGHT = 36


class Pool(models.Model):
    """Reps who share a stream of leads in proportion to their weights.

    Each team has one of its own (`team`), so that a rule can point at a team: its members are always the
    team's reps, with equal weights, and nobody edits it (its trigger keeps it).
    """

    class GivesBack(models.TextChoices):
        NEVER = "never", "never"
        DECLINED = "declined", "for a lead that is declined"
        DECLINED_JUNK = "declined_junk", "for a lead that is declined or junk"

    class AfterHours(models.TextChoices):
        NEXT = "next", "goes on to the rule’s next step, and waits for the opening after the last"
        HOLD = "hold", "is held until the pool opens"
        ASSIGN = "assign", "is assigned anyway"
        POOL = "pool", "goes to another pool"

    name = models.CharField(max_length=100, unique=True)
    team = models.OneToOneField(
        Team, models.CASCADE, null=True, blank=True, editable=False, related_name="pool"
    )
    strategy = models.CharField(
        max_length=20,
        choices=[
            (Strategy.ROUND_ROBIN, _("Round robin, by weight")),
            (Strategy.LEAST_LOADED, _("Fewest open leads first")),
            (Strategy.LEAST_UTILISED, _("Smallest share of the limit in use first")),
            (Strategy.CAPACITY, _("Round robin, by limit of open leads and weight")),
            (Strategy.PERFORMANCE, _("Round robin, by win rate and weight")),
        ],
        default=Strategy.ROUND_ROBIN,
    )
    absence = models.CharField(
        "missed turns",
        max_length=20,
        choices=[
            (AbsencePolicy.FORFEIT, "are forfeited"),
            (AbsencePolicy.CATCH_UP, "are caught up in full"),
            (AbsencePolicy.CATCH_UP_LIMITED, "are caught up within a limit"),
        ],
        default=AbsencePolicy.FORFEIT,
        help_text="What becomes of the turns of a member who is away or full.",
    )
    catch_up_limit = models.PositiveSmallIntegerField(
        default=0,
        help_text="Turns that are caught up at most, when missed turns are caught up within a limit.",
    )
    gives_back = models.CharField(
        "a turn is given back",
        max_length=13,
        choices=GivesBack,
        default=GivesBack.DECLINED,
        db_default=GivesBack.DECLINED,
        help_text="A rep whose turn is given back comes sooner again. Leads given by hand use no turn.",
    )
    after_hours = models.CharField(
        "after hours, a lead",
        max_length=6,
        choices=AfterHours,
        default=AfterHours.NEXT,
        db_default=AfterHours.NEXT,
        help_text="What becomes of a lead while every member who works at all is outside their office hours.",
    )
    language = models.PositiveSmallIntegerField(
        "only who speaks the lead’s language",
        default=0,
        db_default=0,
        choices=[
            (0, "no, any member"),
            *((level.value, f"at level {level.label} or above") for level in RepSkill.Level),
        ],
        help_text="By the reps’ skills of the kind language. A lead whose language is unknown, or is nobody’s skill, "
        "goes to any member; so does one by a step of a rule that drops the skills.",
    )
    after_pool = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="after-hours pool",
        help_text="It is asked once; its own after-hours pool is not.",
    )
    win_days = models.PositiveSmallIntegerField(
        "deals closed in the last days",
        default=180,
        db_default=180,
        validators=[MinValueValidator(7), MaxValueValidator(1000)],
        help_text="Leads of this pool that were won or lost in so many days make a member’s win rate.",
    )
    win_prior = models.PositiveSmallIntegerField(
        "deals before a member’s own count as much as the pool’s",
        default=20,
        db_default=20,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
        help_text="A member’s rate is drawn towards the pool’s as by so many deals at the pool’s rate. "
        "More: luck counts less.",
    )
    win_floor = models.PositiveSmallIntegerField(
        "weight at least, in percent",
        default=50,
        db_default=50,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="However few a member wins.",
    )
    win_ceiling = models.PositiveSmallIntegerField(
        "weight at most, in percent",
        default=150,
        db_default=150,
        validators=[MinValueValidator(100), MaxValueValidator(1000)],
        help_text="However many a member wins.",
    )
    booking_url = models.URLField(
        "booking page",
        max_length=500,
        blank=True,
        default="",
        db_default="",
        validators=[validate_secure],
        help_text="Where prospects choose a time while nobody has their lead, or whoever has it has no page of their own.",
    )
    members = models.ManyToManyField(Rep, through="Membership", related_name="pools")

    objects = PoolQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.after_hours == self.AfterHours.POOL and self.after_pool_id in (None, self.pk):
            raise ValidationError({"after_pool": "Choose the other pool that gets leads after hours."})


class Membership(models.Model):
    pool = models.ForeignKey(Pool, models.CASCADE, related_name="memberships")
    rep = models.ForeignKey(Rep, models.PROTECT, related_name="memberships")
    weight = models.PositiveSmallIntegerField(
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(HIGHEST_WEIGHT)],
        help_text="A rep of weight 2 gets twice the leads of a rep of weight 1.",
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pool", "rep"],
                name="membership_once",
                violation_error_message="This rep is already in the pool.",
            ),
            models.CheckConstraint(
                condition=Q(weight__gte=1, weight__lte=HIGHEST_WEIGHT), name="membership_weight"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rep} in {self.pool}"


class Queue(models.Model):
    """Where a lead waits when nobody owns it yet. Its owner answers for what lies in it."""

    name = models.CharField(max_length=80, unique=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="queues")
    alarm_depth = models.PositiveIntegerField(
        default=10, help_text="The owner gets a message when more leads than this wait here."
    )
    alarm_after = models.DurationField(
        null=True,
        blank=True,
        help_text="The owner gets a message when a lead waits longer than this, e.g. 30 min.",
    )
    window = models.DurationField(
        null=True,
        blank=True,
        help_text="How long a lead may wait here, e.g. 1 h 30 min, around the clock. Then it is escalated to the "
        "owner, and after as long again to the manager of the owner’s team, or to sales ops. Empty: never.",
    )
    teams = models.ManyToManyField(
        Team,
        blank=True,
        related_name="queues",
        verbose_name="reps of these teams take from it",
        help_text="They take the next lead, the most urgent first, without choosing. Nobody chosen: leads "
        "leave the queue by rules and by hand only.",
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(window__isnull=True) | Q(window__gte=timedelta(minutes=1)),
                name="queue_window_a_minute",
                violation_error_message="Leads may wait for a minute at least. Leave it empty for no limit.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def is_led_by(self, user: User) -> bool:
        """Whether this person answers for what waits here: the owner, and the manager of the owner's team."""
        return self.owner_id == user.pk or Team.objects.filter(manager=user, reps=self.owner_id).exists()
