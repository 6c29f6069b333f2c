-- What providers tell by themselves, and who did or tried what.

-- Every event once, of known and unknown jobs alike: an event can come before the id of its job is stored.
CREATE TABLE sluice.webhook_events (
  tenant_id text NOT NULL DEFAULT '*',
  provider text NOT NULL,
  event_id text NOT NULL,
  event_type text NOT NULL,
  remote_id text NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, provider, event_id)
);
CREATE INDEX webhook_events_by_remote_id ON sluice.webhook_events (provider, remote_id);
CREATE INDEX webhook_events_by_time ON sluice.webhook_events (received_at);

CREATE TABLE sluice.audit_entries (
  tenant_id text NOT NULL DEFAULT '*',
  entry_id text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  actor text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('done', 'refused', 'failed')),
  count bigint NOT NULL DEFAULT 1 CHECK (count > 0),
  details jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (tenant_id, entry_id)
);
COMMENT ON COLUMN sluice.audit_entries.entry_id IS 'a uuid; for what can come in floods, a name that all of one kind and minute share';
COMMENT ON COLUMN sluice.audit_entries.at IS 'when it happened; of several counted together, the last time';
CREATE INDEX audit_entries_by_action ON sluice.audit_entries (action, at);
