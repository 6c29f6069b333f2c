-- Sums of half hours too, for days that begin at half past (docs/decisions/0017-sums-in-two-steps.md).

-- Spans are of 360, 60 and 30 minutes. Of half hours only the first of each hour is kept: the second is what the hour has beyond it.
ALTER TABLE sluice.spending RENAME COLUMN hours TO minutes;
COMMENT ON COLUMN sluice.spending.minutes IS '360, 60 or 30; a span of 30 begins with the hour';
UPDATE sluice.spending SET minutes = minutes * 60;

DROP FUNCTION sluice.span_of(int, timestamptz);
CREATE FUNCTION sluice.spans_of(at timestamptz) RETURNS TABLE (minutes int, span_start timestamptz) LANGUAGE sql IMMUTABLE AS $$
  SELECT m, date_bin(m * interval '1 minute', at, '2000-01-01T00:00:00Z')
  FROM unnest(ARRAY[30, 60, 360]) AS m WHERE m > 30 OR date_part('minute', at AT TIME ZONE 'UTC') < 30
$$;

-- What is there already, but for what the other sums do not hold yet either: they are added together. Renaming holds up who would add them meanwhile.
INSERT INTO sluice.spending
SELECT tenant_id, 30, date_trunc('hour', booked_at, 'UTC'), service, purpose, provider, model, simulated, of_document, sum(entries), sum(calls), sum(units),
  sum(cost_nano_usd), sum(shadow_nano_usd), sum(held_nano_usd), sum(avoided_nano_usd), sum(avoided_shadow_nano_usd)
FROM (
  SELECT tenant_id, booked_at, service, purpose, provider, model, simulated, of_document, sum(sign) AS entries,
    coalesce(sign(sum(sign) FILTER (WHERE settled)), 0) AS calls, sum(units) AS units, sum(cost_nano_usd) AS cost_nano_usd,
    sum(shadow_nano_usd) AS shadow_nano_usd, sum(held_nano_usd) AS held_nano_usd, sum(avoided_nano_usd) AS avoided_nano_usd,
    sum(avoided_shadow_nano_usd) AS avoided_shadow_nano_usd
  FROM (
    SELECT tenant_id, 1 AS sign, booked_at, call_id, kind = 'settlement' AS settled, service, purpose, provider, model, simulated,
      document_id IS NOT NULL AS of_document, units, cost_nano_usd, shadow_nano_usd, held_nano_usd, avoided_nano_usd, avoided_shadow_nano_usd
    FROM sluice.ledger_entries
    UNION ALL
    SELECT tenant_id, -sign, booked_at, call_id, settled, service, purpose, provider, model, simulated,
      of_document, -units, -cost_nano_usd, -shadow_nano_usd, -held_nano_usd, -avoided_nano_usd, -avoided_shadow_nano_usd
    FROM sluice.spending_changes) AS either
  WHERE date_part('minute', booked_at AT TIME ZONE 'UTC') < 30
  GROUP BY tenant_id, booked_at, service, purpose, provider, model, simulated, of_document, call_id) AS by_call
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9 HAVING sum(entries) <> 0;
