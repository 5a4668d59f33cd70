"""A lost lead may be reopened, and a merged one restored; nothing else leaves the closed ones."""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION assignments_check_return() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'lost' OR OLD.merged_into_id IS NOT NULL OR NEW.status <> 'received' THEN
        RAISE EXCEPTION 'Lead % is closed as % and stays so: it cannot be set to %. Only a lost lead is reopened, by a new enquiry.',
            NEW.id, OLD.status, NEW.status
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.owner_id IS NOT NULL OR NEW.lost_reason <> '' OR NOT EXISTS (
        SELECT FROM leads_activity WHERE lead_id = NEW.id AND kind = 'reopened' AND at = NEW.queued_at
    ) OR NEW.queued_at < OLD.closed_at OR NEW.queued_at >= OLD.closed_at + make_interval(
        days => greatest(90, (SELECT max(reopen_days) FROM leads_campaign))
    ) THEN
        RAISE EXCEPTION 'Lead % was lost and cannot be set to received: only a new enquiry, soon enough, reopens it.', NEW.id
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

DROP TRIGGER leads_lead_closed_for_good ON leads_lead;
CREATE TRIGGER leads_lead_closed_for_good BEFORE UPDATE OF status ON leads_lead FOR EACH ROW
WHEN (OLD.status <> NEW.status AND OLD.status IN ('won', 'lost', 'junk')
      AND NOT (OLD.status = 'junk' AND OLD.merged_into_id IS NOT NULL AND NEW.merged_into_id IS NULL))
EXECUTE FUNCTION assignments_check_return();

DROP TRIGGER leads_lead_goes_forward ON leads_lead;
CREATE TRIGGER leads_lead_goes_forward BEFORE UPDATE OF status ON leads_lead FOR EACH ROW
WHEN (OLD.status <> NEW.status AND (
    NEW.status = 'received' AND OLD.status NOT IN ('won', 'lost', 'junk')
    OR NEW.status = 'accepted' AND OLD.status IN ('contacted', 'meeting')
    OR NEW.status = 'contacted' AND OLD.status = 'meeting'
))
EXECUTE FUNCTION assignments_refuse_status('Lead %s is %s and does not go back to %s.');
"""

BACK = """
DROP TRIGGER leads_lead_goes_forward ON leads_lead;
CREATE TRIGGER leads_lead_goes_forward BEFORE UPDATE OF status ON leads_lead FOR EACH ROW
WHEN (OLD.status <> NEW.status AND (
    NEW.status = 'received'
    OR NEW.status = 'accepted' AND OLD.status IN ('contacted', 'meeting')
    OR NEW.status = 'contacted' AND OLD.status = 'meeting'
))
EXECUTE FUNCTION assignments_refuse_status('Lead %s is %s and does not go back to %s.');

DROP TRIGGER leads_lead_closed_for_good ON leads_lead;
CREATE TRIGGER leads_lead_closed_for_good BEFORE UPDATE OF status ON leads_lead FOR EACH ROW
WHEN (OLD.status <> NEW.status AND OLD.status IN ('won', 'lost', 'junk'))
EXECUTE FUNCTION assignments_refuse_status(
    'Lead %s is closed as %s and stays so: it cannot be set to %s. A new enquiry makes a new lead.'
);
DROP FUNCTION assignments_check_return();
"""


class Migration(migrations.Migration):
    dependencies = [("assignments", "0016_bulk_rerouting"), ("leads", "0011_every_lead_gets_in")]
    operations = [
        migrations.RunSQL(FORWARD, BACK),
        migrations.AlterField(
            model_name="assignment",
            name="end",
            field=models.CharField(
                blank=True,
                choices=[
                    ("declined", "Declined"),
                    ("breached", "Deadline missed"),
                    ("reassigned", "Reassigned"),
                    ("closed", "Closed, before it was reopened"),
                ],
                default="",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="decision",
            name="cause",
            field=models.CharField(
                choices=[
                    ("arrival", "New lead"),
                    ("sweep", "Found waiting"),
                    ("decline", "Declined"),
                    ("breach", "Deadline missed"),
                    ("reassign", "Reassigned by hand"),
                    ("reroute", "Routed again"),
                    ("take", "Taken from a queue"),
                    ("unrouted", "Left to people"),
                    ("return", "Came back"),
                ],
                max_length=10,
            ),
        ),
    ]
