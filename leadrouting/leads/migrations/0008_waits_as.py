"""Leads that wait for the same people are found by one number."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leads", "0007_attempts")]

    operations = [
        migrations.AddField(
            model_name="lead",
            name="waits_as",
            field=models.BigIntegerField(
                editable=False,
                help_text="Leads with the same number wait for the same people; see assignments.kinship.",
                null=True,
            ),
        ),
    ]
