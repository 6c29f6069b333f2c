-- What a provider's account has been sent in the last minute, by all processes, and its limits as its replies tell them.
CREATE TABLE sluice.request_limits (
  tenant_id text NOT NULL DEFAULT '*',
  account text NOT NULL,
  requests_per_minute bigint,
  tokens_per_minute bigint,
  closed_until timestamptz NOT NULL DEFAULT '-infinity',
  -- one place for each second in which something was, or will be, sent; oldest first
  seconds bigint[] NOT NULL DEFAULT '{}',
  requests bigint[] NOT NULL DEFAULT '{}',
  tokens bigint[] NOT NULL DEFAULT '{}',
  PRIMARY KEY (tenant_id, account)
);
COMMENT ON COLUMN sluice.request_limits.requests_per_minute IS 'null: not known yet, so not limited';

/*
 * Gives a request of `want` tokens the soonest second, not before what was given already, in which no span of 60 seconds holds more than
 * `share` of the limits, and says in how many milliseconds that is; null, and nothing given, when that is more than `patience_ms`.
 * A whole second counts until 60 seconds after its end. A request larger than that share goes alone, in an empty minute.
 */
CREATE FUNCTION sluice.take_room(of_account text, want bigint, share float8, patience_ms int, present timestamptz DEFAULT clock_timestamp(),
  OUT granted boolean, OUT wait_ms int, OUT requests_per_minute bigint, OUT tokens_per_minute bigint)
LANGUAGE plpgsql AS $$
DECLARE
  l sluice.request_limits;
  at float8;
  now_s float8 := extract(epoch FROM present);
  used_requests bigint;
  used_tokens bigint;
  most_requests bigint;
  most_tokens bigint;
  first int := 1;
  n int;
BEGIN
  INSERT INTO sluice.request_limits (account) VALUES (of_account) ON CONFLICT DO NOTHING;
  SELECT * INTO l FROM sluice.request_limits r WHERE r.tenant_id = '*' AND r.account = of_account FOR UPDATE;
  requests_per_minute := l.requests_per_minute;
  tokens_per_minute := l.tokens_per_minute;
  most_requests := CASE WHEN l.requests_per_minute IS NULL THEN 9e18 ELSE greatest(floor(l.requests_per_minute * share), 1) END;
  most_tokens := CASE WHEN l.tokens_per_minute IS NULL THEN 9e18
    ELSE greatest(floor(l.tokens_per_minute * share), least(want, l.tokens_per_minute)) END;
  n := cardinality(l.seconds);
  at := greatest(now_s, CASE WHEN l.closed_until > present THEN extract(epoch FROM l.closed_until) ELSE now_s END);
  IF n > 0 THEN at := greatest(at, l.seconds[n]::float8); END IF;
  WHILE first <= n AND l.seconds[first] + 61 <= at LOOP first := first + 1; END LOOP;
  SELECT coalesce(sum(q), 0), coalesce(sum(t), 0) INTO used_requests, used_tokens
    FROM unnest(l.requests[first:n], l.tokens[first:n]) AS u(q, t);
  WHILE first <= n AND (used_requests + 1 > most_requests OR used_tokens + want > most_tokens) LOOP
    at := greatest(at, l.seconds[first] + 61);
    used_requests := used_requests - l.requests[first];
    used_tokens := used_tokens - l.tokens[first];
    first := first + 1;
  END LOOP;
  wait_ms := ceil((at - now_s) * 1000);
  granted := wait_ms <= patience_ms;
  IF NOT granted THEN RETURN; END IF;
  -- What is over at the present second is forgotten; what the given one does not see any more still counts for others.
  first := 1;
  WHILE first <= n AND l.seconds[first] + 61 <= floor(now_s) LOOP first := first + 1; END LOOP;
  l.seconds := l.seconds[first:n];
  l.requests := l.requests[first:n];
  l.tokens := l.tokens[first:n];
  n := cardinality(l.seconds);
  IF n > 0 AND l.seconds[n] = floor(at) THEN
    l.requests[n] := l.requests[n] + 1;
    l.tokens[n] := l.tokens[n] + want;
  ELSE
    l.seconds := l.seconds || floor(at)::bigint;
    l.requests := l.requests || 1::bigint;
    l.tokens := l.tokens || want;
  END IF;
  UPDATE sluice.request_limits r SET seconds = l.seconds, requests = l.requests, tokens = l.tokens
  WHERE r.tenant_id = '*' AND r.account = of_account;
END $$;
