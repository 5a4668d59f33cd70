-- The judge: outside the product, it reads tables. One row for each rule: how often it is broken, and where first.

WITH step AS (  -- each step of each plan: when it was due, done, and what came in between
    SELECT plan.clock, plan.key, plan.do_what, plan.at AS due, clock.kind, clock.due_at, clock.lead_id,
        (SELECT count(*) FROM sla_escalation done WHERE done.clock_id = plan.clock AND done.step = plan.key) AS times,
        (SELECT min(act.at) FROM chaos_act act WHERE act.clock = plan.clock) AS first_act,
        (SELECT max(done.acted_at) FROM sla_escalation done
            WHERE done.clock_id = plan.clock AND done.step NOT LIKE 'reminder%') AS missed,
        (SELECT responded_at FROM assignments_assignment WHERE decision_id = clock.assignment_id) AS answered,
        (SELECT min(event.at) FROM chaos_event event WHERE event.assignment = clock.assignment_id
            AND (event.what = 'ended' OR event.what = 'answered' AND clock.kind <> 'follow_up'
                OR event.what = 'accepted' AND clock.kind = 'accept')) AS over
    FROM chaos_plan plan JOIN sla_clock clock ON clock.id = plan.clock
),
act AS (  -- each step that was taken, beside what was planned
    SELECT done.clock_id AS clock, done.step, done.acted_at, chaos_act.at AS recorded, plan.at AS due, clock.assignment_id,
        clock.kind
    FROM sla_escalation done JOIN sla_clock clock ON clock.id = done.clock_id
    LEFT JOIN chaos_plan plan ON plan.clock = done.clock_id AND plan.key = done.step
    LEFT JOIN chaos_act ON chaos_act.clock = done.clock_id AND chaos_act.step = done.step
),
told AS (
    SELECT split_part(dedupe_key, ':', 2)::bigint AS clock, count(*) AS messages FROM notifications_message
    WHERE dedupe_key LIKE 'breach:%' GROUP BY 1
),
open AS (
    SELECT lead_id AS lead, count(*) AS owners, min(rep_id) AS rep FROM assignments_assignment
    WHERE upper(period) IS NULL GROUP BY lead_id
),
broken AS (
    SELECT 'every lead that was sent is there' AS rule, external_id AS what FROM chaos_expected
        WHERE NOT EXISTS (SELECT FROM leads_lead WHERE leads_lead.external_id = chaos_expected.external_id)
    UNION ALL SELECT 'no lead is there that was not sent', id::text FROM leads_lead
        WHERE external_id IS NULL OR external_id NOT IN (SELECT external_id FROM chaos_expected)
    UNION ALL SELECT 'a lead has one open owner or one queue, never both or neither', lead.id::text
        FROM leads_lead lead LEFT JOIN open ON open.lead = lead.id
        WHERE (coalesce(open.owners, 0) = 1) = (lead.queue_id IS NOT NULL) OR open.owners > 1
    UNION ALL SELECT 'the lead''s owner is the open one of its history', lead.id::text
        FROM leads_lead lead LEFT JOIN open ON open.lead = lead.id WHERE lead.owner_id IS DISTINCT FROM open.rep
    UNION ALL SELECT 'no two spans of ownership of a lead overlap', one.lead_id::text
        FROM assignments_assignment one JOIN assignments_assignment two
        ON two.lead_id = one.lead_id AND two.decision_id > one.decision_id AND two.period && one.period
    UNION ALL SELECT 'every lead was routed', lead.id::text FROM leads_lead lead
        WHERE NOT EXISTS (SELECT FROM assignments_decision WHERE lead_id = lead.id) OR lead.route_at IS NOT NULL
    UNION ALL SELECT 'every span of ownership has its clocks', assignment.decision_id::text
        FROM assignments_assignment assignment WHERE 2 <> (SELECT count(*) FROM sla_clock clock
            WHERE clock.assignment_id = assignment.decision_id AND clock.kind IN ('accept', 'respond'))
    UNION ALL SELECT 'nothing is left to do', id::text FROM sla_clock WHERE wake_at IS NOT NULL
    UNION ALL SELECT 'no step is taken twice', format('%s of clock %s', key, clock) FROM step WHERE times > 1
    UNION ALL SELECT 'no step is taken that was not planned', format('%s of clock %s', step, clock)
        FROM act WHERE due IS NULL
    UNION ALL SELECT 'no step is taken before its time', format('%s of clock %s', step, clock)
        FROM act WHERE acted_at < due
    UNION ALL SELECT 'no step is taken after the answer or the end', format('%s of clock %s', act.step, act.clock)
        FROM act JOIN chaos_event event ON event.assignment = act.assignment_id AND event.at < act.recorded
        WHERE event.what = 'ended' OR event.what = 'answered' AND act.kind <> 'follow_up'
            OR event.what = 'accepted' AND act.kind = 'accept'
    -- A late reminder gives way to what comes after it; else only the owner, or the loss of the lead, was quicker.
    UNION ALL SELECT 'every step that was due is taken', format('%s of clock %s', key, clock) FROM step
        WHERE times = 0 AND (over IS NULL OR over > due + interval '60 seconds')
            AND NOT (do_what = 'reminder' AND missed IS NOT NULL AND first_act >= due_at)
    UNION ALL SELECT 'a missed deadline has all that it implies', format('%s of clock %s', key, clock) FROM step
        WHERE times = 0 AND do_what <> 'reminder' AND missed >= due
            AND NOT (do_what = 'next' AND answered <= missed) -- a late answer was quicker: the lead stays
    UNION ALL SELECT 'who missed is said to have missed', clock::text FROM act JOIN sla_clock ON sla_clock.id = clock
        WHERE step = 'breach' AND outcome <> 'missed'
    UNION ALL SELECT 'a lead that moves has one decision and one end of ownership for it', format('clock %s', clock)
        FROM act JOIN assignments_assignment assignment ON assignment.decision_id = act.assignment_id
        WHERE step LIKE 'next%' AND (assignment."end" <> 'breached'
            OR 1 <> (SELECT count(*) FROM assignments_decision decision WHERE decision.lead_id = assignment.lead_id
                AND decision.cause = 'breach' AND decision.decided_at = act.acted_at))
    UNION ALL SELECT 'nothing else moves a lead', lead_id::text FROM assignments_decision decision
        WHERE cause = 'breach' AND NOT EXISTS (SELECT FROM act JOIN sla_clock ON sla_clock.id = clock
            WHERE step LIKE 'next%' AND sla_clock.lead_id = decision.lead_id AND acted_at = decision.decided_at)
    UNION ALL SELECT 'no lead moves more often than the policy allows', lead_id::text
        FROM assignments_decision WHERE cause = 'breach' GROUP BY lead_id HAVING count(*) > 3
    UNION ALL SELECT 'whoever is to be told is told', format('clock %s', act.clock)
        FROM act LEFT JOIN told ON told.clock = act.clock
        WHERE step LIKE 'notify%' AND messages IS DISTINCT FROM 2
)
SELECT rule, count(*), min(what) FROM broken GROUP BY rule ORDER BY rule;
