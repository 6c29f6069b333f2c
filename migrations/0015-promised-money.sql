-- Money that a job was woken for stays promised to it until it has reserved it, also while it is at work.

DROP INDEX sluice.jobs_by_deferral_budget;
CREATE INDEX jobs_by_deferral_budget ON sluice.jobs (deferral_budget_tenant, deferral_budget_id)
  WHERE deferral_budget_id IS NOT NULL AND state IN ('deferred', 'queued', 'running');
COMMENT ON COLUMN sluice.jobs.deferral_needed_nano_usd IS 'what it waits for of the budget, or has been woken to reserve';

-- Whether a job that names a budget has yet to reserve what it needs of it.
CREATE FUNCTION sluice.wants_money(job sluice.jobs) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT job.state IN ('deferred', 'queued', 'running') AND (job.state <> 'running' OR NOT EXISTS (
    SELECT FROM sluice.ledger_entries e WHERE e.tenant_id = job.tenant_id AND e.job_id = job.job_id AND e.at >= job.updated_at))
$$;

-- As before (0002), but that those who have been woken, and are about to reserve, count as rivals too.
CREATE OR REPLACE FUNCTION sluice.fair_share(shared_budget text, start timestamptz, until timestamptz, tenant text, room bigint,
  OUT rivals int, OUT mine bigint) LANGUAGE plpgsql AS $$
BEGIN
  rivals := 0;
  mine := 0;
  IF NOT EXISTS (SELECT FROM sluice.jobs j WHERE j.deferral_budget_tenant = '*' AND j.deferral_budget_id = shared_budget
    AND j.state IN ('deferred', 'queued', 'running') AND j.tenant_id <> tenant AND j.deferral_needed_nano_usd <= room
    AND sluice.wants_money(j)) THEN RETURN; END IF;
  WITH used AS (
    SELECT e.tenant_id, sum(CASE b.money WHEN 'real' THEN e.held_nano_usd + e.cost_nano_usd
      ELSE e.held_shadow_nano_usd + e.shadow_nano_usd END) AS amount
    FROM sluice.budgets b JOIN sluice.ledger_entries e ON e.booked_at >= start AND e.booked_at < until
      AND sluice.budget_covers(b, e.tenant_id, e.service, e.provider, e.api_key_id, e.tags)
    WHERE b.tenant_id = '*' AND b.budget_id = shared_budget GROUP BY e.tenant_id
  ), own AS (SELECT coalesce((SELECT amount FROM used WHERE tenant_id = tenant), 0) AS amount)
  SELECT own.amount, (SELECT count(DISTINCT j.tenant_id) FROM sluice.jobs j LEFT JOIN used u ON u.tenant_id = j.tenant_id
    WHERE j.deferral_budget_tenant = '*' AND j.deferral_budget_id = shared_budget AND j.state IN ('deferred', 'queued', 'running')
      AND j.tenant_id <> tenant AND j.deferral_needed_nano_usd <= room AND sluice.wants_money(j) AND coalesce(u.amount, 0) < own.amount)
  INTO mine, rivals FROM own;
END $$;
