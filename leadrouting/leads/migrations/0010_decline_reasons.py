"""Reasons to decline are offered by sales ops; the first are those that were offered before."""

from typing import Any

from django.db import migrations, models

REASONS = [
    "Not my product",
    "Not my region",
    "I do not speak the language",
    "No time today",
    "Conflict of interest",
]


def offer(apps: Any, schema_editor: Any) -> None:
    reason = apps.get_model("leads", "DeclineReason")
    reason.objects.bulk_create(
        reason(label=label, position=position) for position, label in enumerate(REASONS, 1)
    )


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0009_stays_in_queues"),
    ]

    operations = [
        migrations.CreateModel(
            name="DeclineReason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("label", models.CharField(max_length=100, unique=True, verbose_name="reason")),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, help_text="Small numbers come first."),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="offered")),
            ],
            options={
                "ordering": ["position", "label"],
            },
        ),
        migrations.AlterField(
            model_name="activity",
            name="kind",
            field=models.CharField(
                choices=[
                    ("note", "Note"),
                    ("call", "Call"),
                    ("attempt", "Call, not answered"),
                    ("email", "E-mail"),
                    ("message", "Message"),
                    ("meeting", "Meeting"),
                    ("response", "First response"),
                    ("enquiry", "Enquired again"),
                    ("outcome", "Outcome"),
                    ("accepted", "Accepted"),
                    ("declined", "Declined"),
                    ("handover", "Note to the next owner"),
                ],
                max_length=12,
            ),
        ),
        migrations.RunPython(offer, migrations.RunPython.noop),
    ]
