"""How long leads may wait in a queue, and who takes from it."""

import datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("teams", "0016_words_of_quotas"),
    ]

    operations = [
        migrations.AddField(
            model_name="queue",
            name="teams",
            field=models.ManyToManyField(
                blank=True,
                help_text="They take the next lead, the most urgent first, without choosing. Nobody chosen: leads leave the queue by rules and by hand only.",
                related_name="queues",
                to="teams.team",
                verbose_name="reps of these teams take from it",
            ),
        ),
        migrations.AddField(
            model_name="queue",
            name="window",
            field=models.DurationField(
                blank=True,
                help_text="How long a lead may wait here (hh:mm:ss), around the clock. Then it is escalated to the owner, and after as long again to the manager of the owner’s team, or to sales ops. Empty: never.",
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="queue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("window__isnull", True), ("window__gte", datetime.timedelta(seconds=60)), _connector="OR"
                ),
                name="queue_window_a_minute",
                violation_error_message="Leads may wait for a minute at least. Leave it empty for no limit.",
            ),
        ),
    ]
