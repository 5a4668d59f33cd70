"""What was said before leaves as it did: by e-mail, once."""

from django.db import migrations

FORWARD = """
    INSERT INTO notifications_dispatch
        (message_id, channel, address, state, created_at, send_at, sent_at, attempts, last_error, external_id)
    SELECT message.id, 'email', person.email, CASE WHEN sent_at IS NULL THEN 'waiting' ELSE 'sent' END,
        created_at, send_at, sent_at, attempts, last_error, ''
    FROM notifications_message message JOIN teams_user person ON person.id = recipient_id
    WHERE person.email <> '';
    UPDATE notifications_message SET spread_at = created_at;
"""
BACKWARD = "DELETE FROM notifications_dispatch"


class Migration(migrations.Migration):
    dependencies = [("notifications", "0007_outbox")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
