"""Policies of before say the same in rows, running clocks do what they would have done, and every change of a part of
a policy is a change of the configuration."""

from django.db import migrations

PARTS = ["sla_policycondition", "sla_target", "sla_rung"]

CONDITIONS = """
    INSERT INTO sla_policycondition (policy_id, position, fact, operator, value)
    SELECT policy.id, row_number() OVER (PARTITION BY policy.id ORDER BY asked.place), asked.fact, 'is', asked.value
    FROM sla_policy policy, LATERAL (
        VALUES (1, 'channel', policy.channel), (2, 'priority', policy.priority), (3, 'source', policy.source)
    ) AS asked(place, fact, value)
    WHERE asked.value <> '';
"""

TARGETS = """
    INSERT INTO sla_target (policy_id, kind, within, hours, reminders)
    SELECT id, 'respond', respond_within, CASE WHEN around_the_clock THEN 'always' ELSE 'owner' END,
        CASE WHEN remind_before IS NULL THEN '{}'::smallint[] ELSE ARRAY[least(99, greatest(1, round(
            100 - 100 * extract(epoch FROM remind_before) / extract(epoch FROM respond_within)
        )))]::smallint[] END
    FROM sla_policy;
"""

LADDERS = """
    INSERT INTO sla_rung (policy_id, kind, position, "do", after)
    SELECT policy.id, 'respond', step.position, step.what, '0'
    FROM sla_policy policy, (VALUES (1, 'notify'), (2, 'next')) AS step(position, what);
"""

REMINDED = """
    UPDATE sla_escalation escalation SET step = 'reminder ' || target.reminders[1]
    FROM sla_clock clock JOIN sla_target target ON target.policy_id = clock.policy_id
    WHERE clock.id = escalation.clock_id AND escalation.step = 'reminder' AND cardinality(target.reminders) = 1;
"""

CLOCKS = """
    WITH said AS (
        SELECT clock.id, target.reminders[1] AS share, target.hours,
            to_char(clock.wake_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"') AS wake_at,
            to_char(clock.due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"') AS due_at,
            clock.wake_at < clock.due_at AS is_early
        FROM sla_clock clock JOIN sla_target target ON target.policy_id = clock.policy_id
        WHERE clock.ended_at IS NULL
    )
    UPDATE sla_clock clock SET counts = said.hours, plan =
        CASE WHEN said.is_early AND said.share IS NOT NULL THEN jsonb_build_array(
            jsonb_build_object('at', said.wake_at, 'key', 'reminder ' || said.share, 'do', 'reminder')
        ) ELSE '[]' END || jsonb_build_array(
            jsonb_build_object('at', said.due_at, 'key', 'breach', 'do', 'breach'),
            jsonb_build_object('at', said.due_at, 'key', 'notify 1', 'do', 'notify'),
            jsonb_build_object('at', said.due_at, 'key', 'next 2', 'do', 'next')
        )
    FROM said WHERE said.id = clock.id;
    UPDATE sla_clock SET wake_at = NULL WHERE ended_at IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("sla", "0007_targets_and_ladders"), ("common", "0001_initial")]

    operations = [
        migrations.RunSQL([CONDITIONS, TARGETS, LADDERS, REMINDED, CLOCKS], migrations.RunSQL.noop),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER {table}_stamp AFTER INSERT OR DELETE OR TRUNCATE OR UPDATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION leadrouting_bump_stamp();",
                f"DROP TRIGGER {table}_stamp ON {table};",
            )
            for table in PARTS
        ),
    ]
