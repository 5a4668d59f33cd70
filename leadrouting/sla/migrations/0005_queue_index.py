"""The pulse looks into the queue many times a second, past whatever other clusters have waiting there."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("sla", "0004_ring"),
        ("django_q", "0019_alter_task_options_alter_ormq_key_alter_ormq_lock_and_more"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX sla_queue_of_cluster ON django_q_ormq (key, id);",
            "DROP INDEX sla_queue_of_cluster;",
        )
    ]
