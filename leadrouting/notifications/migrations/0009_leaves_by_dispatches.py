from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("notifications", "0008_what_was_said_before")]

    operations = [
        migrations.RemoveIndex(
            model_name='message',
            name='message_unsent',
        ),
        migrations.RemoveField(
            model_name='message',
            name='attempts',
        ),
        migrations.RemoveField(
            model_name='message',
            name='last_error',
        ),
        migrations.RemoveField(
            model_name='message',
            name='send_at',
        ),
        migrations.RemoveField(
            model_name='message',
            name='sent_at',
        ),
    ]
