"""When reps are not there: absences by the calendar, and the log of presence."""

from datetime import date, datetime, time

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leadrouting.teams.models.people import Rep

NOON = time(12)
ONE_DAY = {
    (True, False): gettext_lazy("{first}, from noon"),
    (False, True): gettext_lazy("{first}, until noon"),
}
DAYS = {
    (False, False): gettext_lazy("{first} to {last}"),
    (True, False): gettext_lazy("{first}, from noon, to {last}"),
    (False, True): gettext_lazy("{first} to {last}, until noon"),
    (True, True): gettext_lazy("{first}, from noon, to {last}, until noon"),
}
"""By whether they begin and end at noon."""


class Absence(models.Model):
    """Days on which a rep gets no leads, both included, in the rep's own time zone. Half days begin or end at
    12:00 by the clock there."""

    rep = models.ForeignKey(Rep, models.CASCADE, related_name="absences")
    first_day = models.DateField()
    last_day = models.DateField()
    from_noon = models.BooleanField("from noon on the first day", default=False, db_default=False)
    until_noon = models.BooleanField("until noon on the last day", default=False, db_default=False)
    backup = models.ForeignKey(
        Rep,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Stands in meanwhile. Empty: the rep's own backup.",
    )
    reason = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-first_day", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="absence_ends_after_it_starts",
                violation_error_message=gettext_lazy("The last day is before the first day."),
            ),
            models.CheckConstraint(
                condition=Q(last_day__gt=F("first_day")) | Q(from_noon=False) | Q(until_noon=False),
                name="absence_is_not_empty",
                violation_error_message=gettext_lazy(
                    "One day cannot be away from noon and back at noon. Take one of them off."
                ),
            ),
            models.CheckConstraint(
                condition=Q(backup__isnull=True) | ~Q(backup=F("rep")),
                name="absence_backup_is_somebody_else",
                violation_error_message=gettext_lazy("Nobody is their own backup. Choose somebody else."),
            ),
            ExclusionConstraint(
                name="absence_no_overlap",
                expressions=[
                    (
                        Func(
                            F("first_day"),
                            F("from_noon"),
                            F("last_day"),
                            F("until_noon"),
                            function="leadrouting_absence_span",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    ("rep", RangeOperators.EQUAL),
                ],
                violation_error_message=gettext_lazy("This rep is already absent on some of these days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rep}: {self.in_words}"

    def clean(self) -> None:
        """Before the database is asked what overlaps: it knows no span that ends before it begins."""
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValidationError({"last_day": _("The last day is before the first day.")})

    @property
    def in_words(self) -> str:
        """`2 Mar 2026, from noon, to 6 Mar 2026`."""
        days = {"first": day_in_words(self.first_day), "last": day_in_words(self.last_day)}
        if self.first_day == self.last_day:
            half = ONE_DAY.get((self.from_noon, self.until_noon))
            return half.format(**days) if half else days["first"]
        return DAYS[self.from_noon, self.until_noon].format(**days)

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From when until before when, by the clock on the rep's wall (no zone)."""
        return span(self.first_day, self.from_noon, self.last_day, self.until_noon)


def span(first: date, from_noon: bool, last: date, until_noon: bool) -> tuple[datetime, datetime]:
    begin = datetime.combine(first, NOON if from_noon else time())
    if until_noon:
        return begin, datetime.combine(last, NOON)
    return begin, datetime.combine(date.fromordinal(min(last.toordinal() + 1, date.max.toordinal())), time())


def day_in_words(day: date) -> str:
    return date_format(day, "j M Y")


class PresenceChange(models.Model):
    """Somebody said whether a rep is there, or the system did after missed deadlines. Only added to."""

    class Cause(models.TextChoices):
        SELF = "self", gettext_lazy("The rep")
        MANAGER = "manager", gettext_lazy("The manager")
        SYSTEM = "system", gettext_lazy("The system")
        OPS = "ops", gettext_lazy("Sales ops")

    rep = models.ForeignKey(Rep, models.CASCADE, related_name="presence_changes", db_index=False)
    presence = models.CharField(max_length=10, choices=Rep.Presence)
    cause = models.CharField(max_length=10, choices=Cause)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["rep", "-at"], name="presence_change_of_rep")]

    def __str__(self) -> str:
        return f"{self.rep}: {self.get_presence_display()}"
