-- Sums of the ledger's entries, kept by the ledger's own writes: what the costs are read from (docs/decisions/0017-sums-in-two-steps.md).

-- By spans of one and of six whole UTC hours of `booked_at`, each entry in one of either. Nobody writes here while money moves; what is not in it yet stands in spending_changes.
CREATE TABLE sluice.spending (
  tenant_id text NOT NULL,
  hours smallint NOT NULL,
  span_start timestamptz NOT NULL,
  service text NOT NULL,
  purpose text NOT NULL,
  provider text NOT NULL,
  model text NOT NULL,
  simulated boolean NOT NULL,
  of_document boolean NOT NULL,
  entries bigint NOT NULL,
  calls bigint NOT NULL,
  units bigint NOT NULL,
  cost_nano_usd bigint NOT NULL,
  shadow_nano_usd bigint NOT NULL,
  held_nano_usd bigint NOT NULL,
  avoided_nano_usd bigint NOT NULL,
  avoided_shadow_nano_usd bigint NOT NULL,
  PRIMARY KEY (tenant_id, hours, span_start, service, purpose, provider, model, simulated, of_document)
);
CREATE INDEX spending_by_start ON sluice.spending (hours, span_start);

CREATE FUNCTION sluice.span_of(hours int, at timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
  SELECT date_bin(hours * interval '1 hour', at, '2000-01-01T00:00:00Z')
$$;
COMMENT ON COLUMN sluice.spending.calls IS 'those that were settled; all shares of a call are settled by one statement, and are of documents, or none is';

-- The same for budgets of a tag or an API key. An entry is here under each of its tags, and with an API key once more without a tag; what
-- has neither is not here.
CREATE TABLE sluice.spending_by_label (
  tenant_id text NOT NULL,
  tag text NOT NULL,
  api_key text NOT NULL,
  hour timestamptz NOT NULL,
  service text NOT NULL,
  provider text NOT NULL,
  cost_nano_usd bigint NOT NULL,
  shadow_nano_usd bigint NOT NULL,
  PRIMARY KEY (tenant_id, tag, api_key, hour, service, provider)
);
COMMENT ON COLUMN sluice.spending_by_label.tag IS 'empty: whatever the tags are';
COMMENT ON COLUMN sluice.spending_by_label.api_key IS 'empty: none';

CREATE FUNCTION sluice.labels_of(tags text[], api_key uuid) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $$
  SELECT DISTINCT unnest(CASE WHEN api_key IS NULL THEN tags ELSE tags || ''::text END)
$$;

-- Each entry that is not in the sums yet, and with the sign -1 each that was taken back. It has no key, since it is only appended to,
-- and emptied by whoever adds it to the sums.
CREATE TABLE sluice.spending_changes (
  tenant_id text NOT NULL,
  sign smallint NOT NULL,
  booked_at timestamptz NOT NULL,
  call_id uuid NOT NULL,
  settled boolean NOT NULL,
  service text NOT NULL,
  purpose text NOT NULL,
  provider text NOT NULL,
  model text NOT NULL,
  simulated boolean NOT NULL,
  of_document boolean NOT NULL,
  api_key_id uuid,
  tags text[] NOT NULL,
  units bigint NOT NULL,
  cost_nano_usd bigint NOT NULL,
  shadow_nano_usd bigint NOT NULL,
  held_nano_usd bigint NOT NULL,
  avoided_nano_usd bigint NOT NULL,
  avoided_shadow_nano_usd bigint NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

CREATE FUNCTION sluice.note_spending() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO sluice.spending_changes
  SELECT tenant_id, 1, booked_at, call_id, kind = 'settlement', service, purpose, provider, model, simulated, document_id IS NOT NULL,
    api_key_id, tags, units, cost_nano_usd, shadow_nano_usd, held_nano_usd, avoided_nano_usd, avoided_shadow_nano_usd FROM added;
  RETURN NULL;
END $$;
CREATE TRIGGER note AFTER INSERT ON sluice.ledger_entries REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION sluice.note_spending();

-- A hold that lost the race for the last money takes its entries back.
CREATE FUNCTION sluice.take_spending_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO sluice.spending_changes
  SELECT tenant_id, -1, booked_at, call_id, kind = 'settlement', service, purpose, provider, model, simulated, document_id IS NOT NULL,
    api_key_id, tags, -units, -cost_nano_usd, -shadow_nano_usd, -held_nano_usd, -avoided_nano_usd, -avoided_shadow_nano_usd FROM removed;
  RETURN NULL;
END $$;
CREATE TRIGGER take_back AFTER DELETE ON sluice.ledger_entries REFERENCING OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION sluice.take_spending_back();

-- Nothing of ours changes an entry. Somebody who does it by hand finds the sums right.
CREATE TRIGGER take_old_back AFTER UPDATE ON sluice.ledger_entries REFERENCING OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION sluice.take_spending_back();
CREATE TRIGGER note_new AFTER UPDATE ON sluice.ledger_entries REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION sluice.note_spending();

-- What is there already. The triggers' lock has waited for all who were writing, and holds up the others until this is committed.
INSERT INTO sluice.spending
SELECT tenant_id, hours, sluice.span_of(hours, booked_at), service, purpose, provider, model, simulated, document_id IS NOT NULL, count(*),
  count(DISTINCT call_id) FILTER (WHERE kind = 'settlement'), sum(units), sum(cost_nano_usd), sum(shadow_nano_usd), sum(held_nano_usd),
  sum(avoided_nano_usd), sum(avoided_shadow_nano_usd)
FROM sluice.ledger_entries CROSS JOIN unnest(ARRAY[1, 6]) AS hours GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9;
INSERT INTO sluice.spending_by_label
SELECT e.tenant_id, label, coalesce(e.api_key_id::text, ''), date_trunc('hour', e.booked_at, 'UTC'), e.service, e.provider,
  sum(e.cost_nano_usd), sum(e.shadow_nano_usd)
FROM sluice.ledger_entries e CROSS JOIN sluice.labels_of(e.tags, e.api_key_id) AS label GROUP BY 1, 2, 3, 4, 5, 6;

-- The newest lines of the books, without looking at those that are out of the period or of another tenant. It does what the BRIN index
-- did, too.
CREATE INDEX ledger_entries_by_moment ON sluice.ledger_entries (at, entry_id, booked_at, tenant_id);
DROP INDEX sluice.ledger_entries_by_insertion;
-- The documents of a period in the order of their ids, from the index alone.
DROP INDEX sluice.ledger_entries_by_document;
CREATE INDEX ledger_entries_by_document ON sluice.ledger_entries (tenant_id, document_id, booked_at);

-- Lists by state, and what ended or failed in a span.
CREATE INDEX jobs_by_state ON sluice.jobs (tenant_id, state, created_at DESC, job_id DESC);
CREATE INDEX jobs_by_end ON sluice.jobs (tenant_id, finished_at) INCLUDE (state, created_at) WHERE finished_at IS NOT NULL;
CREATE INDEX jobs_failed ON sluice.jobs (tenant_id, updated_at) WHERE state IN ('failed', 'retrying');
CREATE INDEX alerts_by_moment ON sluice.alerts (at DESC);
CREATE INDEX versions_by_parse ON sluice.versions (tenant_id, parse_id) WHERE parse_id IS NOT NULL;
