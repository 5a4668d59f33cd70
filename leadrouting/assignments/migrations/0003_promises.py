"""What must never break: books exist for everyone, records stay as they were, the owner is the open assignment's."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assignments", "0002_initial"), ("leads", "0002_initial"), ("teams", "0002_stamp")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION assignments_open_rotation() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO assignments_rotation (pool_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
                RETURN NULL;
            END $$;
            CREATE TRIGGER teams_pool_rotation AFTER INSERT ON teams_pool
            FOR EACH ROW EXECUTE FUNCTION assignments_open_rotation();

            CREATE FUNCTION assignments_open_load() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO assignments_load (rep_id) VALUES (NEW.user_id) ON CONFLICT DO NOTHING;
                RETURN NULL;
            END $$;
            CREATE TRIGGER teams_rep_load AFTER INSERT ON teams_rep
            FOR EACH ROW EXECUTE FUNCTION assignments_open_load();
            """,
            """
            DROP TRIGGER teams_rep_load ON teams_rep;
            DROP TRIGGER teams_pool_rotation ON teams_pool;
            DROP FUNCTION assignments_open_load;
            DROP FUNCTION assignments_open_rotation;
            """,
        ),
        migrations.RunSQL(
            """
            CREATE TRIGGER assignments_roster_frozen BEFORE UPDATE ON assignments_roster FOR EACH ROW
            EXECUTE FUNCTION leadrouting_refuse_change('A roster version cannot be changed: decisions refer to it.');

            CREATE TRIGGER assignments_decision_frozen BEFORE UPDATE ON assignments_decision FOR EACH ROW
            WHEN (OLD.facts IS DISTINCT FROM NEW.facts OR OLD.tried IS DISTINCT FROM NEW.tried
                  OR OLD.version_id IS DISTINCT FROM NEW.version_id OR OLD.rule_id IS DISTINCT FROM NEW.rule_id
                  OR OLD.rep_id IS DISTINCT FROM NEW.rep_id OR OLD.queue_id IS DISTINCT FROM NEW.queue_id
                  OR OLD.lead_id <> NEW.lead_id OR OLD.decided_at <> NEW.decided_at)
            EXECUTE FUNCTION leadrouting_refuse_change('A decision cannot be changed.');
            """,
            """
            DROP TRIGGER assignments_decision_frozen ON assignments_decision;
            DROP TRIGGER assignments_roster_frozen ON assignments_roster;
            """,
        ),
        migrations.RunSQL(
            """
            CREATE FUNCTION assignments_owner_is_assigned(lead bigint) RETURNS void LANGUAGE plpgsql AS $$
            BEGIN
                IF EXISTS (
                    SELECT FROM leads_lead l
                    LEFT JOIN assignments_assignment a ON a.lead_id = l.id AND a.ended_at IS NULL
                    WHERE l.id = lead AND l.owner_id IS DISTINCT FROM a.rep_id
                ) THEN
                    RAISE EXCEPTION 'The owner of lead % is not that of its open assignment.', lead
                    USING ERRCODE = 'integrity_constraint_violation';
                END IF;
            END $$;

            CREATE FUNCTION assignments_check_lead() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM assignments_owner_is_assigned(NEW.id);
                RETURN NULL;
            END $$;

            CREATE FUNCTION assignments_check_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM assignments_owner_is_assigned(NEW.lead_id);
                RETURN NULL;
            END $$;

            CREATE CONSTRAINT TRIGGER leads_lead_owner_given AFTER INSERT ON leads_lead
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.owner_id IS NOT NULL)
            EXECUTE FUNCTION assignments_check_lead();

            CREATE CONSTRAINT TRIGGER leads_lead_owner_changed AFTER UPDATE ON leads_lead
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.owner_id IS DISTINCT FROM NEW.owner_id)
            EXECUTE FUNCTION assignments_check_lead();

            CREATE CONSTRAINT TRIGGER assignments_assignment_owner
            AFTER INSERT OR UPDATE OF period, rep_id, lead_id ON assignments_assignment
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
            EXECUTE FUNCTION assignments_check_assignment();
            """,
            """
            DROP TRIGGER assignments_assignment_owner ON assignments_assignment;
            DROP TRIGGER leads_lead_owner_changed ON leads_lead;
            DROP TRIGGER leads_lead_owner_given ON leads_lead;
            DROP FUNCTION assignments_check_assignment;
            DROP FUNCTION assignments_check_lead;
            DROP FUNCTION assignments_owner_is_assigned;
            """,
        ),
    ]
