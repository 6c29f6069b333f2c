-- What happens, in one table, for whoever watches (docs/events.md). Triggers fill it in the transactions in which it happens, so that no
-- writer can forget to; docs/decisions/0015-events-by-snapshot.md says why it is read as it is.

-- Read for all tenants at once, in the order of transactions: so the key begins with the transaction, and the tenant is compared in
-- each read. Rows are forgotten after a day.
CREATE TABLE sluice.events (
  tenant_id text NOT NULL,
  transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
  event_id bigint GENERATED ALWAYS AS IDENTITY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  kind text NOT NULL,
  job_id uuid,
  document_id uuid,
  call_id uuid,
  data json NOT NULL,
  PRIMARY KEY (transaction_id, event_id)
);
COMMENT ON TABLE sluice.events IS 'never with document content, file names or secrets';

-- Which numbering of transactions the readers' positions belong to. Not logged, so that it is empty after a crash and on a standby that
-- takes over: there, numbers of transactions that had not reached the disk are given again, and what a reader has seen means nothing.
CREATE UNLOGGED TABLE sluice.event_stream (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  stream_id uuid NOT NULL DEFAULT gen_random_uuid(),
  forgotten_until xid8 NOT NULL DEFAULT '0'
);
COMMENT ON COLUMN sluice.event_stream.forgotten_until IS 'the last transaction of which an event has been forgotten';

CREATE FUNCTION sluice.tell_of_jobs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO sluice.events (tenant_id, kind, at, job_id, document_id, data)
  SELECT a.tenant_id, 'job', a.at, a.job_id, j.document_id, json_build_object('versionId', j.version_id, 'stage', a.stage,
    'state', a.state, 'reason', a.reason, 'token', a.token, 'errorCode', a.error_code, 'wakeAt', j.wake_at,
    'deferralReason', CASE WHEN a.state = 'deferred' THEN j.deferral_reason END,
    'budgetId', CASE WHEN a.state = 'deferred' THEN j.deferral_budget_id END)
  FROM added a CROSS JOIN LATERAL (
    SELECT * FROM sluice.jobs j WHERE j.tenant_id = a.tenant_id AND j.job_id = a.job_id OFFSET 0) j
  ORDER BY a.event_id;
  RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT ON sluice.job_events REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION sluice.tell_of_jobs();

CREATE FUNCTION sluice.tell_of_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO sluice.events (tenant_id, kind, job_id, document_id, call_id, data)
  SELECT a.tenant_id, 'ledger', a.job_id, a.document_id, a.call_id, json_build_object('entryId', a.entry_id, 'entry', a.kind,
    'service', a.service, 'provider', a.provider, 'model', a.model, 'simulated', a.simulated, 'purpose', a.purpose,
    'units', a.units::text, 'costNanoUsd', a.cost_nano_usd::text, 'shadowNanoUsd', a.shadow_nano_usd::text,
    'heldNanoUsd', a.held_nano_usd::text, 'heldShadowNanoUsd', a.held_shadow_nano_usd::text,
    'avoidedNanoUsd', a.avoided_nano_usd::text, 'avoidedShadowNanoUsd', a.avoided_shadow_nano_usd::text)
  FROM added a;
  RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT ON sluice.ledger_entries REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION sluice.tell_of_entries();

-- A hold that lost the race for the last money takes its entries back before anybody has seen them.
CREATE FUNCTION sluice.untell_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM sluice.events e USING removed r
  WHERE e.transaction_id = pg_current_xact_id() AND e.kind = 'ledger' AND e.data->>'entryId' = r.entry_id::text;
  RETURN NULL;
END $$;
CREATE TRIGGER untell AFTER DELETE ON sluice.ledger_entries REFERENCING OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION sluice.untell_entries();

CREATE FUNCTION sluice.tell_of_decisions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO sluice.events (tenant_id, kind, at, job_id, document_id, data)
  SELECT a.tenant_id, 'decision', a.at, a.job_id, a.document_id, json_build_object('decisionId', a.decision_id, 'service', a.service,
    'outcome', a.outcome, 'provider', a.provider, 'model', a.decision->'model', 'mode', a.decision->'mode',
    'policy', a.decision->'policy', 'provisional', a.decision->'provisional', 'until', a.decision->'until')
  FROM added a ORDER BY a.at;
  RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT ON sluice.route_decisions REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION sluice.tell_of_decisions();

-- The rest is rare: a row at a time, and nothing at all where nothing changes.

CREATE FUNCTION sluice.tell_of_alert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO sluice.events (tenant_id, kind, data)
  VALUES (NEW.tenant_id, 'alert', json_build_object('alert', NEW.kind, 'subject', NEW.subject, 'details', NEW.details));
  RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT ON sluice.alerts FOR EACH ROW EXECUTE FUNCTION sluice.tell_of_alert();

CREATE FUNCTION sluice.tell_of_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO sluice.events (tenant_id, kind, data) VALUES (NEW.tenant_id, 'audit', json_build_object('actor', NEW.actor,
    'action', NEW.action, 'subject', NEW.subject, 'details', NEW.details));
  RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT ON sluice.audit_events FOR EACH ROW EXECUTE FUNCTION sluice.tell_of_audit();

CREATE FUNCTION sluice.tell_of_provider() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO sluice.events (tenant_id, kind, data) VALUES ('*', 'provider', json_build_object('provider', NEW.provider,
    'state', NEW.state, 'retryAt', NEW.retry_at, 'reason', NEW.reason));
  RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER UPDATE ON sluice.provider_health FOR EACH ROW WHEN (OLD.state <> NEW.state)
  EXECUTE FUNCTION sluice.tell_of_provider();

CREATE FUNCTION sluice.tell_of_budget() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE b sluice.budgets := coalesce(NEW, OLD);
BEGIN
  INSERT INTO sluice.events (tenant_id, kind, data) VALUES (b.tenant_id, 'budget', json_build_object('budgetId', b.budget_id,
    'change', CASE TG_OP WHEN 'DELETE' THEN 'removed' ELSE 'set' END, 'service', b.service, 'provider', b.provider,
    'apiKeyId', b.api_key_id, 'tag', b.tag, 'money', b.money, 'capNanoUsd', b.cap_nano_usd::text, 'period', b.period,
    'timeZone', b.time_zone, 'policy', b.policy, 'alertPercents', b.alert_percents));
  RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT OR DELETE ON sluice.budgets FOR EACH ROW EXECUTE FUNCTION sluice.tell_of_budget();
-- Those of the configuration are set again at each start, mostly to what they are.
CREATE TRIGGER tell_of_change AFTER UPDATE ON sluice.budgets FOR EACH ROW
  WHEN ((OLD.cap_nano_usd, OLD.policy, OLD.alert_percents) IS DISTINCT FROM (NEW.cap_nano_usd, NEW.policy, NEW.alert_percents))
  EXECUTE FUNCTION sluice.tell_of_budget();

CREATE FUNCTION sluice.tell_of_document() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE d sluice.documents := coalesce(NEW, OLD);
BEGIN
  INSERT INTO sluice.events (tenant_id, kind, document_id, data) VALUES (d.tenant_id, 'document', d.document_id, json_build_object(
    'change', CASE TG_OP WHEN 'INSERT' THEN 'created' WHEN 'DELETE' THEN 'deleted' ELSE 'live' END, 'liveVersionId', d.live_version_id));
  RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT OR DELETE ON sluice.documents FOR EACH ROW EXECUTE FUNCTION sluice.tell_of_document();
CREATE TRIGGER tell_of_live AFTER UPDATE OF live_version_id ON sluice.documents FOR EACH ROW
  WHEN (OLD.live_version_id IS DISTINCT FROM NEW.live_version_id) EXECUTE FUNCTION sluice.tell_of_document();

CREATE FUNCTION sluice.tell_of_reembedding() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO sluice.events (tenant_id, kind, data) VALUES (NEW.tenant_id, 'reembedding', json_build_object(
    'reembeddingId', NEW.reembedding_id, 'state', NEW.state, 'spaceId', NEW.space_id, 'errorCode', NEW.error_code));
  RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT ON sluice.reembeddings FOR EACH ROW EXECUTE FUNCTION sluice.tell_of_reembedding();
CREATE TRIGGER tell_of_end AFTER UPDATE OF state ON sluice.reembeddings FOR EACH ROW WHEN (OLD.state <> NEW.state)
  EXECUTE FUNCTION sluice.tell_of_reembedding();
