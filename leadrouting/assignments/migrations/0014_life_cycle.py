"""A lead's status goes along the life cycle only, whoever writes it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION assignments_refuse_status() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', format(TG_ARGV[0], NEW.id, OLD.status, NEW.status)
    USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION assignments_refuse_status_given() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A new lead is received, not %: routing and people take it on from there.', NEW.status
    USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION assignments_check_assigned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM assignments_assignment WHERE lead_id = NEW.id AND ended_at IS NULL) THEN
        RAISE EXCEPTION 'Lead % is % and cannot be set to assigned: only a new assignment does that.', NEW.id, OLD.status
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER leads_lead_begins BEFORE INSERT ON leads_lead FOR EACH ROW
WHEN (NEW.status <> 'received') EXECUTE FUNCTION assignments_refuse_status_given();

CREATE TRIGGER leads_lead_closed_for_good BEFORE UPDATE OF status ON leads_lead FOR EACH ROW
WHEN (OLD.status <> NEW.status AND OLD.status IN ('won', 'lost', 'junk'))
EXECUTE FUNCTION assignments_refuse_status(
    'Lead %s is closed as %s and stays so: it cannot be set to %s. A new enquiry makes a new lead.'
);

CREATE TRIGGER leads_lead_goes_forward BEFORE UPDATE OF status ON leads_lead FOR EACH ROW
WHEN (OLD.status <> NEW.status AND (
    NEW.status = 'received'
    OR NEW.status = 'accepted' AND OLD.status IN ('contacted', 'meeting')
    OR NEW.status = 'contacted' AND OLD.status = 'meeting'
))
EXECUTE FUNCTION assignments_refuse_status('Lead %s is %s and does not go back to %s.');

CREATE TRIGGER leads_lead_assigned_anew BEFORE UPDATE OF status ON leads_lead FOR EACH ROW
WHEN (NEW.status = 'assigned' AND OLD.status IN ('accepted', 'contacted', 'meeting'))
EXECUTE FUNCTION assignments_check_assigned();

CREATE TRIGGER leads_lead_assigned_first BEFORE UPDATE OF status ON leads_lead FOR EACH ROW
WHEN (OLD.status IN ('received', 'queued') AND NEW.status IN ('accepted', 'contacted', 'meeting', 'won'))
EXECUTE FUNCTION assignments_refuse_status('Lead %s is %s: it must be assigned before it can be %s.');
"""

BACK = """
DROP TRIGGER leads_lead_assigned_first ON leads_lead;
DROP TRIGGER leads_lead_assigned_anew ON leads_lead;
DROP TRIGGER leads_lead_goes_forward ON leads_lead;
DROP TRIGGER leads_lead_closed_for_good ON leads_lead;
DROP TRIGGER leads_lead_begins ON leads_lead;
DROP FUNCTION assignments_check_assigned();
DROP FUNCTION assignments_refuse_status_given();
DROP FUNCTION assignments_refuse_status();
"""


class Migration(migrations.Migration):
    dependencies = [("assignments", "0013_stirs"), ("leads", "0008_waits_as")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
