"""Nothing of a decision changes, but that a user who is gone leaves it."""

from django.db import migrations

FROZEN = "assignments_decision_frozen"


class Migration(migrations.Migration):
    dependencies = [("assignments", "0006_proposals_and_replays")]

    operations = [
        migrations.RunSQL(
            f"""
            DROP TRIGGER {FROZEN} ON assignments_decision;
            CREATE TRIGGER {FROZEN} BEFORE UPDATE ON assignments_decision FOR EACH ROW
            WHEN (to_jsonb(OLD) - 'actor_id' IS DISTINCT FROM to_jsonb(NEW) - 'actor_id'
                  OR (NEW.actor_id IS NOT NULL AND NEW.actor_id IS DISTINCT FROM OLD.actor_id))
            EXECUTE FUNCTION leadrouting_refuse_change('A decision cannot be changed.');
            """,
            f"""
            DROP TRIGGER {FROZEN} ON assignments_decision;
            CREATE TRIGGER {FROZEN} BEFORE UPDATE ON assignments_decision FOR EACH ROW
            WHEN (OLD.facts IS DISTINCT FROM NEW.facts OR OLD.tried IS DISTINCT FROM NEW.tried
                  OR OLD.version_id IS DISTINCT FROM NEW.version_id OR OLD.rule_id IS DISTINCT FROM NEW.rule_id
                  OR OLD.rep_id IS DISTINCT FROM NEW.rep_id OR OLD.queue_id IS DISTINCT FROM NEW.queue_id
                  OR OLD.lead_id <> NEW.lead_id OR OLD.decided_at <> NEW.decided_at)
            EXECUTE FUNCTION leadrouting_refuse_change('A decision cannot be changed.');
            """,
        )
    ]
