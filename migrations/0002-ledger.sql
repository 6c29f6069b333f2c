-- Budgets, holds, and what of them a job waits for.

ALTER TABLE sluice.documents ADD COLUMN tags text[] NOT NULL DEFAULT '{}';

ALTER TABLE sluice.jobs
  ADD COLUMN api_key_id uuid,
  ADD COLUMN tags text[] NOT NULL DEFAULT '{}',
  ADD COLUMN due_at timestamptz,
  ADD COLUMN quote_id uuid,
  ADD COLUMN deferral_reason text CHECK (deferral_reason IN ('budget', 'in_doubt', 'in_progress')),
  ADD COLUMN deferral_message text,
  ADD COLUMN deferral_budget_tenant text,
  ADD COLUMN deferral_budget_id text,
  ADD COLUMN deferral_needed_nano_usd bigint,
  ADD COLUMN deferral_missing_nano_usd bigint,
  ADD CONSTRAINT deferred_has_reason CHECK (state <> 'deferred' OR (deferral_reason IS NOT NULL AND deferral_message IS NOT NULL)),
  ADD CONSTRAINT budget_deferral_names_budget CHECK (deferral_reason IS DISTINCT FROM 'budget' OR
    (deferral_budget_id IS NOT NULL AND deferral_needed_nano_usd IS NOT NULL AND deferral_missing_nano_usd IS NOT NULL));
CREATE INDEX jobs_by_deferral_budget ON sluice.jobs (deferral_budget_tenant, deferral_budget_id)
  WHERE deferral_budget_id IS NOT NULL AND state IN ('deferred', 'queued');

CREATE INDEX jobs_by_quote ON sluice.jobs (tenant_id, quote_id) WHERE quote_id IS NOT NULL;

-- A cap on what a scope may cost in each window. Tenant '*' means all tenants together.
CREATE TABLE sluice.budgets (
  tenant_id text NOT NULL CHECK (tenant_id = '*' OR tenant_id ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
  budget_id text NOT NULL CHECK (budget_id ~ '^[a-z0-9][a-z0-9_.-]{0,62}$'),
  service text CHECK (service IN ('parse', 'embed')),
  provider text,
  api_key_id uuid,
  tag text,
  money text NOT NULL CHECK (money IN ('real', 'shadow')),
  cap_nano_usd bigint NOT NULL CHECK (cap_nano_usd >= 0),
  period text NOT NULL CHECK (period IN ('hour', 'day', 'week', 'month', 'total')),
  time_zone text NOT NULL,
  policy text NOT NULL CHECK (policy IN ('defer', 'reject', 'fallback')),
  alert_percents int[] NOT NULL,
  origin text NOT NULL CHECK (origin IN ('api', 'configuration')),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, budget_id)
);

-- Goes up with every change of a budget, so that a process knows when its copy of them is old.
CREATE TABLE sluice.budget_revisions (
  tenant_id text PRIMARY KEY,
  revision bigint NOT NULL
);
INSERT INTO sluice.budget_revisions VALUES ('*', 1);

-- The balance of a budget in one window. The window is part of the key, so nothing is ever reset.
CREATE TABLE sluice.budget_windows (
  tenant_id text NOT NULL,
  budget_id text NOT NULL,
  window_start timestamptz NOT NULL,
  window_end timestamptz NOT NULL,
  held_nano_usd bigint NOT NULL DEFAULT 0,
  spent_nano_usd bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, budget_id, window_start),
  FOREIGN KEY (tenant_id, budget_id) REFERENCES sluice.budgets ON DELETE CASCADE
) WITH (fillfactor = 50);

-- A call's quote, taken out of the budgets before the call. It ends once: settled or void. Without an owner alive it is void when it
-- was never dispatched, else its outcome is unknown.
CREATE TABLE sluice.holds (
  tenant_id text NOT NULL,
  call_id uuid NOT NULL,
  quote_id uuid,
  owner uuid,
  state text NOT NULL CHECK (state IN ('held', 'dispatched', 'settled', 'void', 'unknown')),
  service text NOT NULL,
  provider text NOT NULL,
  model text NOT NULL,
  mode text NOT NULL,
  simulated boolean NOT NULL,
  reasons text[] NOT NULL,
  purpose text NOT NULL,
  units bigint NOT NULL,
  cost_nano_usd bigint NOT NULL CHECK (cost_nano_usd >= 0),
  shadow_nano_usd bigint NOT NULL CHECK (shadow_nano_usd >= 0),
  remote_id text,
  held_at timestamptz NOT NULL DEFAULT now(),
  dispatched_at timestamptz,
  ended_at timestamptz,
  expires_at timestamptz,
  note text,
  PRIMARY KEY (tenant_id, call_id),
  CONSTRAINT ended_has_time CHECK ((state IN ('settled', 'void')) = (ended_at IS NOT NULL)),
  CONSTRAINT open_has_owner CHECK (state NOT IN ('held', 'dispatched') OR owner IS NOT NULL OR expires_at IS NOT NULL)
);
CREATE INDEX holds_open ON sluice.holds (state, owner) WHERE ended_at IS NULL;
CREATE INDEX holds_by_quote ON sluice.holds (tenant_id, quote_id) WHERE quote_id IS NOT NULL;

-- How much of a hold was taken out of which window. No foreign key leads to the windows: each check would lock a hot row once more.
-- Whoever removes a budget removes its lines.
CREATE TABLE sluice.hold_lines (
  tenant_id text NOT NULL,
  call_id uuid NOT NULL,
  budget_tenant_id text NOT NULL,
  budget_id text NOT NULL,
  window_start timestamptz NOT NULL,
  amount_nano_usd bigint NOT NULL CHECK (amount_nano_usd >= 0),
  PRIMARY KEY (tenant_id, call_id, budget_tenant_id, budget_id),
  FOREIGN KEY (tenant_id, call_id) REFERENCES sluice.holds ON DELETE CASCADE
);
CREATE INDEX hold_lines_by_window ON sluice.hold_lines (budget_tenant_id, budget_id, window_start);

-- What an unfinished paid call is buying (a parse, the vector of a text): nobody else buys it meanwhile, nor while it is in doubt.
CREATE TABLE sluice.call_items (
  tenant_id text NOT NULL,
  item_key text NOT NULL,
  call_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, item_key),
  FOREIGN KEY (tenant_id, call_id) REFERENCES sluice.holds ON DELETE CASCADE
);
CREATE INDEX call_items_by_call ON sluice.call_items (tenant_id, call_id);

-- Raised once for each subject, e.g. a percentage of a budget in one window.
CREATE TABLE sluice.alerts (
  tenant_id text NOT NULL,
  kind text NOT NULL,
  subject text NOT NULL,
  details jsonb NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, kind, subject)
);
CREATE INDEX alerts_by_time ON sluice.alerts (tenant_id, at DESC);

ALTER TABLE sluice.ledger_entries
  ADD COLUMN kind text NOT NULL DEFAULT 'settlement'
    CHECK (kind IN ('hold', 'release', 'settlement', 'overrun', 'adjustment', 'avoided')),
  ADD COLUMN held_nano_usd bigint NOT NULL DEFAULT 0,
  ADD COLUMN held_shadow_nano_usd bigint NOT NULL DEFAULT 0,
  ADD COLUMN avoided_nano_usd bigint NOT NULL DEFAULT 0,
  ADD COLUMN avoided_shadow_nano_usd bigint NOT NULL DEFAULT 0,
  ADD COLUMN api_key_id uuid,
  ADD COLUMN tags text[] NOT NULL DEFAULT '{}',
  ADD COLUMN booked_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN note text,
  ADD COLUMN adjustment_key text,
  ADD COLUMN adjustment_sequence int,
  ADD CONSTRAINT adjustment_has_key CHECK ((kind = 'adjustment') = (adjustment_key IS NOT NULL AND adjustment_sequence IS NOT NULL)),
  ADD CONSTRAINT adjustments_once UNIQUE (tenant_id, adjustment_key, adjustment_sequence),
  DROP CONSTRAINT ledger_entries_purpose_check,
  ADD CONSTRAINT ledger_entries_purpose_check CHECK (purpose IN ('ingest', 'search', 'reconciliation'));
COMMENT ON COLUMN sluice.ledger_entries.booked_at IS 'when the call was quoted: says to which window of a budget all its entries belong';
UPDATE sluice.ledger_entries SET booked_at = at;
-- By the call alone: as long as there are no statistics the planner takes any index that begins with the tenant, and reads all of his
-- entries; where it matters, the tenant is compared so that no index can help (tenant_id || '').
CREATE INDEX ledger_entries_by_call ON sluice.ledger_entries (call_id);
CREATE INDEX ledger_entries_by_job ON sluice.ledger_entries (tenant_id, job_id) WHERE job_id IS NOT NULL;
CREATE INDEX ledger_entries_by_booking ON sluice.ledger_entries (booked_at, tenant_id);
CREATE INDEX ledger_entries_by_tenant_booking ON sluice.ledger_entries (tenant_id, booked_at);
DROP INDEX sluice.ledger_entries_by_time;

CREATE FUNCTION sluice.budget_covers(budget sluice.budgets, tenant text, service text, provider text, api_key uuid, tags text[])
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT (budget.tenant_id = '*' OR budget.tenant_id = tenant)
    AND (budget.service IS NULL OR budget.service = service)
    AND (budget.provider IS NULL OR budget.provider = provider)
    AND (budget.api_key_id IS NULL OR budget.api_key_id IS NOT DISTINCT FROM api_key)
    AND (budget.tag IS NULL OR budget.tag = ANY (tags))
$$;

-- Raises the alerts of the percentages that a window's held and spent money has just reached.
CREATE FUNCTION sluice.raise_budget_alerts(budget sluice.budgets, window_start timestamptz, before bigint, after bigint)
RETURNS void LANGUAGE sql AS $$
  INSERT INTO sluice.alerts (tenant_id, kind, subject, details)
  SELECT budget.tenant_id, 'budget_threshold', concat_ws('/', budget.budget_id, window_start AT TIME ZONE 'UTC', percent),
    jsonb_build_object('budgetId', budget.budget_id, 'windowStart', window_start, 'percent', percent, 'money', budget.money,
      'capNanoUsd', budget.cap_nano_usd::text, 'usedNanoUsd', after::text)
  FROM unnest(budget.alert_percents) AS percent
  WHERE after > before AND after * 100::numeric >= budget.cap_nano_usd * percent::numeric
  ON CONFLICT DO NOTHING
$$;

/*
 * Takes a call's quote out of all budgets that cover it, or says why not; nothing in between. `p`:
 *   call     {tenant_id, call_id, quote_id, owner, service, provider, model, mode, simulated, reasons, purpose, units, expires_at}
 *   shares   [{entry_id, document_id, job_id, api_key_id, tags, cost, shadow}]  the quote, split over who shares the call
 *   items    [text]  what is bought
 *   windows  [{tenant_id, budget_id, window_start, window_end}]  the present window of each budget of the tenant and of '*'
 *   revision  of the budgets by which the windows were made
 * A call of a quote (quote_id, no expires_at) first uses what the quote holds. Gives {kind: 'held' | 'stale' | 'busy' | 'exhausted', now, …}.
 * Locks: quotes, then items by key, then windows by key, last of all, so that a hot one is locked as shortly as can be. Plans are
 * made once and by indexes alone: making them takes longer than all the rest, and a new database has no statistics.
 */
CREATE FUNCTION sluice.reserve(p jsonb) RETURNS jsonb LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  call sluice.holds := jsonb_populate_record(NULL::sluice.holds, p->'call');
  items text[] := ARRAY(SELECT DISTINCT jsonb_array_elements_text(p->'items') ORDER BY 1);
  quote sluice.holds;
  drawn_cost bigint := 0;
  drawn_shadow bigint := 0;
  lines jsonb;
  short jsonb;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(7360001);
  IF EXISTS (SELECT FROM sluice.holds h WHERE h.tenant_id = call.tenant_id AND h.call_id = call.call_id) THEN
    RETURN jsonb_build_object('kind', 'held', 'now', now());
  END IF;
  IF (SELECT revision FROM sluice.budget_revisions WHERE tenant_id = '*') <> (p->>'revision')::bigint OR EXISTS (
    SELECT FROM jsonb_to_recordset(p->'windows') AS w(window_start timestamptz, window_end timestamptz)
    WHERE now() < w.window_start OR now() >= w.window_end) THEN
    RETURN jsonb_build_object('kind', 'stale', 'now', now());
  END IF;
  IF EXISTS (SELECT FROM sluice.call_items i WHERE i.tenant_id = call.tenant_id AND i.item_key = ANY (items)) THEN
    RETURN sluice.busy_items(call.tenant_id, items);
  END IF;

  SELECT sum(s.cost), sum(s.shadow) INTO call.cost_nano_usd, call.shadow_nano_usd
  FROM jsonb_to_recordset(p->'shares') AS s(cost bigint, shadow bigint);

  IF call.quote_id IS NOT NULL AND call.expires_at IS NULL THEN
    SELECT * INTO quote FROM sluice.holds h
    WHERE h.tenant_id = call.tenant_id AND h.quote_id = call.quote_id AND h.service = call.service AND h.expires_at IS NOT NULL
      AND h.state = 'held' ORDER BY h.call_id LIMIT 1 FOR UPDATE;
    IF FOUND THEN
      drawn_cost := least(call.cost_nano_usd, quote.cost_nano_usd);
      drawn_shadow := least(call.shadow_nano_usd, quote.shadow_nano_usd);
    END IF;
  END IF;

  LOOP
    SELECT l.lines, l.short INTO lines, short FROM sluice.look_for_room(p, call, quote, drawn_cost, drawn_shadow) AS l;
    IF short <> '[]' THEN
      RETURN jsonb_build_object('kind', 'exhausted', 'now', now(), 'budgets', short);
    END IF;
    IF NOT sluice.insert_hold(p, call, items) THEN RETURN sluice.busy_items(call.tenant_id, items); END IF;
    IF sluice.take_lines(call, lines || sluice.lines_of_quote(quote, drawn_cost, drawn_shadow)) THEN
      IF drawn_cost > 0 OR drawn_shadow > 0 THEN PERFORM sluice.shrink_quote(quote, drawn_cost, drawn_shadow); END IF;
      -- A call is dispatched in a transaction of its own, whose commit reaches the disk, and with it all that was committed before. A
      -- quote has none.
      IF call.owner IS NOT NULL THEN PERFORM set_config('synchronous_commit', 'off', true); END IF;
      RETURN jsonb_build_object('kind', 'held', 'now', now());
    END IF;
    -- Somebody else was faster; what is missing can be seen now. (No savepoint, since who waits for a row would wait for it twice.)
    DELETE FROM sluice.holds h WHERE h.tenant_id = call.tenant_id AND h.call_id = call.call_id;
    DELETE FROM sluice.ledger_entries e WHERE e.call_id = call.call_id AND e.tenant_id || '' = call.tenant_id;
  END LOOP;
END $$;

/*
 * Looks, without locks, which budgets have room for a call: `lines`, what it takes from each ({budget_tenant_id, budget_id, window_start,
 * amount, moved, cap}), and `short`, those that have none. Opens windows that are new.
 */
CREATE FUNCTION sluice.look_for_room(p jsonb, call sluice.holds, quote sluice.holds, drawn_cost bigint, drawn_shadow bigint,
  OUT lines jsonb, OUT short jsonb) LANGUAGE plpgsql AS $$
DECLARE
  line record;
  balance sluice.budget_windows;
  room bigint;
  rivals int;
  mine bigint;
BEGIN
  lines := '[]';
  short := '[]';
  FOR line IN
    SELECT b.*, w.window_start, w.window_end, a.amount,
      CASE WHEN quote.call_id IS NULL THEN 0 ELSE coalesce((
        SELECT least(l.amount_nano_usd, CASE b.money WHEN 'real' THEN drawn_cost ELSE drawn_shadow END) FROM sluice.hold_lines l
        WHERE l.tenant_id = quote.tenant_id AND l.call_id = quote.call_id AND l.budget_tenant_id = b.tenant_id
          AND l.budget_id = b.budget_id AND l.window_start = w.window_start), 0) END AS drawn
    FROM jsonb_to_recordset(p->'windows') AS w(tenant_id text, budget_id text, window_start timestamptz, window_end timestamptz)
    JOIN sluice.budgets b USING (tenant_id, budget_id)
    CROSS JOIN LATERAL (
      SELECT sum(CASE b.money WHEN 'real' THEN s.cost ELSE s.shadow END)::bigint AS amount
      FROM jsonb_to_recordset(p->'shares') AS s(cost bigint, shadow bigint, api_key_id uuid, tags text[])
      WHERE sluice.budget_covers(b, call.tenant_id, call.service, call.provider, s.api_key_id, s.tags)) a
    WHERE a.amount IS NOT NULL
    ORDER BY b.tenant_id COLLATE "C", b.budget_id COLLATE "C"
  LOOP
    SELECT * INTO balance FROM sluice.budget_windows w
    WHERE w.tenant_id = line.tenant_id AND w.budget_id = line.budget_id AND w.window_start = line.window_start;
    IF NOT FOUND THEN
      balance := sluice.open_window(line.tenant_id, line.budget_id, line.window_start, line.window_end);
    END IF;
    lines := lines || jsonb_build_object('budget_tenant_id', line.tenant_id, 'budget_id', line.budget_id,
      'window_start', line.window_start, 'amount', line.amount, 'moved', line.amount, 'cap', line.cap_nano_usd);
    -- What is not taken out of a budget needs no room; but its line says where an overrun belongs.
    CONTINUE WHEN line.amount = 0;
    room := line.cap_nano_usd - balance.held_nano_usd - balance.spent_nano_usd + line.drawn;
    rivals := 0;
    IF line.amount <= room AND line.tenant_id = '*' AND line.drawn = 0 THEN
      SELECT f.rivals, f.mine INTO rivals, mine
      FROM sluice.fair_share(line.budget_id, line.window_start, line.window_end, call.tenant_id, room) AS f;
    END IF;
    CONTINUE WHEN line.amount <= room AND (rivals = 0 OR mine + line.amount <= line.cap_nano_usd / (rivals + 1));
    short := short || jsonb_build_object('tenantId', line.tenant_id, 'budgetId', line.budget_id, 'money', line.money,
      'period', line.period, 'timeZone', line.time_zone, 'policy', line.policy,
      'capNanoUsd', line.cap_nano_usd::text, 'heldNanoUsd', balance.held_nano_usd::text,
      'spentNanoUsd', balance.spent_nano_usd::text, 'neededNanoUsd', line.amount::text, 'fairShare', line.amount <= room,
      'missingNanoUsd', (CASE WHEN line.amount <= room THEN mine + line.amount - line.cap_nano_usd / (rivals + 1)
        ELSE line.amount - room END)::text,
      'windowEnd', CASE WHEN line.period <> 'total' THEN line.window_end END);
    CONTINUE WHEN line.amount <= room;
    INSERT INTO sluice.alerts (tenant_id, kind, subject, details)
    VALUES (line.tenant_id, 'budget_exhausted', concat_ws('/', line.budget_id, line.window_start AT TIME ZONE 'UTC'),
      jsonb_build_object('budgetId', line.budget_id, 'windowStart', line.window_start, 'money', line.money,
        'capNanoUsd', line.cap_nano_usd::text, 'usedNanoUsd', (line.cap_nano_usd - room)::text))
    ON CONFLICT DO NOTHING;
  END LOOP;
END $$;

-- The row of a window that has none, with what the books say of it: mostly nothing, since it has just begun.
CREATE FUNCTION sluice.open_window(budget_tenant text, budget text, start timestamptz, until timestamptz)
RETURNS sluice.budget_windows LANGUAGE plpgsql AS $$
DECLARE balance sluice.budget_windows;
BEGIN
  INSERT INTO sluice.budget_windows (tenant_id, budget_id, window_start, window_end, held_nano_usd, spent_nano_usd)
  SELECT budget_tenant, budget, start, until,
    coalesce(sum(CASE b.money WHEN 'real' THEN e.held_nano_usd ELSE e.held_shadow_nano_usd END), 0),
    coalesce(sum(CASE b.money WHEN 'real' THEN e.cost_nano_usd ELSE e.shadow_nano_usd END), 0)
  FROM sluice.budgets b
  JOIN sluice.ledger_entries e ON e.booked_at >= start AND e.booked_at < until
    AND sluice.budget_covers(b, e.tenant_id, e.service, e.provider, e.api_key_id, e.tags)
  WHERE b.tenant_id = budget_tenant AND b.budget_id = budget
  ON CONFLICT DO NOTHING;
  SELECT * INTO balance FROM sluice.budget_windows w
  WHERE w.tenant_id = budget_tenant AND w.budget_id = budget AND w.window_start = start;
  RETURN balance;
END $$;

/*
 * Of a budget that all share: how many other tenants wait for money that would do for them and have had less of this window than this one
 * (`mine`). As long as there are such, nobody gets more than a fair share; who has had least is never held up.
 */
CREATE FUNCTION sluice.fair_share(shared_budget text, start timestamptz, until timestamptz, tenant text, room bigint,
  OUT rivals int, OUT mine bigint) LANGUAGE plpgsql AS $$
BEGIN
  rivals := 0;
  mine := 0;
  IF NOT EXISTS (SELECT FROM sluice.jobs j WHERE j.deferral_budget_tenant = '*' AND j.deferral_budget_id = shared_budget
    AND j.state IN ('deferred', 'queued') AND j.tenant_id <> tenant AND j.deferral_needed_nano_usd <= room) THEN RETURN; END IF;
  WITH used AS (
    SELECT e.tenant_id, sum(CASE b.money WHEN 'real' THEN e.held_nano_usd + e.cost_nano_usd
      ELSE e.held_shadow_nano_usd + e.shadow_nano_usd END) AS amount
    FROM sluice.budgets b JOIN sluice.ledger_entries e ON e.booked_at >= start AND e.booked_at < until
      AND sluice.budget_covers(b, e.tenant_id, e.service, e.provider, e.api_key_id, e.tags)
    WHERE b.tenant_id = '*' AND b.budget_id = shared_budget GROUP BY e.tenant_id
  ), own AS (SELECT coalesce((SELECT amount FROM used WHERE tenant_id = tenant), 0) AS amount)
  SELECT own.amount, (SELECT count(DISTINCT j.tenant_id) FROM sluice.jobs j LEFT JOIN used u ON u.tenant_id = j.tenant_id
    WHERE j.deferral_budget_tenant = '*' AND j.deferral_budget_id = shared_budget AND j.state IN ('deferred', 'queued')
      AND j.tenant_id <> tenant AND j.deferral_needed_nano_usd <= room AND coalesce(u.amount, 0) < own.amount)
  INTO mine, rivals FROM own;
END $$;

-- The hold, what it buys and its entries; false, and nothing, when somebody else has begun to buy the same.
CREATE FUNCTION sluice.insert_hold(p jsonb, call sluice.holds, items text[]) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE inserted int;
BEGIN
  INSERT INTO sluice.holds (tenant_id, call_id, quote_id, owner, state, service, provider, model, mode, simulated, reasons, purpose,
    units, cost_nano_usd, shadow_nano_usd, expires_at)
  VALUES (call.tenant_id, call.call_id, call.quote_id, call.owner, 'held', call.service, call.provider, call.model, call.mode,
    call.simulated, call.reasons, call.purpose, call.units, call.cost_nano_usd, call.shadow_nano_usd, call.expires_at);
  IF items <> '{}' THEN
    INSERT INTO sluice.call_items (tenant_id, item_key, call_id)
    SELECT call.tenant_id, key, call.call_id FROM unnest(items) AS key ORDER BY key ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS inserted = ROW_COUNT;
    IF inserted < cardinality(items) THEN
      DELETE FROM sluice.holds h WHERE h.tenant_id = call.tenant_id AND h.call_id = call.call_id;
      RETURN false;
    END IF;
  END IF;
  INSERT INTO sluice.ledger_entries (tenant_id, entry_id, call_id, kind, service, provider, model, mode, simulated, reasons, purpose,
    document_id, job_id, api_key_id, tags, units, cost_nano_usd, shadow_nano_usd, held_nano_usd, held_shadow_nano_usd, booked_at)
  SELECT call.tenant_id, s.entry_id, call.call_id, 'hold', call.service, call.provider, call.model, call.mode, call.simulated,
    call.reasons, call.purpose, s.document_id, s.job_id, s.api_key_id, s.tags, 0, 0, 0, s.cost, s.shadow, now()
  FROM jsonb_to_recordset(p->'shares') AS s(entry_id uuid, document_id uuid, job_id uuid, api_key_id uuid, tags text[],
    cost bigint, shadow bigint);
  RETURN true;
END $$;

-- Takes a call's lines out of the windows, and what it has of a quote's (those have no amount) back; false, with the balances as
-- before, when one of them has no room any more. The balances come last, so that they are locked for as short as can be.
CREATE FUNCTION sluice.take_lines(call sluice.holds, lines jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  line record;
  taken jsonb := '[]';
BEGIN
  INSERT INTO sluice.hold_lines (tenant_id, call_id, budget_tenant_id, budget_id, window_start, amount_nano_usd)
  SELECT call.tenant_id, call.call_id, l.budget_tenant_id, l.budget_id, l.window_start, l.amount
  FROM jsonb_to_recordset(lines) AS l(budget_tenant_id text, budget_id text, window_start timestamptz, amount bigint)
  WHERE l.amount IS NOT NULL;
  FOR line IN
    SELECT l.budget_tenant_id, l.budget_id, l.window_start, max(l.amount) AS amount, sum(l.moved)::bigint AS moved, max(l.cap) AS cap
    FROM jsonb_to_recordset(lines) AS l(budget_tenant_id text, budget_id text, window_start timestamptz, amount bigint, moved bigint,
      cap bigint)
    GROUP BY l.budget_tenant_id, l.budget_id, l.window_start
    HAVING max(l.amount) > 0 OR sum(l.moved) <> 0
    ORDER BY l.budget_tenant_id COLLATE "C", l.budget_id COLLATE "C", l.window_start
  LOOP
    IF NOT sluice.move_balance(line.budget_tenant_id, line.budget_id, line.window_start, line.moved, 0,
      CASE WHEN line.amount > 0 THEN line.cap END) THEN
      PERFORM sluice.move_balance(t.budget_tenant_id, t.budget_id, t.window_start, -t.moved, 0, NULL)
      FROM jsonb_to_recordset(taken) AS t(budget_tenant_id text, budget_id text, window_start timestamptz, moved bigint);
      RETURN false;
    END IF;
    taken := taken || to_jsonb(line);
  END LOOP;
  RETURN true;
END $$;

-- Whose calls are buying these items now, and whether one of them is in doubt.
CREATE FUNCTION sluice.busy_items(tenant text, items text[]) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('kind', 'busy', 'now', now(),
    'items', coalesce(jsonb_agg(jsonb_build_object('key', i.item_key, 'callId', i.call_id, 'inDoubt', h.state = 'unknown')), '[]'))
  FROM sluice.call_items i JOIN sluice.holds h ON h.tenant_id = i.tenant_id AND h.call_id = i.call_id
  WHERE i.tenant_id = tenant AND i.item_key = ANY (items)
$$;

-- Changes one window's balance, in the order of the keys, and raises alerts; false when it would be above `cap` (NULL: none).
CREATE FUNCTION sluice.move_balance(budget_tenant text, budget text, start timestamptz, held bigint, spent bigint, cap bigint)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  after bigint;
  of sluice.budgets;
BEGIN
  UPDATE sluice.budget_windows w SET held_nano_usd = w.held_nano_usd + held, spent_nano_usd = w.spent_nano_usd + spent
  WHERE w.tenant_id = budget_tenant AND w.budget_id = budget AND w.window_start = start
    AND (cap IS NULL OR w.held_nano_usd + held + w.spent_nano_usd + spent <= cap)
  RETURNING w.held_nano_usd + w.spent_nano_usd INTO after;
  IF NOT FOUND THEN RETURN false; END IF;
  IF held + spent > 0 THEN
    SELECT * INTO of FROM sluice.budgets b WHERE b.tenant_id = budget_tenant AND b.budget_id = budget;
    IF EXISTS (SELECT FROM unnest(of.alert_percents) AS percent WHERE after * 100::numeric >= of.cap_nano_usd * percent::numeric) THEN
      PERFORM sluice.raise_budget_alerts(of, start, after - held - spent, after);
    END IF;
  END IF;
  RETURN true;
END $$;

-- What comes out of a quote's windows when so much of it goes over to one of its calls: lines without an amount.
CREATE FUNCTION sluice.lines_of_quote(quote sluice.holds, drawn_cost bigint, drawn_shadow bigint) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
  IF drawn_cost = 0 AND drawn_shadow = 0 THEN RETURN '[]'; END IF;
  RETURN (
    SELECT coalesce(jsonb_agg(jsonb_build_object('budget_tenant_id', l.budget_tenant_id, 'budget_id', l.budget_id,
      'window_start', l.window_start,
      'moved', -least(l.amount_nano_usd, CASE b.money WHEN 'real' THEN drawn_cost ELSE drawn_shadow END))), '[]')
    FROM sluice.hold_lines l JOIN sluice.budgets b ON b.tenant_id = l.budget_tenant_id AND b.budget_id = l.budget_id
    WHERE l.tenant_id = quote.tenant_id AND l.call_id = quote.call_id);
END $$;

-- Writes down that money of a quote went over to one of its calls.
CREATE FUNCTION sluice.shrink_quote(quote sluice.holds, drawn_cost bigint, drawn_shadow bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE sluice.hold_lines l
  SET amount_nano_usd = l.amount_nano_usd - least(l.amount_nano_usd, CASE b.money WHEN 'real' THEN drawn_cost ELSE drawn_shadow END)
  FROM sluice.budgets b
  WHERE l.tenant_id = quote.tenant_id AND l.call_id = quote.call_id AND b.tenant_id = l.budget_tenant_id AND b.budget_id = l.budget_id;
  UPDATE sluice.holds h SET cost_nano_usd = h.cost_nano_usd - drawn_cost, shadow_nano_usd = h.shadow_nano_usd - drawn_shadow
  WHERE h.tenant_id = quote.tenant_id AND h.call_id = quote.call_id;
  INSERT INTO sluice.ledger_entries (tenant_id, entry_id, call_id, kind, service, provider, model, mode, simulated, reasons, purpose,
    api_key_id, tags, units, cost_nano_usd, shadow_nano_usd, held_nano_usd, held_shadow_nano_usd, booked_at, note)
  SELECT e.tenant_id, gen_random_uuid(), e.call_id, 'release', e.service, e.provider, e.model, e.mode, e.simulated, e.reasons, e.purpose,
    e.api_key_id, e.tags, 0, 0, 0, -drawn_cost, -drawn_shadow, e.booked_at, 'went over to a call of this quote'
  FROM sluice.ledger_entries e WHERE e.call_id = quote.call_id AND e.tenant_id || '' = quote.tenant_id AND e.kind = 'hold' LIMIT 1;
END $$;

/*
 * Ends holds, each exactly once: those already ended are left alone. `p` is [{tenant_id, call_id, state, note, entries}]: `settled` with
 * the entries of what it came to, [{entry_id, kind, document_id, job_id, api_key_id, tags, units, cost, shadow}], or `void`, which
 * only a hold that was never dispatched can be. Gives the ids of those that it ended. Locks: holds, then windows, each by key.
 */
CREATE FUNCTION sluice.end_holds(p jsonb) RETURNS uuid[] LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  ending record;
  line record;
  ended uuid[] := '{}';
  endings jsonb := '[]';
BEGIN
  PERFORM pg_advisory_xact_lock_shared(7360001);
  FOR ending IN
    SELECT c AS value, c->>'tenant_id' AS tenant_id, (c->>'call_id')::uuid AS call_id, c->>'state' AS state, c->>'note' AS note
    FROM jsonb_array_elements(p) AS c ORDER BY c->>'tenant_id' COLLATE "C", (c->>'call_id')::uuid
  LOOP
    UPDATE sluice.holds h SET state = ending.state, ended_at = now(), owner = NULL, note = coalesce(ending.note, h.note)
    WHERE h.tenant_id = ending.tenant_id AND h.call_id = ending.call_id
      AND (h.state = 'held' OR (ending.state = 'settled' AND h.state IN ('dispatched', 'unknown')));
    IF FOUND THEN
      ended := ended || ending.call_id;
      -- A second ending of the same call in `p` is not among these.
      endings := endings || ending.value;
    END IF;
  END LOOP;
  IF ended = '{}' THEN RETURN ended; END IF;

  -- What was held is free again.
  INSERT INTO sluice.ledger_entries (tenant_id, entry_id, call_id, kind, service, provider, model, mode, simulated, reasons, purpose,
    document_id, job_id, api_key_id, tags, units, cost_nano_usd, shadow_nano_usd, held_nano_usd, held_shadow_nano_usd, booked_at, note)
  SELECT e.tenant_id, gen_random_uuid(), e.call_id, 'release', e.service, e.provider, e.model, e.mode, e.simulated, e.reasons, e.purpose,
    e.document_id, e.job_id, e.api_key_id, e.tags, 0, 0, 0, -sum(e.held_nano_usd), -sum(e.held_shadow_nano_usd), e.booked_at,
    CASE WHEN min(c.state) = 'settled' THEN 'hold ended by settlement' ELSE coalesce(min(c.note), 'hold ended, not used') END
  FROM jsonb_to_recordset(endings) AS c(tenant_id text, call_id uuid, state text, note text)
  JOIN sluice.ledger_entries e ON e.call_id = c.call_id AND e.tenant_id || '' = c.tenant_id
  GROUP BY e.tenant_id, e.call_id, e.service, e.provider, e.model, e.mode, e.simulated, e.reasons, e.purpose, e.document_id, e.job_id,
    e.api_key_id, e.tags, e.booked_at
  HAVING sum(e.held_nano_usd) <> 0 OR sum(e.held_shadow_nano_usd) <> 0;
  INSERT INTO sluice.ledger_entries (tenant_id, entry_id, call_id, kind, service, provider, model, mode, simulated, reasons, purpose,
    document_id, job_id, api_key_id, tags, units, cost_nano_usd, shadow_nano_usd, booked_at, note)
  SELECT h.tenant_id, e.entry_id, h.call_id, e.kind, h.service, h.provider, h.model, h.mode, h.simulated, h.reasons, h.purpose,
    e.document_id, e.job_id, e.api_key_id, e.tags, e.units, e.cost, e.shadow, h.held_at, h.note
  FROM jsonb_to_recordset(endings) AS c(tenant_id text, call_id uuid, entries jsonb)
  JOIN sluice.holds h ON h.tenant_id = c.tenant_id AND h.call_id = c.call_id
  CROSS JOIN LATERAL jsonb_to_recordset(c.entries) AS e(entry_id uuid, kind text, document_id uuid, job_id uuid, api_key_id uuid,
    tags text[], units bigint, cost bigint, shadow bigint);
  INSERT INTO sluice.alerts (tenant_id, kind, subject, details)
  SELECT h.tenant_id, 'call_overrun', h.call_id::text, jsonb_build_object('callId', h.call_id, 'service', h.service,
    'provider', h.provider, 'overrunNanoUsd', e.cost::text, 'overrunShadowNanoUsd', e.shadow::text)
  FROM jsonb_to_recordset(endings) AS c(tenant_id text, call_id uuid, entries jsonb)
  CROSS JOIN LATERAL (SELECT sum(e.cost) AS cost, sum(e.shadow) AS shadow
    FROM jsonb_to_recordset(c.entries) AS e(kind text, cost bigint, shadow bigint) WHERE e.kind = 'overrun' HAVING count(*) > 0) e
  JOIN sluice.holds h ON h.tenant_id = c.tenant_id AND h.call_id = c.call_id
  ON CONFLICT DO NOTHING;
  DELETE FROM sluice.call_items i USING jsonb_to_recordset(endings) AS c(tenant_id text, call_id uuid)
  WHERE i.tenant_id = c.tenant_id AND i.call_id = c.call_id;

  FOR line IN
    SELECT l.budget_tenant_id, l.budget_id, l.window_start, sum(l.amount_nano_usd)::bigint AS held, coalesce(sum(used.amount), 0)::bigint AS spent
    FROM jsonb_to_recordset(endings) AS c(tenant_id text, call_id uuid, entries jsonb)
    JOIN sluice.holds h ON h.tenant_id = c.tenant_id AND h.call_id = c.call_id
    JOIN sluice.hold_lines l ON l.tenant_id = c.tenant_id AND l.call_id = c.call_id
    JOIN sluice.budgets b ON b.tenant_id = l.budget_tenant_id AND b.budget_id = l.budget_id
    CROSS JOIN LATERAL (
      SELECT sum(CASE b.money WHEN 'real' THEN e.cost ELSE e.shadow END) AS amount
      FROM jsonb_to_recordset(c.entries) AS e(api_key_id uuid, tags text[], cost bigint, shadow bigint)
      WHERE sluice.budget_covers(b, h.tenant_id, h.service, h.provider, e.api_key_id, e.tags)) used
    GROUP BY l.budget_tenant_id, l.budget_id, l.window_start
    ORDER BY l.budget_tenant_id COLLATE "C", l.budget_id COLLATE "C", l.window_start
  LOOP
    CONTINUE WHEN line.held = 0 AND line.spent = 0;
    PERFORM sluice.move_balance(line.budget_tenant_id, line.budget_id, line.window_start, -line.held, line.spent, NULL);
  END LOOP;
  RETURN ended;
END $$;

/*
 * Appends the entries of calls that have no hold: [{tenant_id, call_id, service, …, entry_id, kind, document_id, job_id, api_key_id, tags,
 * units, cost, shadow}]. A shadow budget that was set after the call had been looked at counts them all the same.
 */
CREATE FUNCTION sluice.book_free(p jsonb) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE line record;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(7360001);
  INSERT INTO sluice.ledger_entries (tenant_id, entry_id, call_id, kind, service, provider, model, mode, simulated, reasons, purpose,
    document_id, job_id, api_key_id, tags, units, cost_nano_usd, shadow_nano_usd, avoided_nano_usd, avoided_shadow_nano_usd)
  SELECT tenant_id, entry_id, call_id, kind, service, provider, model, mode, simulated, reasons, purpose, document_id, job_id,
    api_key_id, tags, CASE kind WHEN 'avoided' THEN 0 ELSE units END,
    CASE kind WHEN 'avoided' THEN 0 ELSE cost END, CASE kind WHEN 'avoided' THEN 0 ELSE shadow END,
    CASE kind WHEN 'avoided' THEN cost ELSE 0 END, CASE kind WHEN 'avoided' THEN shadow ELSE 0 END
  FROM jsonb_to_recordset(p) AS e(
    tenant_id text, entry_id uuid, call_id uuid, kind text, service text, provider text, model text, mode text, simulated boolean,
    reasons text[], purpose text, document_id uuid, job_id uuid, api_key_id uuid, tags text[], units bigint, cost bigint,
    shadow bigint);
  FOR line IN
    SELECT w.tenant_id, w.budget_id, w.window_start, sum(CASE b.money WHEN 'real' THEN e.cost ELSE e.shadow END)::bigint AS spent
    FROM sluice.budgets b
    JOIN sluice.budget_windows w ON w.tenant_id = b.tenant_id AND w.budget_id = b.budget_id
      AND w.window_start <= now() AND now() < w.window_end
    JOIN jsonb_to_recordset(p) AS e(tenant_id text, kind text, service text, provider text, api_key_id uuid, tags text[], cost bigint,
      shadow bigint) ON e.kind <> 'avoided' AND sluice.budget_covers(b, e.tenant_id, e.service, e.provider, e.api_key_id, e.tags)
    GROUP BY w.tenant_id, w.budget_id, w.window_start
    HAVING sum(CASE b.money WHEN 'real' THEN e.cost ELSE e.shadow END) > 0
    ORDER BY w.tenant_id COLLATE "C", w.budget_id COLLATE "C"
  LOOP
    PERFORM sluice.move_balance(line.tenant_id, line.budget_id, line.window_start, 0, line.spent, NULL);
  END LOOP;
END $$;

/*
 * Books what providers charged and we did not, or the reverse: [{entry_id, call_id, service, provider, model, amount, booked_at, key, sequence,
 * note}] on all tenants together, and on the budgets that cover it in the window of its day. Each key and sequence once. Gives how many.
 */
CREATE FUNCTION sluice.book_adjustments(p jsonb) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  line record;
  booked uuid[];
BEGIN
  PERFORM pg_advisory_xact_lock_shared(7360001);
  WITH appended AS (
    INSERT INTO sluice.ledger_entries (tenant_id, entry_id, call_id, kind, service, provider, model, mode, simulated, reasons, purpose,
      units, cost_nano_usd, shadow_nano_usd, booked_at, note, adjustment_key, adjustment_sequence)
    SELECT '*', a.entry_id, a.call_id, 'adjustment', a.service, a.provider, a.model, 'real', false, '{}', 'reconciliation', 0, a.amount,
      a.amount, a.booked_at, a.note, a.key, a.sequence
    FROM jsonb_to_recordset(p) AS a(entry_id uuid, call_id uuid, service text, provider text, model text, amount bigint,
      booked_at timestamptz, key text, sequence int, note text)
    ON CONFLICT ON CONSTRAINT adjustments_once DO NOTHING RETURNING entry_id
  )
  SELECT coalesce(array_agg(entry_id), '{}') INTO booked FROM appended;
  FOR line IN
    SELECT w.tenant_id, w.budget_id, w.window_start, sum(e.cost_nano_usd)::bigint AS spent
    FROM sluice.ledger_entries e
    JOIN sluice.budgets b ON sluice.budget_covers(b, e.tenant_id, e.service, e.provider, e.api_key_id, e.tags)
    JOIN sluice.budget_windows w ON w.tenant_id = b.tenant_id AND w.budget_id = b.budget_id
      AND w.window_start <= e.booked_at AND e.booked_at < w.window_end
    WHERE e.tenant_id = '*' AND e.entry_id = ANY (booked)
    GROUP BY w.tenant_id, w.budget_id, w.window_start
    ORDER BY w.tenant_id COLLATE "C", w.budget_id COLLATE "C", w.window_start
  LOOP
    PERFORM sluice.move_balance(line.tenant_id, line.budget_id, line.window_start, 0, line.spent, NULL);
  END LOOP;
  RETURN cardinality(booked);
END $$;
