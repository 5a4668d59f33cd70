"""What may find an owner for who waits is written down in the transaction that does it, whoever does it."""

import django.db.models.functions.datetime
from django.db import migrations, models

TRIGGERS = {
    "assignments_load": (
        "AFTER UPDATE OF open ON assignments_load FOR EACH ROW WHEN (NEW.open < OLD.open)",
        "assignments_stir_load",
    ),
    "common_stamp": (
        "AFTER INSERT OR UPDATE ON common_stamp FOR EACH STATEMENT",
        "assignments_stir_stamp",
    ),
    "rules_version": (
        "AFTER INSERT OR UPDATE OF is_live ON rules_version FOR EACH STATEMENT",
        "assignments_stir_version",
    ),
    "teams_sighting": (
        "AFTER INSERT ON teams_sighting FOR EACH STATEMENT",
        "assignments_stir_sighting",
    ),
    "teams_sighting, again": (
        "AFTER UPDATE ON teams_sighting FOR EACH ROW WHEN (NEW.seen_at > OLD.seen_at + interval '5 minutes')",
        "assignments_stir_sighting_again",
    ),
}


class Migration(migrations.Migration):
    dependencies = [
        ("assignments", "0012_pools_hold_and_speak"),
        ("common", "0001_initial"),
        ("leads", "0008_waits_as"),
        ("rules", "0005_nothing_of_a_version_changes"),
        ("teams", "0016_words_of_quotas"),
    ]

    operations = [
        migrations.CreateModel(
            name="Stir",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), db_index=True),
                ),
            ],
        ),
        migrations.RunSQL(
            """
            CREATE FUNCTION assignments_stir() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO assignments_stir DEFAULT VALUES;
                RETURN NULL;
            END $$;
            """,
            "DROP FUNCTION assignments_stir();",
        ),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION assignments_stir();",
                f"DROP TRIGGER {name} ON {table.split(',')[0]};",
            )
            for table, (when, name) in TRIGGERS.items()
        ),
    ]
