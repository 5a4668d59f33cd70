"""A closed lead is open again when the outcome is taken back, which its timeline says first."""

from django.db import migrations

RETURNS = """
CREATE OR REPLACE FUNCTION assignments_check_return() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    %s
    IF OLD.status <> 'lost' OR OLD.merged_into_id IS NOT NULL OR NEW.status <> 'received' THEN
        RAISE EXCEPTION 'Lead %% is closed as %% and stays so: it cannot be set to %%. Only a lost lead is reopened, by a new enquiry.',
            NEW.id, OLD.status, NEW.status
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.owner_id IS NOT NULL OR NEW.lost_reason <> '' OR NOT EXISTS (
        SELECT FROM leads_activity WHERE lead_id = NEW.id AND kind = 'reopened' AND at = NEW.queued_at
    ) OR NEW.queued_at < OLD.closed_at OR NEW.queued_at >= OLD.closed_at + make_interval(
        days => greatest(90, (SELECT max(reopen_days) FROM leads_campaign))
    ) THEN
        RAISE EXCEPTION 'Lead %% was lost and cannot be set to received: only a new enquiry, soon enough, reopens it.', NEW.id
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""

UNDONE = """
    IF OLD.merged_into_id IS NULL AND NEW.closed_at IS NULL AND NEW.status NOT IN ('won', 'lost', 'junk') AND EXISTS (
        SELECT FROM leads_activity WHERE lead_id = NEW.id AND kind = 'undone' AND at >= OLD.closed_at
    ) THEN
        RETURN NEW;
    END IF;
"""


class Migration(migrations.Migration):
    dependencies = [("assignments", "0019_kept_by_who_entered"), ("leads", "0020_outcomes_taken_back")]
    operations = [migrations.RunSQL(RETURNS % UNDONE, RETURNS % "")]
