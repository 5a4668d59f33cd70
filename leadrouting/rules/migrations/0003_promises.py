"""A published version never changes (promise 9), in the database too."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("rules", "0002_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TRIGGER rules_version_frozen BEFORE UPDATE ON rules_version FOR EACH ROW
            WHEN (OLD.document IS DISTINCT FROM NEW.document OR OLD.rule_set_id <> NEW.rule_set_id
                  OR OLD.number <> NEW.number OR OLD.published_at <> NEW.published_at)
            EXECUTE FUNCTION leadrouting_refuse_change('A published version cannot be changed: publish a new one.');

            CREATE TRIGGER rules_version_kept BEFORE DELETE ON rules_version FOR EACH ROW
            EXECUTE FUNCTION leadrouting_refuse_change('A published version cannot be deleted: decisions refer to it.');
            """,
            """
            DROP TRIGGER rules_version_frozen ON rules_version;
            DROP TRIGGER rules_version_kept ON rules_version;
            """,
        )
    ]
