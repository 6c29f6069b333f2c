-- Alerts that go out: what lasts until it is over, whom it is told, and what became of telling it (docs/alerts.md).

-- An alert is told once for each subject; one that lasts, again when it comes back after it was over.
ALTER TABLE sluice.alerts
  ADD COLUMN alert_id uuid NOT NULL DEFAULT gen_random_uuid(),
  ADD COLUMN lasts boolean NOT NULL DEFAULT false,
  ADD COLUMN recovered_at timestamptz CHECK (lasts OR recovered_at IS NULL),
  DROP CONSTRAINT alerts_pkey,
  ADD PRIMARY KEY (tenant_id, alert_id);
CREATE UNIQUE INDEX alerts_once ON sluice.alerts (tenant_id, kind, subject) WHERE recovered_at IS NULL;
CREATE INDEX alerts_lasting ON sluice.alerts (tenant_id, at) WHERE lasts AND recovered_at IS NULL;

-- What somebody set differently from the rule's defaults, which stand in the code.
CREATE TABLE sluice.alert_rules (
  tenant_id text NOT NULL DEFAULT '*',
  rule_id text NOT NULL,
  is_on boolean NOT NULL,
  threshold float8 NOT NULL,
  for_seconds int NOT NULL,
  recover_seconds int NOT NULL,
  cooldown_seconds int NOT NULL,
  PRIMARY KEY (tenant_id, rule_id)
);

-- What rules remember of their subjects between two looks. Not logged: after a crash they look anew, and alerts that last are kept.
CREATE UNLOGGED TABLE sluice.alert_states (
  tenant_id text NOT NULL,
  rule_id text NOT NULL,
  subject text NOT NULL,
  over_since timestamptz,
  healthy_since timestamptz,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, rule_id, subject)
);
COMMENT ON COLUMN sluice.alert_states.ended_at IS 'when its last alert was over: for a while after that there is no other';

-- Which process looks, and when the last one did.
CREATE UNLOGGED TABLE sluice.alert_turn (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  looked_at timestamptz NOT NULL
);

CREATE TABLE sluice.alert_receivers (
  tenant_id text NOT NULL,
  receiver_id uuid NOT NULL,
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('webhook', 'slack', 'email')),
  address text NOT NULL,
  secret text CHECK ((secret IS NULL) = (kind <> 'webhook')),
  previous_secret text,
  previous_until timestamptz,
  alert_kinds text[],
  is_on boolean NOT NULL DEFAULT true,
  off_reason text,
  quiet_until timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, receiver_id)
);
COMMENT ON COLUMN sluice.alert_receivers.tenant_id IS '* is told the alerts of all tenants';
COMMENT ON COLUMN sluice.alert_receivers.alert_kinds IS 'null: all kinds';
COMMENT ON COLUMN sluice.alert_receivers.quiet_until IS 'what comes until then goes out together: people read Slack and mail';

CREATE TABLE sluice.alert_deliveries (
  tenant_id text NOT NULL,
  delivery_id uuid NOT NULL DEFAULT gen_random_uuid(),
  receiver_id uuid NOT NULL,
  alert_tenant_id text NOT NULL,
  alert_id uuid NOT NULL,
  event text NOT NULL CHECK (event IN ('raised', 'recovered')),
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'dead')),
  attempts int NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL DEFAULT now(),
  claimed_until timestamptz,
  last_status int,
  last_failure text,
  created_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, delivery_id),
  FOREIGN KEY (tenant_id, receiver_id) REFERENCES sluice.alert_receivers ON DELETE CASCADE,
  UNIQUE (tenant_id, receiver_id, alert_id, event)
);
COMMENT ON COLUMN sluice.alert_deliveries.tenant_id IS 'of the receiver';
CREATE INDEX alert_deliveries_due ON sluice.alert_deliveries (next_at) WHERE state = 'pending';
CREATE INDEX alert_deliveries_by_time ON sluice.alert_deliveries (tenant_id, created_at DESC, delivery_id DESC);

-- In the transaction that raises an alert, or says that it is over: what is told was so, and whatever was so is told.
CREATE FUNCTION sluice.deliver_alert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO sluice.alert_deliveries (tenant_id, receiver_id, alert_tenant_id, alert_id, event)
  SELECT r.tenant_id, r.receiver_id, NEW.tenant_id, NEW.alert_id, CASE TG_OP WHEN 'INSERT' THEN 'raised' ELSE 'recovered' END
  FROM sluice.alert_receivers r
  WHERE r.is_on AND r.tenant_id IN ('*', NEW.tenant_id) AND (r.alert_kinds IS NULL OR NEW.kind = ANY (r.alert_kinds))
    -- Who was not told that it began need not know that it is over.
    AND (TG_OP = 'INSERT' OR EXISTS (SELECT FROM sluice.alert_deliveries d
      WHERE d.tenant_id = r.tenant_id AND d.receiver_id = r.receiver_id AND d.alert_id = NEW.alert_id AND d.event = 'raised'))
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER deliver AFTER INSERT ON sluice.alerts FOR EACH ROW EXECUTE FUNCTION sluice.deliver_alert();
CREATE TRIGGER deliver_end AFTER UPDATE OF recovered_at ON sluice.alerts FOR EACH ROW
  WHEN (OLD.recovered_at IS NULL AND NEW.recovered_at IS NOT NULL) EXECUTE FUNCTION sluice.deliver_alert();

CREATE OR REPLACE FUNCTION sluice.tell_of_alert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO sluice.events (tenant_id, kind, data) VALUES (NEW.tenant_id, 'alert', json_build_object('alertId', NEW.alert_id,
    'change', CASE TG_OP WHEN 'INSERT' THEN 'raised' ELSE 'recovered' END, 'alert', NEW.kind, 'subject', NEW.subject,
    'details', NEW.details));
  RETURN NULL;
END $$;
CREATE TRIGGER tell_of_end AFTER UPDATE OF recovered_at ON sluice.alerts FOR EACH ROW
  WHEN (OLD.recovered_at IS NULL AND NEW.recovered_at IS NOT NULL) EXECUTE FUNCTION sluice.tell_of_alert();

-- For admins alone, as receivers are.
CREATE FUNCTION sluice.tell_of_delivery() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO sluice.events (tenant_id, kind, data) VALUES ('*', 'delivery', json_build_object('deliveryId', NEW.delivery_id,
    'receiverId', NEW.receiver_id, 'alertId', NEW.alert_id, 'event', NEW.event, 'state', NEW.state, 'attempts', NEW.attempts));
  RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT ON sluice.alert_deliveries FOR EACH ROW EXECUTE FUNCTION sluice.tell_of_delivery();
-- After each attempt, not when one begins.
CREATE TRIGGER tell_of_attempt AFTER UPDATE ON sluice.alert_deliveries FOR EACH ROW
  WHEN (OLD.claimed_until IS NOT NULL AND NEW.claimed_until IS NULL OR OLD.state <> NEW.state)
  EXECUTE FUNCTION sluice.tell_of_delivery();

-- How a process is, told with its signs of life.
ALTER TABLE sluice.workers
  ADD COLUMN memory_bytes bigint,
  ADD COLUMN disk_free_bytes bigint,
  ADD COLUMN disk_size_bytes bigint;
