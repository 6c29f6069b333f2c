-- What whoever watches reads: sums of the ledger's entries, and the trace that a job belongs to.

ALTER TABLE sluice.jobs ADD COLUMN traceparent text;
COMMENT ON COLUMN sluice.jobs.traceparent IS 'where in a trace the job began, as W3C Trace Context writes it';

-- Sums of all entries that were appended before `ledger_totals_until.counted_until`; the younger ones are added when somebody reads.
-- Nobody writes here while money moves, so that no hot row is made.
CREATE TABLE sluice.ledger_totals (
  tenant_id text NOT NULL,
  service text NOT NULL,
  provider text NOT NULL,
  simulated boolean NOT NULL,
  calls bigint NOT NULL,
  units bigint NOT NULL,
  cost_nano_usd bigint NOT NULL,
  shadow_nano_usd bigint NOT NULL,
  avoided_nano_usd bigint NOT NULL,
  avoided_shadow_nano_usd bigint NOT NULL,
  adjusted_nano_usd bigint NOT NULL,
  PRIMARY KEY (tenant_id, service, provider, simulated)
);
COMMENT ON COLUMN sluice.ledger_totals.cost_nano_usd IS 'without adjustments, which can be negative';

CREATE TABLE sluice.ledger_totals_until (
  tenant_id text PRIMARY KEY DEFAULT '*',
  counted_until timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO sluice.ledger_totals_until DEFAULT VALUES;

-- Entries are only appended, in the order of time: this index is a page long and costs the writer nothing.
CREATE INDEX ledger_entries_by_insertion ON sluice.ledger_entries USING brin (at);
