-- Who takes a call, why, how providers are, and who changed what.

CREATE TABLE sluice.service_modes (
  tenant_id text NOT NULL CHECK (tenant_id = '*' OR tenant_id ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
  service text NOT NULL CHECK (service IN ('parse', 'embed')),
  mode text NOT NULL CHECK (mode IN ('local', 'mock', 'real', 'hybrid')),
  policy text,
  forced boolean NOT NULL DEFAULT false,
  set_by text NOT NULL,
  reason text,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, service)
);
COMMENT ON TABLE sluice.service_modes IS 'what was switched at run time; the configuration holds where there is no row';

CREATE TABLE sluice.audit_events (
  tenant_id text NOT NULL,
  event_id bigint GENERATED ALWAYS AS IDENTITY,
  at timestamptz NOT NULL DEFAULT now(),
  actor text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  details jsonb NOT NULL,
  PRIMARY KEY (tenant_id, event_id)
);
CREATE INDEX audit_events_by_time ON sluice.audit_events (at DESC, event_id DESC);

CREATE TABLE sluice.provider_health (
  provider text PRIMARY KEY,
  state text NOT NULL DEFAULT 'closed' CHECK (state IN ('closed', 'open', 'half_open')),
  since timestamptz NOT NULL DEFAULT now(),
  retry_at timestamptz,
  opened int NOT NULL DEFAULT 0,
  trials int NOT NULL DEFAULT 0,
  trials_since timestamptz,
  successes int NOT NULL DEFAULT 0,
  limited_until timestamptz,
  probe_at timestamptz,
  reason text
);
COMMENT ON COLUMN sluice.provider_health.opened IS 'how often in a row it was opened: each time it stays open longer';
COMMENT ON COLUMN sluice.provider_health.trials IS 'calls let through since trials_since, while half open';

-- Calls of all processes in spans of five seconds.
CREATE TABLE sluice.provider_traffic (
  provider text NOT NULL,
  span_start timestamptz NOT NULL,
  calls int NOT NULL,
  faults int NOT NULL,
  limited int NOT NULL,
  latencies int[] NOT NULL,
  PRIMARY KEY (provider, span_start)
) WITH (fillfactor = 50);

CREATE TABLE sluice.route_decisions (
  tenant_id text NOT NULL,
  decision_id uuid NOT NULL,
  job_id uuid,
  document_id uuid,
  service text NOT NULL,
  at timestamptz NOT NULL,
  outcome text NOT NULL,
  provider text,
  provider_ms float8,
  decision jsonb NOT NULL,
  PRIMARY KEY (tenant_id, decision_id)
);
CREATE INDEX route_decisions_by_job ON sluice.route_decisions (tenant_id, job_id, at) WHERE job_id IS NOT NULL;
CREATE INDEX route_decisions_by_time ON sluice.route_decisions (at);

ALTER TABLE sluice.versions
  ADD COLUMN routing jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN upgrade_of uuid;
COMMENT ON COLUMN sluice.versions.routing IS 'RouteWish: how this version alone is routed, and whether it is published';
COMMENT ON COLUMN sluice.versions.upgrade_of IS 'the version with a provisional parse that this one is to replace';
CREATE INDEX versions_by_upgrade ON sluice.versions (tenant_id, upgrade_of) WHERE upgrade_of IS NOT NULL;

CREATE INDEX parses_provisional ON sluice.parses (created_at) WHERE provenance @> '{"provisional": true}';

ALTER TABLE sluice.jobs
  ADD COLUMN deferral_provider text,
  DROP CONSTRAINT jobs_deferral_reason_check,
  ADD CONSTRAINT jobs_deferral_reason_check
    CHECK (deferral_reason IN ('budget', 'in_doubt', 'in_progress', 'provider_stopped', 'provider_unhealthy'));
CREATE INDEX jobs_by_deferral_provider ON sluice.jobs (deferral_provider) WHERE deferral_provider IS NOT NULL AND state = 'deferred';
