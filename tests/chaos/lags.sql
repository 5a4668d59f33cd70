-- From the instant that was planned to the record of the act, in seconds.

SELECT extract(epoch FROM act.at - plan.at)::float
FROM chaos_act act JOIN chaos_plan plan ON plan.clock = act.clock AND plan.key = act.step
ORDER BY 1;
