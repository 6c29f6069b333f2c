import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Simulation } from '../src/contract/simulation.ts'
import { readPastCalls } from '../src/ledger/past-calls.sql.ts'
import { simulateBudgets } from '../src/ledger/simulate-budgets.ts'
import { onBothDatabases } from './harness/databases.ts'
import type { Client } from './harness/sluice-under-test.ts'
import { useSluice } from './harness/use-sluice.ts'

interface Booked {
  at: string
  cost: number
  shadow?: number
  units?: number
  service?: string
  provider?: string
  model?: string
  kind?: string
  tags?: string[]
  /** Entries with the same name are one call. */
  call?: string
}

const period = { from: '2026-03-01', to: '2026-03-31' }

onBothDatabases('simulations', createPlace => {
  const sluice = useSluice(createPlace)
  let acme: Client
  let globex: Client

  async function simulate(client: Client, wish: object): Promise<Simulation> {
    const { status, body } = await client.request<Simulation>('POST', '/v1/costs/simulate', { ...period, ...wish })
    assert.equal(status, 200, JSON.stringify(body))
    return body
  }
  async function refused(client: Client, wish: object): Promise<{ code: string; detail: string }> {
    const { status, body } = await client.request<{ code: string; detail: string }>('POST', '/v1/costs/simulate', {
      ...period,
      ...wish,
    })
    assert.ok(status >= 400, JSON.stringify(body))
    return body
  }
  async function book(tenantId: string, entries: readonly Booked[]): Promise<void> {
    const rows = entries.map(({ at, cost, ...more }, i) => ({
      at,
      cost,
      shadow: cost,
      units: 100,
      service: 'embed',
      provider: 'openai',
      model: 'text-embedding-3-small',
      kind: 'settlement',
      tags: [],
      call: `${at} ${i}`,
      ...more,
    }))
    await sluice().sql(
      `INSERT INTO sluice.ledger_entries (tenant_id, entry_id, call_id, kind, service, provider, model, mode, simulated, reasons, purpose,
         units, cost_nano_usd, shadow_nano_usd, at, booked_at, tags)
       SELECT $1, gen_random_uuid(), md5($1 || call)::uuid, kind, service, provider, model, 'real', false, '{}', 'ingest', units, cost,
         shadow, at, at, tags
       FROM jsonb_to_recordset($2::jsonb) AS e(at timestamptz, call text, kind text, service text, provider text, model text,
         units bigint, cost bigint, shadow bigint, tags text[])`,
      [tenantId, JSON.stringify(rows)],
    )
  }

  before(async () => {
    acme = await sluice().clientOf('acme')
    globex = await sluice().clientOf('globex')
    await book('acme', [
      { at: '2026-03-02T10:00:00Z', cost: 60 },
      // One call that two documents share, and what it cost above its hold.
      { at: '2026-03-02T11:00:00.000250Z', cost: 30, call: 'shared', tags: ['archive'] },
      { at: '2026-03-02T11:00:00.000250Z', cost: 20, call: 'shared', units: 50 },
      { at: '2026-03-02T11:00:00.000250Z', cost: 10, call: 'shared', units: 0, kind: 'overrun' },
      { at: '2026-03-02T12:00:00Z', cost: 40 },
      { at: '2026-03-03T09:00:00Z', cost: 50 },
      { at: '2026-03-02T12:00:00Z', cost: 999, kind: 'avoided' },
      { at: '2026-04-01T00:00:00Z', cost: 999 },
    ])
    await book('globex', [
      { at: '2026-03-02T10:30:00Z', cost: 0, shadow: 70, service: 'parse', provider: 'local', model: '1', units: 7 },
    ])
  })

  test('the present cap next to another: what waits, how long, and what each day spends', async () => {
    const { totals, budgets, days, prices } = await simulate(acme, { budgets: ['$0.0000001/day id=hundred'] })
    assert.equal(prices, 'as booked')
    assert.deepEqual(totals, {
      calls: 4,
      admittedCalls: 4,
      waitingCalls: 0,
      rejectedCalls: 0,
      fallbackCalls: 0,
      deferredCalls: 2,
      costNanoUsd: '210',
      shadowNanoUsd: '210',
      bookedCostNanoUsd: '210',
      bookedShadowNanoUsd: '210',
    })
    const [budget] = budgets
    assert.deepEqual(
      [budget?.budgetId, budget?.capNanoUsd, budget?.windowsExhausted, budget?.deferredCalls, budget?.mostUsedPercent],
      ['hundred', '100', 2, 2, 100],
    )
    assert.equal(budget?.firstExhaustedAt, '2026-03-02T11:00:00.000Z')
    assert.deepEqual([budget?.longestWaitSeconds, budget?.waitingCalls], [15 * 3600, 0])
    assert.deepEqual(
      days.map(({ day, costNanoUsd, deferredCalls }) => [day, costNanoUsd, deferredCalls]),
      [
        ['2026-03-02', '100', 1],
        ['2026-03-03', '60', 1],
        ['2026-03-04', '50', 0],
      ],
    )
    const raised = await simulate(acme, { budgets: ['$1/day'] })
    assert.deepEqual([raised.totals.deferredCalls, raised.budgets[0]?.longestWaitSeconds], [0, null])
  })

  test('budgets by their settings; a shared call counts with the covered shares; nothing is changed', async () => {
    const budget = { tenantId: 'acme', budgetId: 'archive', tag: 'archive', capNanoUsd: '29', period: 'total' }
    const before = await sluice().sql('SELECT count(*) FROM sluice.ledger_entries')
    const { totals, budgets } = await simulate(acme, { budgets: [{ ...budget, policy: 'reject' }] })
    assert.deepEqual([totals.rejectedCalls, totals.costNanoUsd, totals.bookedCostNanoUsd], [1, '150', '210'])
    assert.equal(budgets[0]?.rejectedCalls, 1)
    const enough = await simulate(acme, { budgets: [{ ...budget, capNanoUsd: '30' }] })
    assert.deepEqual([enough.totals.admittedCalls, enough.budgets[0]?.mostUsedPercent], [4, 100])
    assert.deepEqual(await sluice().sql('SELECT count(*) FROM sluice.ledger_entries'), before)
    assert.deepEqual(await sluice().sql('SELECT * FROM sluice.budgets'), [])
  })

  test('another price list: each call by its units, rounded up; missing prices are named', async () => {
    const price = {
      provider: 'openai',
      operation: 'embed',
      model: 'text-embedding-3-small',
      unit: 'token',
      nanoUsd: '1',
      perUnits: '3',
      effectiveFrom: '2026-01-01',
      source: 'what if',
    }
    const { totals, prices } = await simulate(acme, { prices: { prices: [price] } })
    assert.deepEqual([prices, totals.costNanoUsd, totals.bookedCostNanoUsd], ['as given', '152', '210'])
    const missing = await refused(acme, { prices: { prices: [{ ...price, effectiveFrom: '2026-03-03' }] } })
    assert.equal(missing.code, 'call_unpriceable')
    assert.match(missing.detail, /embed by openai "text-embedding-3-small" \(3 calls, the first on 2026-03-02\)/)
    const local = await refused(globex, { prices: { prices: [price] } })
    assert.match(local.detail, /parse by llamaparse "cost_effective"/)
    const tier = {
      ...price,
      provider: 'llamaparse',
      operation: 'parse',
      model: 'cost_effective',
      unit: 'page',
      perUnits: '1',
    }
    const parsed = await simulate(globex, { prices: { prices: [tier] } })
    assert.deepEqual([parsed.totals.costNanoUsd, parsed.totals.shadowNanoUsd], ['0', '7'], 'local parsing stays free')
    const twice = await refused(acme, { prices: { prices: [price, price] } })
    assert.match(twice.detail, /entry 1 has the same effectiveFrom/)
  })

  test('a rehearsal is replayed by shadow money; what still waits at the end is counted', async () => {
    const { totals, budgets } = await simulate(globex, { budgets: ['$0.00000005/month money=shadow', '$0/month'] })
    assert.deepEqual([totals.waitingCalls, totals.costNanoUsd, totals.bookedShadowNanoUsd], [1, '0', '70'])
    assert.deepEqual([budgets[0]?.waitingCalls, budgets[1]?.deferredCalls, budgets[1]?.mostUsedPercent], [1, 0, null])
    const end = Date.parse('2026-04-01T00:00:00Z')
    assert.equal(budgets[0]?.longestWaitSeconds, (end - Date.parse('2026-03-02T10:30:00Z')) / 1000)
  })

  test('tenants replay their own calls; an admin another’s, or all together', async () => {
    assert.equal((await simulate(globex, {})).totals.calls, 1)
    assert.equal((await refused(globex, { tenant: 'acme' })).code, 'forbidden')
    assert.equal((await refused(globex, { tenant: '*' })).code, 'forbidden')
    const foreign = await refused(globex, { budgets: ['$1/day tenant=acme'] })
    assert.match(foreign.detail, /only calls of tenant globex/)
    assert.equal((await simulate(sluice(), { tenant: 'acme' })).totals.calls, 4)
    const all = await simulate(sluice(), {
      tenant: '*',
      budgets: ['$0/total tenant=acme policy=reject', '$0/total id=b'],
    })
    assert.deepEqual([all.tenant, all.totals.calls, all.totals.rejectedCalls, all.totals.admittedCalls], ['*', 5, 4, 1])
  })

  test('what cannot be meant is refused', async () => {
    const wrong: [object, RegExp][] = [
      [{ budgets: ['much/day'] }, /The budget "much\/day" begins with "much\/day"/],
      [{ budgets: ['$1/day', '$2/day'] }, /two are called \*\/day/],
      [{ budgets: [{ tenantId: '*' }] }, /budgets/],
      [{ from: '2026-03-02', to: '2026-03-01' }, /ends .* before it begins/],
      [{ from: '2999-01-01', to: '2999-01-02' }, /in the future/],
      [{ prices: { prices: [{ model: 'x' }] } }, /prices/],
      [{ budget: ['$1/day'] }, /budget/],
    ]
    for (const [wish, detail] of wrong) {
      const answer = await refused(acme, wish)
      assert.equal(answer.code, 'validation_failed')
      assert.match(answer.detail, detail)
    }
  })

  test('more calls than a simulation may have are refused, naming the limit', async () => {
    const plan = {
      scope: { tenantId: null, from: new Date('2026-03-01'), to: new Date('2026-04-01') },
      timeZone: 'UTC',
      budgets: [],
      prices: null,
      priceKeyOf: () => assert.fail('nothing is priced'),
      signal: new AbortController().signal,
    }
    await assert.rejects(simulateBudgets(sluice().database, { ...plan, mostCalls: 4 }), {
      code: 'validation_failed',
      message: /more than 4 calls/,
    })
    assert.equal((await simulateBudgets(sluice().database, { ...plan, mostCalls: 5 })).totals.calls, 5)
  })

  test('pages of any size give the same calls, also where a page ends within one', async () => {
    const scope = { tenantId: null, from: new Date('2026-03-01'), to: new Date('2026-05-01') }
    const read = async (pageSize: number) => {
      const calls = []
      for await (const page of readPastCalls(sluice().database, scope, pageSize)) calls.push(...page)
      return calls.map(({ at, tenantId, provider, shares }) => ({ at, tenantId, provider, shares }))
    }
    const all = await read(1_000)
    assert.equal(all.length, 6)
    for (const pageSize of [1, 2, 3, 4, 8]) assert.deepEqual(await read(pageSize), all)
  })
})
