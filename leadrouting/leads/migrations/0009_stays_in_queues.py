"""Since when a lead lies in its queue, and how often it was escalated there."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('leads', '0008_waits_as'),
        ('teams', '0017_windows_of_queues'),
    ]

    operations = [
        migrations.AddField(
            model_name='lead',
            name='queue_steps',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, editable=False, help_text='Escalations of this stay in its queue.'),
        ),
        migrations.AddField(
            model_name='lead',
            name='queued_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, help_text='Since when it lies in its queue.', null=True),
        ),
        migrations.RunSQL(
            "UPDATE leads_lead SET queued_at = CASE WHEN queue_id IS NOT NULL THEN created_at END",
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(models.F('queue'), models.Case(models.When(priority='urgent', then=models.Value(0)), models.When(priority='high', then=models.Value(1)), models.When(priority='normal', then=models.Value(2)), models.When(priority='low', then=models.Value(3)), output_field=models.IntegerField()), models.F('created_at'), models.F('id'), condition=models.Q(('status', 'queued')), name='lead_in_turn'),
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(condition=models.Q(('status', 'queued')), fields=['queue', 'queue_steps', 'queued_at'], name='lead_stay'),
        ),
    ]
