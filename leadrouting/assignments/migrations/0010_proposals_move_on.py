"""A proposal is about one owner of an open lead: when either is over, nobody is asked any more."""

from django.db import migrations

WITHDRAW = """
UPDATE assignments_proposal AS proposal
SET state = 'obsolete', settled_at = coalesce(assignment.ended_at, lead.closed_at)
FROM assignments_assignment AS assignment, leads_lead AS lead
WHERE proposal.state = 'open' AND assignment.decision_id = proposal.assignment_id AND lead.id = proposal.lead_id
  AND (assignment.ended_at IS NOT NULL OR lead.closed_at IS NOT NULL);
"""

TRIGGERS = """
CREATE FUNCTION leadrouting_withdraw_of_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE assignments_proposal SET state = 'obsolete', settled_at = NEW.ended_at
    WHERE assignment_id = NEW.decision_id AND state = 'open';
    RETURN NULL;
END $$;
CREATE TRIGGER assignments_assignment_withdraws AFTER UPDATE OF ended_at ON assignments_assignment
FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL)
EXECUTE FUNCTION leadrouting_withdraw_of_assignment();

CREATE FUNCTION leadrouting_withdraw_of_lead() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE assignments_proposal SET state = 'obsolete', settled_at = NEW.closed_at
    WHERE lead_id = NEW.id AND state = 'open';
    RETURN NULL;
END $$;
CREATE TRIGGER leads_lead_withdraws AFTER UPDATE OF closed_at ON leads_lead
FOR EACH ROW WHEN (OLD.closed_at IS NULL AND NEW.closed_at IS NOT NULL)
EXECUTE FUNCTION leadrouting_withdraw_of_lead();
"""

BACK = """
DROP TRIGGER leads_lead_withdraws ON leads_lead;
DROP TRIGGER assignments_assignment_withdraws ON assignments_assignment;
DROP FUNCTION leadrouting_withdraw_of_lead();
DROP FUNCTION leadrouting_withdraw_of_assignment();
"""


class Migration(migrations.Migration):
    dependencies = [("assignments", "0009_rosters_after_hours"), ("leads", "0006_attributes")]

    operations = [
        migrations.RunSQL(WITHDRAW, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, BACK),
    ]
