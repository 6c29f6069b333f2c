-- Every table has tenant_id first in its key, so that the data can be split by tenant.
CREATE EXTENSION IF NOT EXISTS vector;

CREATE TABLE sluice.tenants (
  tenant_id text PRIMARY KEY CHECK (tenant_id ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
  live_space_id text,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE sluice.api_keys (
  tenant_id text NOT NULL REFERENCES sluice.tenants,
  key_id uuid NOT NULL,
  name text NOT NULL,
  role text NOT NULL DEFAULT 'member' CHECK (role IN ('member', 'admin')),
  key_hash bytea NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz,
  PRIMARY KEY (tenant_id, key_id)
);

-- Two vectors can be compared only inside one space.
CREATE TABLE sluice.vector_spaces (
  tenant_id text NOT NULL REFERENCES sluice.tenants,
  space_id text NOT NULL,
  provider text NOT NULL,
  model text NOT NULL,
  dimensions int NOT NULL,
  revision text NOT NULL,
  simulated boolean NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, space_id)
);

-- A tenant's file, found by the hash of its bytes. At most one version is live.
CREATE TABLE sluice.documents (
  tenant_id text NOT NULL REFERENCES sluice.tenants,
  document_id uuid NOT NULL,
  sha256 bytea NOT NULL CHECK (length(sha256) = 32),
  byte_count bigint NOT NULL CHECK (byte_count > 0),
  file_name text NOT NULL,
  file_type text NOT NULL,
  metadata jsonb NOT NULL DEFAULT '{}',
  live_version_id uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, document_id),
  UNIQUE (tenant_id, sha256)
);
CREATE INDEX documents_by_time ON sluice.documents (tenant_id, created_at DESC, document_id DESC);
CREATE UNIQUE INDEX documents_by_live_version ON sluice.documents (tenant_id, live_version_id);

-- A parse result, kept apart from versions so that another chunking does not parse (and pay) again.
CREATE TABLE sluice.parses (
  tenant_id text NOT NULL,
  parse_id uuid NOT NULL,
  document_id uuid NOT NULL,
  settings_key text NOT NULL,
  page_count int NOT NULL,
  notes text[] NOT NULL DEFAULT '{}',
  provenance jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, parse_id),
  UNIQUE (tenant_id, document_id, settings_key),
  FOREIGN KEY (tenant_id, document_id) REFERENCES sluice.documents ON DELETE CASCADE
);

CREATE TABLE sluice.pages (
  tenant_id text NOT NULL,
  parse_id uuid NOT NULL,
  page_number int NOT NULL CHECK (page_number >= 1),
  markdown text NOT NULL,
  PRIMARY KEY (tenant_id, parse_id, page_number),
  FOREIGN KEY (tenant_id, parse_id) REFERENCES sluice.parses ON DELETE CASCADE
);

-- One processing of a document.
CREATE TABLE sluice.versions (
  tenant_id text NOT NULL,
  version_id uuid NOT NULL,
  document_id uuid NOT NULL,
  chunk_settings jsonb NOT NULL,
  space_id text NOT NULL,
  parse_id uuid,
  chunk_count int,
  published_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, version_id),
  FOREIGN KEY (tenant_id, document_id) REFERENCES sluice.documents ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, space_id) REFERENCES sluice.vector_spaces
);
CREATE INDEX versions_by_document ON sluice.versions (tenant_id, document_id, created_at DESC);

-- A job brings one version to life. The row is the truth; the queue only wakes workers.
CREATE TABLE sluice.jobs (
  tenant_id text NOT NULL,
  job_id uuid NOT NULL,
  document_id uuid NOT NULL,
  version_id uuid NOT NULL,
  stage text NOT NULL CHECK (stage IN ('parse', 'chunk', 'embed', 'publish')),
  state text NOT NULL CHECK (state IN ('queued', 'running', 'waiting', 'deferred', 'retrying', 'succeeded', 'failed', 'cancelled')),
  token int NOT NULL DEFAULT 0,
  failures int NOT NULL DEFAULT 0,
  interruptions int NOT NULL DEFAULT 0,
  priority int NOT NULL DEFAULT 0,
  owner uuid,
  wake_at timestamptz,
  deadline_at timestamptz,
  error_code text,
  error_message text,
  error_cause text,
  correlation_id text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  PRIMARY KEY (tenant_id, job_id),
  UNIQUE (tenant_id, version_id),
  FOREIGN KEY (tenant_id, version_id) REFERENCES sluice.versions ON DELETE CASCADE,
  CONSTRAINT running_has_owner CHECK ((state = 'running') = (owner IS NOT NULL)),
  CONSTRAINT unfinished_has_deadline CHECK ((state IN ('succeeded', 'failed', 'cancelled')) = (deadline_at IS NULL)),
  CONSTRAINT finished_has_time CHECK ((state IN ('succeeded', 'failed', 'cancelled')) = (finished_at IS NOT NULL)),
  CONSTRAINT failed_has_error CHECK (state NOT IN ('failed', 'retrying') OR error_code IS NOT NULL)
);
CREATE INDEX jobs_by_time ON sluice.jobs (tenant_id, created_at DESC, job_id DESC);
CREATE INDEX jobs_by_document ON sluice.jobs (tenant_id, document_id, created_at DESC);
CREATE INDEX jobs_by_deadline ON sluice.jobs (deadline_at) WHERE deadline_at IS NOT NULL;
CREATE INDEX jobs_by_owner ON sluice.jobs (owner) WHERE owner IS NOT NULL;

CREATE TABLE sluice.job_events (
  tenant_id text NOT NULL,
  job_id uuid NOT NULL,
  event_id bigint GENERATED ALWAYS AS IDENTITY,
  stage text NOT NULL,
  state text NOT NULL,
  token int NOT NULL,
  reason text NOT NULL,
  error_code text,
  error_message text,
  error_cause text,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, job_id, event_id),
  FOREIGN KEY (tenant_id, job_id) REFERENCES sluice.jobs ON DELETE CASCADE
);

CREATE TABLE sluice.workers (
  worker_id uuid PRIMARY KEY,
  host text NOT NULL,
  pid int NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  heartbeat_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE sluice.chunks (
  tenant_id text NOT NULL,
  version_id uuid NOT NULL,
  ordinal int NOT NULL,
  page_number int NOT NULL,
  start_offset int NOT NULL,
  end_offset int NOT NULL,
  token_count int NOT NULL,
  heading_path text NOT NULL,
  text_hash bytea NOT NULL,
  text text NOT NULL,
  search_text tsvector GENERATED ALWAYS AS (to_tsvector('english', heading_path || ' ' || text)) STORED,
  PRIMARY KEY (tenant_id, version_id, ordinal),
  FOREIGN KEY (tenant_id, version_id) REFERENCES sluice.versions ON DELETE CASCADE
);
COMMENT ON COLUMN sluice.chunks.heading_path IS 'headings from the outermost in, one a line';
CREATE INDEX chunks_by_text_hash ON sluice.chunks (tenant_id, text_hash);
CREATE INDEX chunks_by_search_text ON sluice.chunks USING gin (search_text);

-- One vector for one text in one space, whoever uses the text: identical texts are embedded once.
-- PLAIN storage: without it the planner cannot read vectors cheaply, and bulk loads are slower.
CREATE TABLE sluice.embeddings (
  tenant_id text NOT NULL,
  space_id text NOT NULL,
  text_hash bytea NOT NULL,
  embedding vector NOT NULL,
  PRIMARY KEY (tenant_id, space_id, text_hash),
  FOREIGN KEY (tenant_id, space_id) REFERENCES sluice.vector_spaces
);
ALTER TABLE sluice.embeddings ALTER COLUMN embedding SET STORAGE PLAIN;

-- What each call cost, split over the documents that shared it. Append-only.
CREATE TABLE sluice.ledger_entries (
  tenant_id text NOT NULL,
  entry_id uuid NOT NULL,
  call_id uuid NOT NULL,
  service text NOT NULL,
  provider text NOT NULL,
  model text NOT NULL,
  mode text NOT NULL,
  simulated boolean NOT NULL,
  reasons text[] NOT NULL,
  purpose text NOT NULL CHECK (purpose IN ('ingest', 'search')),
  document_id uuid,
  job_id uuid,
  units bigint NOT NULL,
  cost_nano_usd bigint NOT NULL,
  shadow_nano_usd bigint NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, entry_id)
);
CREATE INDEX ledger_entries_by_document ON sluice.ledger_entries (tenant_id, document_id);
CREATE INDEX ledger_entries_by_time ON sluice.ledger_entries (tenant_id, at);

CREATE TABLE sluice.idempotency_keys (
  tenant_id text NOT NULL REFERENCES sluice.tenants,
  idempotency_key text NOT NULL,
  request_hash bytea NOT NULL,
  status int NOT NULL,
  document_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, idempotency_key)
);
CREATE INDEX idempotency_keys_by_time ON sluice.idempotency_keys (created_at);
