"""A change of a policy is a change of the configuration."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sla", "0002_initial"), ("common", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER sla_policy_stamp AFTER INSERT OR DELETE OR TRUNCATE OR UPDATE ON sla_policy "
            "FOR EACH STATEMENT EXECUTE FUNCTION leadrouting_bump_stamp();",
            "DROP TRIGGER sla_policy_stamp ON sla_policy;",
        )
    ]
