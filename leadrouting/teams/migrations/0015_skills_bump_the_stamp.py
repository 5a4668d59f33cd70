"""Routing reads which skills are languages, and their names: a change of a skill bumps the stamp as well."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("teams", "0014_pools_hold_and_speak")]

    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER teams_skill_stamp AFTER INSERT OR DELETE OR TRUNCATE OR UPDATE ON teams_skill "
            "FOR EACH STATEMENT EXECUTE FUNCTION leadrouting_bump_stamp();",
            "DROP TRIGGER teams_skill_stamp ON teams_skill;",
        )
    ]
