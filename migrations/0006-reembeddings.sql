-- Another vector space for what a tenant has already, built beside the one that is searched.

-- Vectors of more dimensions than fit on a page (about 2,000) go out of line; smaller ones stay in the row as they were.
ALTER TABLE sluice.embeddings ALTER COLUMN embedding SET STORAGE EXTERNAL;
ALTER TABLE sluice.embeddings SET (toast_tuple_target = 8160);

ALTER TABLE sluice.ledger_entries
  DROP CONSTRAINT ledger_entries_purpose_check,
  ADD CONSTRAINT ledger_entries_purpose_check CHECK (purpose IN ('ingest', 'search', 'reembed', 'gateway', 'drift', 'reconciliation'));

CREATE TABLE sluice.reembeddings (
  tenant_id text NOT NULL REFERENCES sluice.tenants,
  reembedding_id uuid NOT NULL,
  space_id text NOT NULL,
  from_space_id text,
  state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'succeeded', 'failed', 'cancelled')),
  api_key_id uuid,
  quoted_texts int NOT NULL,
  quoted_tokens bigint NOT NULL,
  quoted_cost_nano_usd bigint NOT NULL,
  quoted_shadow_nano_usd bigint NOT NULL,
  embedded_texts int NOT NULL DEFAULT 0,
  at_document_id uuid,
  failures int NOT NULL DEFAULT 0,
  wake_at timestamptz NOT NULL DEFAULT now(),
  leased_until timestamptz NOT NULL DEFAULT '-infinity',
  waits_for text,
  error_code text,
  error_message text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  PRIMARY KEY (tenant_id, reembedding_id),
  FOREIGN KEY (tenant_id, space_id) REFERENCES sluice.vector_spaces,
  CONSTRAINT finished_has_time CHECK ((state = 'running') = (finished_at IS NULL)),
  CONSTRAINT failed_has_error CHECK (state <> 'failed' OR (error_code IS NOT NULL AND error_message IS NOT NULL))
);
COMMENT ON COLUMN sluice.reembeddings.at_document_id IS 'all documents before this one had their vectors when it passed them';
COMMENT ON COLUMN sluice.reembeddings.leased_until IS 'a process works on it until then, and prolongs that as long as it lives';
CREATE UNIQUE INDEX reembeddings_running ON sluice.reembeddings (tenant_id) WHERE state = 'running';

-- When some of a space's texts were embedded again to see whether the model still gives the same.
CREATE TABLE sluice.drift_checks (
  tenant_id text NOT NULL,
  space_id text NOT NULL,
  next_at timestamptz NOT NULL,
  checked_at timestamptz,
  texts int,
  least_cosine float8,
  PRIMARY KEY (tenant_id, space_id),
  FOREIGN KEY (tenant_id, space_id) REFERENCES sluice.vector_spaces
);
