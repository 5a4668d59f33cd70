"""Of a published version nothing changes but whether it is live."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("rules", "0004_skills_validity_tests")]

    operations = [
        migrations.RunSQL(
            """
            DROP TRIGGER rules_version_frozen ON rules_version;
            CREATE TRIGGER rules_version_frozen BEFORE UPDATE ON rules_version FOR EACH ROW
            WHEN (to_jsonb(OLD) - 'is_live' IS DISTINCT FROM to_jsonb(NEW) - 'is_live')
            EXECUTE FUNCTION leadrouting_refuse_change('A published version cannot be changed: publish a new one.');
            """,
            """
            DROP TRIGGER rules_version_frozen ON rules_version;
            CREATE TRIGGER rules_version_frozen BEFORE UPDATE ON rules_version FOR EACH ROW
            WHEN (OLD.document IS DISTINCT FROM NEW.document OR OLD.rule_set_id <> NEW.rule_set_id
                  OR OLD.number <> NEW.number OR OLD.published_at <> NEW.published_at)
            EXECUTE FUNCTION leadrouting_refuse_change('A published version cannot be changed: publish a new one.');
            """,
        )
    ]
