"""Office hours as ops edit them; `teams.calendars` makes a BusinessCalendar of them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from leadrouting.teams.validators import validate_clock_time, validate_country, validate_zone


class OfficeHours(models.Model):
    name = models.CharField(max_length=80, unique=True)
    time_zone = models.CharField(
        max_length=64, validators=[validate_zone], help_text="For example Europe/Berlin."
    )
    country = models.CharField(
        "public holidays of",
        max_length=2,
        blank=True,
        validators=[validate_country],
        help_text="Two-letter country code, e.g. DE. Empty: no public holidays.",
    )
    subdivision = models.CharField(
        max_length=40, blank=True, help_text="State or province code within the country, e.g. BY for Bavaria."
    )
    worked = ArrayField(
        models.DateField(),
        default=list,
        blank=True,
        verbose_name="public holidays that are worked on",
        help_text="Each for its date alone.",
    )

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "office hours"

    def __str__(self) -> str:
        return self.name


class DayWindow(models.Model):
    """From `opens` to `closes` by the wall clock of the office hours' zone; 24:00 is the end of the day."""

    opens = models.CharField(max_length=5, validators=[validate_clock_time], help_text="HH:MM, e.g. 09:00")
    closes = models.CharField(max_length=5, validators=[validate_clock_time], help_text="HH:MM, up to 24:00")

    class Meta:
        abstract = True


class OpeningWindow(DayWindow):
    class Weekday(models.IntegerChoices):
        MONDAY = 0
        TUESDAY = 1
        WEDNESDAY = 2
        THURSDAY = 3
        FRIDAY = 4
        SATURDAY = 5
        SUNDAY = 6

    office_hours = models.ForeignKey(OfficeHours, models.CASCADE, related_name="windows")
    weekday = models.SmallIntegerField(choices=Weekday)

    class Meta:
        ordering = ["weekday", "opens", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens__lt=F("closes")),
                name="opening_window_forward",
                violation_error_message="Opening comes before closing. For a shift past midnight add two windows: "
                "one to 24:00 and one from 00:00 on the next day.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens}-{self.closes}"


class Holiday(models.Model):
    """A closed day of one's own, beside the public holidays."""

    office_hours = models.ForeignKey(OfficeHours, models.CASCADE, related_name="holidays")
    day = models.DateField()
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ["day", "id"]
        constraints = [models.UniqueConstraint(fields=["office_hours", "day"], name="holiday_once")]

    def __str__(self) -> str:
        return f"{self.name} ({self.day})"


class SpecialDay(DayWindow):
    """Hours that replace the weekly ones, and a holiday's closing, on one day. Several rows: several windows."""

    office_hours = models.ForeignKey(OfficeHours, models.CASCADE, related_name="special_days")
    day = models.DateField()

    class Meta:
        ordering = ["day", "opens", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens__lt=F("closes")),
                name="special_day_forward",
                violation_error_message="Opening comes before closing.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.opens}-{self.closes}"
