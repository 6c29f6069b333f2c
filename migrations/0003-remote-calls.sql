-- Calls that a provider works off on its own, and jobs of ours that wait for them.

ALTER TABLE sluice.versions ADD COLUMN parse_options jsonb NOT NULL DEFAULT '{}';

ALTER TABLE sluice.jobs
  ADD COLUMN awaited_call_id uuid,
  ADD COLUMN awaited_message text,
  DROP CONSTRAINT jobs_deferral_reason_check,
  ADD CONSTRAINT jobs_deferral_reason_check CHECK (deferral_reason IN ('budget', 'in_doubt', 'in_progress', 'provider_stopped')),
  ADD CONSTRAINT waiting_has_call CHECK (state <> 'waiting' OR (awaited_call_id IS NOT NULL AND awaited_message IS NOT NULL));
CREATE INDEX jobs_by_awaited_call ON sluice.jobs (tenant_id, awaited_call_id) WHERE state = 'waiting';

-- A dispatched hold whose provider has named its job: `running` until the result is stored, `billing` until what it cost is known,
-- `removing` until the provider has forgotten it. Then the row goes; the hold keeps the remote id.
CREATE TABLE sluice.remote_calls (
  tenant_id text NOT NULL,
  call_id uuid NOT NULL,
  provider text NOT NULL,
  remote_id text NOT NULL,
  phase text NOT NULL CHECK (phase IN ('running', 'billing', 'removing')),
  submitted_at timestamptz NOT NULL DEFAULT now(),
  deadline_at timestamptz NOT NULL,
  look_at timestamptz NOT NULL,
  looks int NOT NULL DEFAULT 0,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, call_id),
  FOREIGN KEY (tenant_id, call_id) REFERENCES sluice.holds ON DELETE CASCADE
);
COMMENT ON COLUMN sluice.remote_calls.ended_at IS 'when somebody said that the provider is done, or the deadline passed: whoever waits for it fetches the result';
CREATE INDEX remote_calls_by_remote_id ON sluice.remote_calls (provider, remote_id);
CREATE INDEX remote_calls_by_look ON sluice.remote_calls (look_at);

-- Permits of providers' rate limits, shared by all processes: the times at which the last ones were given, oldest first.
CREATE TABLE sluice.rate_limits (
  tenant_id text NOT NULL DEFAULT '*',
  account text NOT NULL,
  given_at timestamptz[] NOT NULL DEFAULT '{}',
  closed_until timestamptz NOT NULL DEFAULT '-infinity',
  PRIMARY KEY (tenant_id, account)
);

/*
 * Gives one permit of at most `permits` in any `span_ms`, for the soonest moment that the limit allows, and says in how many milliseconds
 * that is; null, and no permit, when that is more than `patience_ms`.
 */
CREATE FUNCTION sluice.take_permit(of_account text, permits int, span_ms int, patience_ms int, OUT granted boolean, OUT wait_ms int)
LANGUAGE plpgsql AS $$
DECLARE
  limits sluice.rate_limits;
  at timestamptz;
BEGIN
  INSERT INTO sluice.rate_limits (account) VALUES (of_account) ON CONFLICT DO NOTHING;
  SELECT * INTO limits FROM sluice.rate_limits r WHERE r.tenant_id = '*' AND r.account = of_account FOR UPDATE;
  at := greatest(clock_timestamp(), limits.closed_until);
  IF cardinality(limits.given_at) >= permits THEN
    at := greatest(at, limits.given_at[cardinality(limits.given_at) - permits + 1] + span_ms * interval '1 millisecond');
  END IF;
  wait_ms := ceil(extract(epoch FROM at - clock_timestamp()) * 1000);
  wait_ms := greatest(wait_ms, 0);
  granted := wait_ms <= patience_ms;
  IF granted THEN
    UPDATE sluice.rate_limits r SET given_at = (limits.given_at || at)[greatest(cardinality(limits.given_at) + 2 - permits, 1):]
    WHERE r.tenant_id = '*' AND r.account = of_account;
  END IF;
END $$;

-- Providers that nobody asks for a while: their credit is used up, or they do not accept the key.
CREATE TABLE sluice.provider_stops (
  tenant_id text NOT NULL DEFAULT '*',
  provider text NOT NULL,
  code text NOT NULL,
  message text NOT NULL,
  stopped_until timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, provider)
);
