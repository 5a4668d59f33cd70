"""Every change of the configuration bumps the stamp, whoever makes it and however."""

from django.db import migrations

TABLES = {
    "teams_team": "",
    "teams_rep": "",
    "teams_absence": "",
    "teams_officehours": "",
    "teams_openingwindow": "",
    "teams_holiday": "",
    "teams_specialday": "",
    "teams_pool": "",
    "teams_membership": "",
    "teams_queue": "",
    "teams_territory": "",
    "teams_user": "OF name, username, role, is_active",
}


class Migration(migrations.Migration):
    dependencies = [("teams", "0001_initial")]

    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER {table}_stamp AFTER INSERT OR DELETE OR TRUNCATE OR UPDATE {columns} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION leadrouting_bump_stamp();",
            f"DROP TRIGGER {table}_stamp ON {table};",
        )
        for table, columns in TABLES.items()
    ]
