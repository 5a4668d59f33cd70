-- What the judge needs besides the product's own tables: written by triggers, in the order in which it happened.

CREATE TABLE chaos_expected (external_id text PRIMARY KEY);

-- What each clock was to do, and when, as it stood when the clock started. The product uses its plan up.
CREATE TABLE chaos_plan (
    clock bigint NOT NULL, key text NOT NULL, do_what text NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (clock, key)
);
CREATE FUNCTION chaos_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO chaos_plan
    SELECT NEW.id, step->>'key', step->>'do', (step->>'at')::timestamptz FROM jsonb_array_elements(NEW.plan) step;
    RETURN NEW;
END $$;
CREATE TRIGGER chaos_plan AFTER INSERT ON sla_clock FOR EACH ROW EXECUTE FUNCTION chaos_plan();

-- What was done, and when by the server's own clock.
CREATE TABLE chaos_act (
    clock bigint NOT NULL, step text NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON chaos_act (clock);
CREATE FUNCTION chaos_act() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO chaos_act (clock, step) VALUES (NEW.clock_id, NEW.step);
    RETURN NEW;
END $$;
CREATE TRIGGER chaos_act AFTER INSERT ON sla_escalation FOR EACH ROW EXECUTE FUNCTION chaos_act();

-- What an owner did, or that ownership ended.
CREATE TABLE chaos_event (
    assignment bigint NOT NULL, what text NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON chaos_event (assignment);
CREATE FUNCTION chaos_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.accepted_at IS NULL AND NEW.accepted_at IS NOT NULL THEN
        INSERT INTO chaos_event (assignment, what) VALUES (NEW.decision_id, 'accepted');
    END IF;
    IF OLD.responded_at IS NULL AND NEW.responded_at IS NOT NULL THEN
        INSERT INTO chaos_event (assignment, what) VALUES (NEW.decision_id, 'answered');
    END IF;
    IF upper(OLD.period) IS NULL AND upper(NEW.period) IS NOT NULL THEN
        INSERT INTO chaos_event (assignment, what) VALUES (NEW.decision_id, 'ended');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER chaos_event AFTER UPDATE ON assignments_assignment FOR EACH ROW EXECUTE FUNCTION chaos_event();
