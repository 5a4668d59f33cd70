"""What must never be seen in the tables, as statements that find it. Outside the product: they read tables."""

BROKEN = {
    "the owner is that of the one open assignment": """
        SELECT lead.id FROM leads_lead lead LEFT JOIN assignments_assignment held
            ON held.lead_id = lead.id AND upper(held.period) IS NULL
        GROUP BY lead.id HAVING count(held) > 1 OR max(held.rep_id) IS DISTINCT FROM lead.owner_id""",
    "every open lead has an owner or a queue, not both": """
        SELECT id FROM leads_lead WHERE status NOT IN ('won', 'lost', 'junk')
            AND (owner_id IS NULL) = (queue_id IS NULL)""",
    "no two spans of ownership overlap": """
        SELECT one.lead_id FROM assignments_assignment one JOIN assignments_assignment two
            ON one.lead_id = two.lead_id AND one.decision_id < two.decision_id AND one.period && two.period""",
    "open conversations are counted": """
        SELECT load.rep_id FROM assignments_load load WHERE load.open <> (SELECT count(*) FROM leads_lead
            WHERE owner_id = load.rep_id AND status NOT IN ('won', 'lost', 'junk'))""",
    "credits and rest sum to nought": """
        SELECT pool_id FROM assignments_rotation
            WHERE rest + (SELECT coalesce(sum(credit), 0) FROM unnest(credits) credit) <> 0""",
    "clocks run for open assignments of open leads alone": """
        SELECT clock.id FROM sla_clock clock JOIN assignments_assignment held ON held.decision_id = clock.assignment_id
            JOIN leads_lead lead ON lead.id = clock.lead_id
        WHERE (clock.ended_at IS NULL OR clock.wake_at IS NOT NULL)
            AND (upper(held.period) IS NOT NULL OR lead.status IN ('won', 'lost', 'junk'))""",
    "a step is taken once": "SELECT clock_id FROM sla_escalation GROUP BY clock_id, step HAVING count(*) > 1",
    "nothing is done by a clock that was silenced": """
        SELECT done.id FROM sla_escalation done JOIN sla_clock clock ON clock.id = done.clock_id
        WHERE clock.outcome IN ('met', 'cancelled') AND done.acted_at > clock.ended_at""",
    "a clock that no pause holds is woken": """
        SELECT clock.id FROM sla_clock clock WHERE ended_at IS NULL AND wake_at IS NULL AND NOT EXISTS (
            SELECT FROM sla_pause pause WHERE pause.lead_id = clock.lead_id AND pause.ends_at IS NULL)""",
    "no clock ends by itself before its deadline": """
        SELECT clock.id FROM sla_clock clock WHERE outcome = 'missed' AND ended_at < due_at""",
    "one answer is waited for once, and once more each time that the prospect writes": """
        SELECT clock.assignment_id FROM sla_clock clock WHERE kind <> 'follow_up'
        GROUP BY clock.assignment_id, clock.lead_id, clock.kind HAVING count(*) > 1 + (
            SELECT count(*) FROM leads_activity said WHERE said.lead_id IN (clock.lead_id, (
                    SELECT merged_into_id FROM leads_lead WHERE id = clock.lead_id))
                AND said.kind IN ('enquiry', 'reply') AND clock.kind = 'respond')""",
    "each follow-up has an answer of its own": """
        SELECT clock.assignment_id FROM sla_clock clock WHERE kind = 'follow_up'
        GROUP BY clock.assignment_id, clock.lead_id, clock.rep_id HAVING count(*) > (
            SELECT count(*) FROM leads_activity said WHERE said.lead_id IN (clock.lead_id, (
                    SELECT merged_into_id FROM leads_lead WHERE id = clock.lead_id))
                AND said.actor_id = clock.rep_id AND said.kind IN ('response', 'attempt'))""",
    "moves are bounded": """
        SELECT moved.lead_id FROM assignments_decision moved
        WHERE cause = 'breach' AND rep_id IS NOT NULL AND id > coalesce((
            SELECT max(decision_id) FROM assignments_assignment held
            WHERE held.lead_id = moved.lead_id AND held."end" = 'closed'), 0)
            AND NOT EXISTS (SELECT FROM assignments_decision chosen WHERE chosen.lead_id = moved.lead_id
                AND chosen.cause IN ('reassign', 'take') AND chosen.id > moved.id)
            AND NOT EXISTS (SELECT FROM leads_activity said WHERE said.lead_id = moved.lead_id
                AND said.kind = 'enquiry' AND said.at > moved.decided_at)
            AND NOT EXISTS (SELECT FROM assignments_merge merged WHERE moved.lead_id IN (kept_id, other_id))
        GROUP BY lead_id HAVING count(*) > 2""",
    "a note to the next owner is kept with the move that it was made for, and only then": """
        SELECT note.id FROM leads_activity note WHERE note.kind = 'handover' AND NOT EXISTS (
            SELECT FROM assignments_decision moved JOIN leads_lead lead ON lead.id = moved.lead_id
            WHERE note.lead_id IN (lead.id, lead.merged_into_id) AND moved.decided_at = note.at
                AND moved.cause IN ('decline', 'reassign') AND moved.actor_id = note.actor_id)""",
    "a lead that was passed on says why": """
        SELECT id FROM assignments_decision WHERE cause IN ('decline', 'reassign') AND reason = ''""",
    "who declined is not asked again by itself": """
        SELECT given.id FROM assignments_decision given JOIN assignments_assignment had ON had.lead_id = given.lead_id
            AND had.rep_id = given.rep_id AND had."end" = 'declined' AND had.decision_id < given.id
        WHERE given.cause IN ('arrival', 'sweep', 'decline', 'breach') AND NOT EXISTS (
            SELECT FROM assignments_assignment closed WHERE closed.lead_id = given.lead_id AND closed."end" = 'closed'
                AND closed.decision_id >= had.decision_id)""",
    "no two decisions after one another say the same of a wait": """
        SELECT id FROM (SELECT id, lead_id, cause, actor_id, queue_id, rule_id, step, tried, reason,
            lag(queue_id) OVER line AS was_in, lag(tried) OVER line AS had_tried, lag(rule_id) OVER line AS by_rule,
            lag(reason) OVER line AS said FROM assignments_decision WINDOW line AS (PARTITION BY lead_id ORDER BY id)) one
        WHERE queue_id = was_in AND tried = had_tried AND rule_id IS NOT DISTINCT FROM by_rule AND reason = said
            AND actor_id IS NULL AND cause IN ('arrival', 'sweep', 'unrouted')""",
    "a missed deadline has its step": """
        SELECT clock.id FROM sla_clock clock WHERE outcome = 'missed' AND NOT EXISTS (
            SELECT FROM sla_escalation done WHERE done.clock_id = clock.id AND done.step = 'breach')""",
    "what was merged is closed, and no longer anybody's second": """
        SELECT gone.id FROM leads_lead gone JOIN leads_lead kept ON kept.id = gone.merged_into_id
        WHERE gone.closed_at IS NULL OR kept.merged_into_id IS NOT NULL""",
}
LATE = "SELECT id FROM sla_clock WHERE wake_at <= %s OR (ended_at IS NULL AND wake_at IS NOT NULL AND due_at < %s)"
UNSKILLED = """
    SELECT given.id FROM assignments_decision given WHERE id > %s AND cause IN ('arrival', 'sweep', 'decline')
        AND rule_name = 'Rule 1' AND rep_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM teams_repskill known WHERE known.rep_id = given.rep_id AND known.level >= 2)
"""
OVER = """
    SELECT load.rep_id FROM assignments_load load JOIN teams_rep rep ON rep.user_id = load.rep_id
    WHERE load.open > rep.max_open AND EXISTS (SELECT FROM assignments_decision
        WHERE id > %s AND rep_id = load.rep_id AND NOT passed_cap)
"""
