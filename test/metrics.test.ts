import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BudgetView } from '../src/contract/budget.ts'
import type { CostReport } from '../src/contract/costs.ts'
import type { ForecastReport } from '../src/contract/forecast.ts'
import { readBudgetForecasts } from '../src/ledger/read-forecasts.ts'
import { createMetrics, type MetricsOptions } from '../src/metrics/metrics.ts'
import { onBothDatabases } from './harness/databases.ts'
import { cloudKey } from './harness/paid-cloud.ts'
import { type ExposedFamily, readExposition, sumOf } from './harness/read-exposition.ts'
import { apiKey, createClient } from './harness/sluice-under-test.ts'
import { until } from './harness/until.ts'
import { usePaidCloud } from './harness/use-paid-cloud.ts'

const metricsKey = 'only-for-prometheus'
const dollars = (nanoUsd: string) => Number(nanoUsd) / 1e9

onBothDatabases('metrics', createPlace => {
  const { sluice, cloud } = usePaidCloud(createPlace, {
    environment: { SLUICE_METRICS_KEY: metricsKey, SLUICE_METRICS_TENANTS: '2' },
    impatient: true,
  })
  const scrape = async (key = metricsKey) => {
    const headers = { authorization: `Bearer ${key}` }
    const response = await fetch(`${sluice().server.url}/metrics`, { headers })
    return { status: response.status, text: await response.text(), type: response.headers.get('content-type') }
  }
  const optionsHere = (): MetricsOptions => ({
    database: sluice().database,
    version: '0',
    namedTenants: 2,
    uploadLimit: { requests: 50, spanMs: 10_000 },
    readForecasts: () => readBudgetForecasts(sluice().database),
    hasWebhooks: false,
    readDisk: async () => ({ freeBytes: 1, sizeBytes: 2 }),
    onError: () => {},
  })
  /** Read now, not some seconds ago. */
  const readNow = async (options: Partial<MetricsOptions> = {}) =>
    readExposition(await createMetrics({ ...optionsHere(), ...options }).text())

  test('after a run the figures are those of the ledger and the API', async () => {
    const budget = { capNanoUsd: '20000000', period: 'day', service: 'parse' }
    await sluice().request('PUT', '/v1/budgets/*/parse-day', budget)
    const names = ['meters', 'valves', 'pumps']
    await Promise.all(names.map(name => sluice().ingest(`${name}.md`, `# ${name}\n\nAbout ${name}.`)))
    await sluice().upload('again.md', '# valves\n\nAbout valves.')
    const tooMuch = await sluice().upload('long.md', Array(20).fill('# A page\n\nof many').join('\f'))
    await until(
      'it waits for money',
      async () => (await sluice().job(tooMuch.body.document.job.jobId)).state === 'deferred',
    )
    await sluice().search('valves')
    const { text, type } = await scrape()
    assert.match(type ?? '', /^text\/plain; version=0\.0\.4/)
    const found = readExposition(text)

    const { totals } = (await sluice().request<CostReport>('GET', '/v1/costs?tenant=*')).body
    const ledger = (name: string, labels: Record<string, string>) => sumOf(found, `sluice_ledger_${name}`, labels)
    assert.ok(dollars(totals.costNanoUsd) > 0 && dollars(totals.avoidedNanoUsd) > 0)
    assertNear(ledger('spent_dollars_total', { money: 'real' }), dollars(totals.costNanoUsd))
    assertNear(ledger('spent_dollars_total', { money: 'shadow' }), dollars(totals.shadowNanoUsd))
    assertNear(ledger('avoided_dollars_total', { money: 'real' }), dollars(totals.avoidedNanoUsd))
    assertNear(ledger('avoided_dollars_total', { money: 'shadow' }), dollars(totals.avoidedShadowNanoUsd))
    assertNear(ledger('held_dollars', { money: 'real' }), dollars(totals.heldNanoUsd))
    assert.equal(ledger('calls_total', {}), totals.calls)
    assert.equal(ledger('units_total', { unit: 'pages' }), Number(totals.units.pages))
    assert.equal(ledger('units_total', { unit: 'tokens' }), Number(totals.units.tokens))

    const { budgets } = (await sluice().request<{ budgets: BudgetView[] }>('GET', '/v1/budgets')).body
    const labels = { tenant: '*', budget: 'parse-day', money: 'real', period: 'day' }
    assertNear(sumOf(found, 'sluice_budget_cap_dollars', labels), 0.02)
    assertNear(sumOf(found, 'sluice_budget_spent_dollars', labels), dollars(budgets[0]?.spentNanoUsd ?? ''))
    assert.ok(sumOf(found, 'sluice_budget_spent_dollars', labels) > 0)

    assert.equal(sumOf(found, 'sluice_jobs'), 1)
    assert.equal(sumOf(found, 'sluice_jobs', { stage: 'parse', state: 'deferred' }), 1)
    assert.equal(sumOf(found, 'sluice_jobs_deferred', { reason: 'budget' }), 1)
    assert.equal(sumOf(found, 'sluice_stage_duration_seconds_count', { stage: 'publish', outcome: 'done' }), 3)
    assert.equal(sumOf(found, 'sluice_stage_duration_seconds_count', { stage: 'parse', outcome: 'deferred' }), 1)
    assert.ok(sumOf(found, 'sluice_stage_duration_seconds_count', { stage: 'parse', provider: 'llamaparse' }) >= 3)
    const calls = { service: 'parse', provider: 'llamaparse', simulated: 'false', outcome: 'answered' }
    assert.equal(sumOf(found, 'sluice_provider_call_duration_seconds_count', calls), 3)
    const uploads = { method: 'POST', route: '/v1/documents', status: '2xx' }
    assert.equal(sumOf(found, 'sluice_http_request_duration_seconds_count', uploads), 5)
    assert.equal(sumOf(found, 'sluice_provider_breaker', { provider: 'llamaparse', state: 'closed' }), 1)
    assert.equal(sumOf(found, 'sluice_limiter_limit', { provider: 'llamaparse', unit: 'uploads' }), 50)
    assert.equal(sumOf(found, 'sluice_database_up'), 1)
    assert.ok(sumOf(found, 'sluice_disk_free_bytes') > 0)
  })

  test('the forecast of a budget is told as the API tells it, and not made again at each scrape', async () => {
    const { budgets } = (await sluice().request<ForecastReport>('GET', '/v1/costs/forecast?tenant=*')).body
    const expected = dollars(budgets.find(one => one.budgetId === 'parse-day')?.expectedNanoUsd ?? '')
    const labels = { tenant: '*', budget: 'parse-day', money: 'real', period: 'day' }
    const told = sumOf(await readNow(), 'sluice_budget_forecast_dollars', labels)
    assert.ok(told > 0 && Math.abs(told / expected - 1) < 0.05, `${told} of ${expected}`)
    let readings = 0
    const metrics = createMetrics({
      ...optionsHere(),
      readForecasts: async () => {
        readings++
        return await readBudgetForecasts(sluice().database)
      },
    })
    for (let i = 0; i < 3; i++) await metrics.text()
    assert.equal(readings, 1)
  })

  test('entries that are counted for good are counted once', async () => {
    const before = ledgerOf(await readNow())
    await sluice().sql(`UPDATE sluice.ledger_entries SET at = at - interval '1 hour'`)
    await sluice().sql(`UPDATE sluice.ledger_totals_until SET counted_until = '-infinity'`)
    assert.deepEqual(ledgerOf(await readNow()), before, 'they are added to the totals')
    const [totals] = await sluice().sql<{ calls: number }>('SELECT sum(calls)::int AS calls FROM sluice.ledger_totals')
    assert.ok((totals?.calls ?? 0) > 0)
    await sluice().sql(`UPDATE sluice.ledger_totals_until SET counted_until = counted_until - interval '10 minutes'`)
    assert.deepEqual(ledgerOf(await readNow()), before, 'and not a second time')
  })

  test('I32: neither secrets nor documents nor who has them are told', async () => {
    const { text } = await scrape()
    const hidden = [apiKey, metricsKey, cloudKey, 'valves', 'meters', 'again.md', 'A page', sluice().server.url]
    for (const secret of hidden) assert.ok(!text.includes(secret), `${secret} is told`)
    assert.doesNotMatch(text, /[0-9a-f]{8}-[0-9a-f]{4}-/, 'no id')
    assert.doesNotMatch(text, /="[^"]*[0-9a-f]{16}/, 'no hash of a key')
  })

  test('only who has the key of the metrics, or an admin, reads them; and that key opens nothing else', async () => {
    const member = await sluice().clientOf('member')
    assert.equal((await member.request('GET', '/metrics')).status, 403)
    assert.deepEqual(
      [(await scrape('wrong')).status, (await scrape('')).status, (await scrape(apiKey)).status],
      [401, 401, 200],
    )
    const asMetrics = createClient(sluice().server.url, metricsKey)
    assert.equal((await asMetrics.request('GET', '/v1/jobs')).status, 401)
  })

  test('more tenants, budgets and addresses are no more labels', async () => {
    await addTenants(sluice().sql, 'first', 5)
    const few = await readNow()
    const requests = sumLines((await scrape()).text, 'sluice_http_request')
    await addTenants(sluice().sql, 'later', 60)
    for (let i = 0; i < 20; i++)
      await Promise.all([
        sluice().request('GET', `/v1/no-such-${i}`),
        sluice().request('GET', `/v1/jobs/01890000-0000-7000-8000-0000000000${10 + i}`),
      ])
    const many = await readNow()
    for (const [name, { samples }] of many)
      if (!name.startsWith('nodejs_')) assert.equal(samples.length, few.get(name)?.samples.length, name)
    const tenants = new Set([...many.values()].flatMap(f => f.samples.flatMap(s => s.labels.tenant ?? [])))
    assert.deepEqual([...tenants].sort(), ['*', 'default', 'other'])
    assertNear(sumOf(many, 'sluice_tenant_spent_dollars_total', { tenant: 'other', money: 'real' }), 65)
    assertNear(sumOf(many, 'sluice_budget_cap_dollars', { tenant: 'other', budget: 'other' }), 65)
    // One more of each: requests without a route, and the class of status of those with one.
    const afterwards = sumLines((await scrape()).text, 'sluice_http_request')
    assert.ok(afterwards - requests <= 2 * 13, `${afterwards - requests} lines more`)
    const none = await readNow({ namedTenants: 0 })
    assert.ok(!none.has('sluice_tenant_jobs'))
  })

  test('a provider that hangs is seen before its calls give up', async () => {
    await sluice().request('DELETE', '/v1/budgets/*/parse-day')
    await sluice().settled()
    cloud().outage = { kind: 'hangs', uploads: 0 }
    await sluice().upload('hangs.md', 'It hangs on a line.')
    const labels = { service: 'parse', provider: 'llamaparse', simulated: 'false' }
    await until('the call is seen to be open', async () => {
      const found = readExposition((await scrape()).text)
      return (
        sumOf(found, 'sluice_provider_calls_open', labels) === 1 &&
        sumOf(found, 'sluice_provider_call_oldest_seconds', labels) > 0.2
      )
    })
    cloud().outage = null
    await sluice().settled()
    const found = readExposition((await scrape()).text)
    assert.equal(sumOf(found, 'sluice_provider_calls_open', labels), 0)
  })

  test('without the database the process is still described', async () => {
    const gone = { ...sluice().database, transaction: () => Promise.reject(new Error('gone')) }
    const found = await readNow({ database: gone })
    assert.equal(sumOf(found, 'sluice_database_up'), 0)
    assert.equal(found.get('sluice_jobs')?.samples.length, 0)
    assert.ok(sumOf(found, 'process_resident_memory_bytes') > 0)
  })
})

/** Dollars are floats in Prometheus. */
function assertNear(value: number, expected: number): void {
  assert.ok(Math.abs(value - expected) < 1e-9, `${value} is ${expected}`)
}

function ledgerOf(families: Map<string, ExposedFamily>) {
  const names = [...families.keys()].filter(name => name.startsWith('sluice_ledger'))
  return names.map(name => [name, families.get(name)?.samples.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))])
}

function key({ labels }: { labels: object }): string {
  return JSON.stringify(labels)
}

function sumLines(text: string, name: string): number {
  return text.split('\n').filter(line => line.startsWith(name)).length
}

/** Each has spent a dollar and has a budget of one. */
async function addTenants(
  sql: (statement: string, values: unknown[]) => Promise<unknown>,
  prefix: string,
  count: number,
): Promise<void> {
  await sql(`INSERT INTO sluice.tenants (tenant_id) SELECT $1::text || n FROM generate_series(1, $2::int) n`, [
    prefix,
    count,
  ])
  await sql(
    `INSERT INTO sluice.ledger_entries (tenant_id, entry_id, call_id, service, provider, model, mode, simulated, reasons, purpose, units,
      cost_nano_usd, shadow_nano_usd)
    SELECT $1::text || n, gen_random_uuid(), gen_random_uuid(), 'parse', 'llamaparse', 'agentic', 'real', false, '{}', 'ingest', 1, 1000000000, 0
    FROM generate_series(1, $2::int) n`,
    [prefix, count],
  )
  await sql(
    `INSERT INTO sluice.budgets (tenant_id, budget_id, money, cap_nano_usd, period, time_zone, policy, alert_percents, origin)
    SELECT $1::text || n, 'month', 'real', 1000000000, 'month', 'UTC', 'defer', '{}', 'api' FROM generate_series(1, $2::int) n`,
    [prefix, count],
  )
}
