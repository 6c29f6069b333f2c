-- Live versions that somebody chose, and how providers were, hour by hour.

ALTER TABLE sluice.documents ADD COLUMN rolled_back_at timestamptz;
COMMENT ON COLUMN sluice.documents.rolled_back_at IS 'when somebody made the live version live again; null: it went live by itself';

ALTER TABLE sluice.provider_traffic ADD COLUMN all_faults int NOT NULL DEFAULT 0;
COMMENT ON COLUMN sluice.provider_traffic.all_faults IS 'those of `faults` too that the breaker has forgotten by now';

-- What `provider_traffic` forgets after an hour.
CREATE TABLE sluice.provider_hours (
  provider text NOT NULL,
  hour_start timestamptz NOT NULL,
  calls int NOT NULL,
  faults int NOT NULL,
  limited int NOT NULL,
  retries int NOT NULL,
  latencies int[] NOT NULL,
  PRIMARY KEY (provider, hour_start)
);
