"""An account has any number of e-mail domains; nothing lies above itself, whoever writes it and however."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Lower

MOVE = """
INSERT INTO leads_accountdomain (account_id, domain)
SELECT min(id), lower(domain) FROM leads_account WHERE domain LIKE '%.%' GROUP BY lower(domain);
SET CONSTRAINTS ALL IMMEDIATE;
"""
BACK = """
UPDATE leads_account SET domain = found.domain
FROM (
    SELECT account_id, min(domain) AS domain FROM leads_accountdomain WHERE length(domain) <= 120 GROUP BY account_id
) found WHERE found.account_id = leads_account.id;
SET CONSTRAINTS ALL IMMEDIATE;
"""
NO_CIRCLES = """
CREATE FUNCTION leads_account_no_circle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('leads_account_no_circle'));
    IF EXISTS (
        WITH RECURSIVE above(id) AS (
            SELECT parent_id FROM leads_account WHERE id = NEW.id AND parent_id IS NOT NULL
            UNION
            SELECT account.parent_id FROM leads_account account JOIN above ON account.id = above.id
            WHERE account.parent_id IS NOT NULL
        )
        SELECT FROM above WHERE id = NEW.id
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', TABLE = 'leads_account',
            CONSTRAINT = 'account_not_above_itself', MESSAGE = 'This account would lie above itself.';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER account_not_above_itself AFTER INSERT OR UPDATE OF parent_id ON leads_account
DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL)
EXECUTE FUNCTION leads_account_no_circle();
"""
CIRCLES = """
DROP TRIGGER account_not_above_itself ON leads_account;
DROP FUNCTION leads_account_no_circle();
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0015_accounts_above")]

    operations = [
        migrations.CreateModel(
            name="AccountDomain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("domain", models.CharField(max_length=190, unique=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="domains", to="leads.account"
                    ),
                ),
            ],
            options={"ordering": ["domain"]},
        ),
        migrations.AddConstraint(
            model_name="accountdomain",
            constraint=models.CheckConstraint(
                condition=Q(domain=Lower("domain"), domain__contains="."), name="account_domain_written_so"
            ),
        ),
        migrations.RunSQL(MOVE, BACK),
        migrations.RemoveConstraint(model_name="account", name="account_domain_once"),
        migrations.RemoveField(model_name="account", name="domain"),
        migrations.AddField(
            model_name="account",
            name="external_id",
            field=models.CharField(
                blank=True,
                help_text="What it is called in the CRM, by which an import finds it again.",
                max_length=120,
                null=True,
                unique=True,
            ),
        ),
        migrations.RunSQL(NO_CIRCLES, CIRCLES),
    ]
