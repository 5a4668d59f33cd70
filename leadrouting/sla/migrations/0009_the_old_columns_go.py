"""What a policy said in columns is said by its conditions, targets and ladder now."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sla", "0008_policies_in_rows")]

    operations = [
        migrations.RemoveConstraint(
            model_name="policy",
            name="policy_target_positive",
        ),
        migrations.RemoveConstraint(
            model_name="policy",
            name="policy_reminder_inside_target",
        ),
        migrations.RemoveField(
            model_name="policy",
            name="around_the_clock",
        ),
        migrations.RemoveField(
            model_name="policy",
            name="channel",
        ),
        migrations.RemoveField(
            model_name="policy",
            name="priority",
        ),
        migrations.RemoveField(
            model_name="policy",
            name="remind_before",
        ),
        migrations.RemoveField(
            model_name="policy",
            name="respond_within",
        ),
        migrations.RemoveField(
            model_name="policy",
            name="source",
        ),
    ]
