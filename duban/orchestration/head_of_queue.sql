-- Head of queue: a run one of whose tasks has just ended is the next that the scheduler looks at.
-- Nothing here ever waits for a lock, and nothing here can fail a transaction of Airflow's (see decision 0003).

CREATE SCHEMA IF NOT EXISTS duban_queue;

-- Runs whose row another transaction held when their task ended. No key: adding a row must never wait.
CREATE TABLE IF NOT EXISTS duban_queue.missed (run integer NOT NULL);
CREATE INDEX IF NOT EXISTS missed_run ON duban_queue.missed (run);

CREATE OR REPLACE FUNCTION duban_queue.task_ended() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $body$
DECLARE
    wanted integer;
BEGIN
    SELECT id INTO wanted FROM dag_run WHERE dag_id = NEW.dag_id AND run_id = NEW.run_id AND state = 'running';
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    PERFORM FROM dag_run WHERE id = wanted FOR NO KEY UPDATE SKIP LOCKED;
    IF FOUND THEN
        UPDATE dag_run SET last_scheduling_decision = NULL WHERE id = wanted AND last_scheduling_decision IS NOT NULL;
    ELSE
        -- The scheduler is looking at the run just now and may have looked at this task before it ended.
        INSERT INTO duban_queue.missed VALUES (wanted);
    END IF;
    RETURN NULL;
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;  -- a run that waits its turn is late; a task whose end is not recorded is lost
END
$body$;

CREATE OR REPLACE FUNCTION duban_queue.run_looked_at() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $body$
BEGIN
    DELETE FROM duban_queue.missed WHERE run = NEW.id;
    IF FOUND THEN
        UPDATE dag_run SET last_scheduling_decision = NULL WHERE id = NEW.id AND state = 'running';
    END IF;
    RETURN NULL;
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END
$body$;

-- Deferred: both run when the transaction commits, so the time in which a run can be missed is as short as it can be.
DROP TRIGGER IF EXISTS duban_task_ended ON task_instance;
CREATE CONSTRAINT TRIGGER duban_task_ended AFTER UPDATE OF state ON task_instance
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.state IN ('success', 'failed', 'skipped', 'upstream_failed', 'removed')
          AND OLD.state IS DISTINCT FROM NEW.state)
    EXECUTE FUNCTION duban_queue.task_ended();

DROP TRIGGER IF EXISTS duban_run_looked_at ON dag_run;
CREATE CONSTRAINT TRIGGER duban_run_looked_at AFTER UPDATE OF last_scheduling_decision ON dag_run
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.last_scheduling_decision IS NOT NULL)
    EXECUTE FUNCTION duban_queue.run_looked_at();
