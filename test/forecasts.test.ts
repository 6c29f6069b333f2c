import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { BudgetForecast, ForecastReport } from '../src/contract/forecast.ts'
import { onBothDatabases } from './harness/databases.ts'
import type { Client } from './harness/sluice-under-test.ts'
import { useSluice } from './harness/use-sluice.ts'

onBothDatabases('forecasts', createPlace => {
  const sluice = useSluice(createPlace)
  let acme: Client
  let globex: Client

  async function forecast(client: Client, query = ''): Promise<ForecastReport> {
    const { status, body } = await client.request<ForecastReport>('GET', `/v1/costs/forecast${query}`)
    assert.equal(status, 200, JSON.stringify(body))
    return body
  }
  const budgetIn = ({ budgets }: ForecastReport, id: string): BudgetForecast =>
    budgets.find(({ budgetId }) => budgetId === id) ?? assert.fail(`no budget ${id}`)
  async function setBudget(tenantId: string, budgetId: string, settings: object): Promise<void> {
    const { status, body } = await sluice().request('PUT', `/v1/budgets/${tenantId}/${budgetId}`, settings)
    assert.equal(status, 200, JSON.stringify(body))
  }
  /** One call on each of the last `days` days, at this time of the day, at a dollar, and two in the shadow column. */
  async function book(tenantId: string, service: string, days: number): Promise<void> {
    await sluice().sql(
      `INSERT INTO sluice.ledger_entries (tenant_id, entry_id, call_id, service, provider, model, mode, simulated, reasons, purpose,
         units, cost_nano_usd, shadow_nano_usd, at, booked_at, tags)
       SELECT $1, gen_random_uuid(), gen_random_uuid(), $2, 'openai', 'm', 'real', false, '{}', 'ingest', 10, 1000000000, 2000000000, t, t,
         '{archive}'
       FROM (SELECT now() - n * interval '24 hours' AS t FROM generate_series(1, $3::int) AS n) AS times`,
      [tenantId, service, days],
    )
  }

  before(async () => {
    acme = await sluice().clientOf('acme')
    globex = await sluice().clientOf('globex')
    await setBudget('acme', 'embed-day', { service: 'embed', capNanoUsd: '100000000', period: 'day' })
    await setBudget('acme', 'archive', { tag: 'archive', money: 'shadow', capNanoUsd: '900000000000', period: 'week' })
    await setBudget('acme', 'ever', { capNanoUsd: '900000000000', period: 'total' })
    await setBudget('*', 'all', { capNanoUsd: '900000000000', period: 'month', timeZone: 'Europe/Berlin' })
    await setBudget('globex', 'own', { capNanoUsd: '1', period: 'hour' })
  })

  test('without history it says so, and gives no numbers', async () => {
    const { real, shadow, budgets } = await forecast(acme)
    for (const one of [real, shadow, ...budgets]) {
      assert.deepEqual([one.method, one.historyDays, one.spentNanoUsd], ['nothing known', 0, '0'])
      assert.deepEqual([one.expectedNanoUsd, one.lowNanoUsd, one.highNanoUsd], [null, null, null])
    }
    assert.equal(budgetIn({ budgets } as ForecastReport, 'all').expectedExhaustionAt, null)
  })

  test('a month of steady days: the month in both moneys, each budget in its own scope, money and zone', async () => {
    await book('acme', 'embed', 40)
    await book('acme', 'parse', 40)
    await book('globex', 'embed', 20)
    const report = await forecast(acme, '?timeZone=Asia/Tokyo')
    const { real, shadow } = report
    assert.deepEqual([report.tenant, report.timeZone, real.method], ['acme', 'Asia/Tokyo', 'recent level and weekdays'])
    assert.ok(report.at >= real.windowStart && report.at < real.windowEnd)
    assert.equal(real.historyDays, 41, 'forty days with spend, and the idle one before')
    assert.equal(BigInt(shadow.spentNanoUsd), 2n * BigInt(real.spentNanoUsd))
    for (const { spentNanoUsd, lowNanoUsd, expectedNanoUsd, highNanoUsd } of [real, shadow]) {
      const amounts = [spentNanoUsd, lowNanoUsd, expectedNanoUsd, highNanoUsd].map(text =>
        BigInt(text ?? assert.fail()),
      )
      assert.deepEqual(
        amounts,
        amounts.toSorted((a, b) => (a < b ? -1 : 1)),
      )
    }
    const daysOfMonth = Math.round((Date.parse(real.windowEnd) - Date.parse(real.windowStart)) / 86_400_000)
    assert.ok(Math.abs(Number(real.expectedNanoUsd) / 1e9 - 2 * daysOfMonth) < 6, `${real.expectedNanoUsd}`)

    const day = budgetIn(report, 'embed-day')
    assert.deepEqual([day.money, day.exceedsCap, day.historyDays], ['real', true, 41])
    const week = budgetIn(report, 'archive')
    assert.equal(week.money, 'shadow')
    assert.ok(Math.abs(Number(week.expectedNanoUsd) / 1e9 - 28) < 6, 'two calls a day at two dollars')
    assert.deepEqual([week.exceedsCap, week.expectedExhaustionAt], [false, null])
    const all = budgetIn(report, 'all')
    const berlin = Temporal.Instant.from(report.at).toZonedDateTimeISO('Europe/Berlin')
    const first = berlin.with({ day: 1 }).startOfDay().epochMilliseconds
    assert.equal(all.windowStart, new Date(first).toISOString())
    assert.ok(BigInt(all.expectedNanoUsd ?? 0) > BigInt(real.expectedNanoUsd ?? 0), 'it counts globex too')
  })

  test('a cap that will be reached says when, within the window', async () => {
    await setBudget('acme', 'tight', { capNanoUsd: '30000000000', period: 'month' })
    const report = await forecast(acme)
    const tight = budgetIn(report, 'tight')
    assert.equal(tight.exceedsCap, true)
    const at = tight.expectedExhaustionAt ?? assert.fail('no time')
    assert.ok(report.at <= at && at <= tight.windowEnd)
  })

  test('tenants see their own month and their own and shared budgets; an admin those that it asks for', async () => {
    const idsOf = ({ budgets }: ForecastReport) => budgets.map(({ budgetId }) => budgetId).sort()
    assert.deepEqual(idsOf(await forecast(acme)), ['all', 'archive', 'embed-day', 'tight'])
    assert.deepEqual(idsOf(await forecast(globex)), ['all', 'own'])
    const own = await forecast(globex)
    assert.ok(Number(own.real.expectedNanoUsd) < Number((await forecast(acme)).real.expectedNanoUsd))
    for (const tenant of ['acme', '*']) {
      const refused = await globex.request<{ code: string }>('GET', `/v1/costs/forecast?tenant=${tenant}`)
      assert.deepEqual([refused.status, refused.body.code], [403, 'forbidden'])
    }
    const everything = await forecast(sluice(), '?tenant=*')
    assert.deepEqual(idsOf(everything), ['all', 'archive', 'embed-day', 'own', 'tight'])
    assert.deepEqual(idsOf(await forecast(sluice())), idsOf(everything))
    assert.deepEqual(idsOf(await forecast(sluice(), '?tenant=globex')), ['all', 'own'])
    assert.equal((await forecast(sluice(), '?tenant=globex')).real.historyDays, own.real.historyDays)
  })

  test('a wrong time zone is refused', async () => {
    const { status, body } = await acme.request<{ detail: string }>('GET', '/v1/costs/forecast?timeZone=Mars/Olympus')
    assert.equal(status, 400)
    assert.match(body.detail, /timeZone: an IANA time zone/)
  })
})
