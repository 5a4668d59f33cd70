-- Steps that were due, but the owner's answer or the loss of the lead came before the pulse: how many, and how much
-- later than planned at most, in seconds.

SELECT count(*), coalesce(max(extract(epoch FROM event.at - plan.at)), 0)::float
FROM chaos_plan plan JOIN sla_clock clock ON clock.id = plan.clock
CROSS JOIN LATERAL (SELECT min(event.at) AS at FROM chaos_event event WHERE event.assignment = clock.assignment_id
    AND (event.what = 'ended' OR event.what = 'answered' AND clock.kind <> 'follow_up'
        OR event.what = 'accepted' AND clock.kind = 'accept')) event
WHERE event.at > plan.at AND plan.do_what <> 'reminder'
    AND NOT EXISTS (SELECT FROM sla_escalation done WHERE done.clock_id = plan.clock AND done.step = plan.key);
