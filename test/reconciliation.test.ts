import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createTokenCounter } from '../src/chunk/count-tokens.ts'
import type { BudgetView } from '../src/contract/budget.ts'
import type { CostReport } from '../src/contract/costs.ts'
import type { Reconciliation } from '../src/contract/reconciliation.ts'
import { findImbalances } from '../src/ledger/balances.sql.ts'
import { createOpenAiSimulator, type OpenAiSimulator } from '../src/providers/openai/simulator.ts'
import { onBothDatabases, type Place } from './harness/databases.ts'
import { serveHandler } from './harness/serve-handler.ts'
import { type SluiceUnderTest, startSluice } from './harness/sluice-under-test.ts'

/** The provider's clock is three days late, so that the days it reports are over. */
const threeDaysMs = 3 * 86_400_000

onBothDatabases('P10: reconciliation with OpenAI’s reports', createPlace => {
  let place: Place
  let sluice: SluiceUnderTest
  let openAi: OpenAiSimulator
  let served: Awaited<ReturnType<typeof serveHandler>>

  before(async () => {
    place = await createPlace()
    const counter = createTokenCounter()
    openAi = createOpenAiSimulator({
      countTokens: text => counter.count(text),
      price: (_model, tokens) => BigInt(tokens) * 25n,
      nowMs: () => performance.now(),
      now: () => new Date(Date.now() - threeDaysMs),
      adminKey: 'sk-admin-test',
    })
    served = await serveHandler(openAi.fetch)
    sluice = await startSluice(place, {
      SLUICE_EMBED_MODE: 'real',
      OPENAI_API_KEY: 'sk-test',
      OPENAI_ADMIN_KEY: 'sk-admin-test',
      OPENAI_BASE_URL: `${served.url}/v1`,
    })
  })
  after(async () => {
    await sluice.close()
    await served.close()
    await place.remove()
  })

  const reconcile = async (book: boolean) =>
    (await sluice.request<Reconciliation>('POST', '/v1/costs/reconcile', { book })).body

  test('a price that changed at the provider shows as drift, is booked once, and then the books are equal', async () => {
    await sluice.ingest('a.md', '# Pumps\n\nThe centrifugal pump lifts water to the reservoir.')
    // As if it had been booked on the provider's day.
    await sluice.sql(`UPDATE sluice.ledger_entries SET booked_at = booked_at - interval '3 days'`)
    await sluice.request('PUT', '/v1/budgets/*/embed', { service: 'embed', period: 'total', capNanoUsd: '1000000000' })
    const shown = await reconcile(false)
    assert.deepEqual([shown.providers, shown.booked], [['openai'], 0])
    const [row, ...others] = shown.rows
    assert.equal(others.length, 0)
    const charged = openAi.counters().chargedNanoUsd
    assert.equal(row?.theirs?.costNanoUsd, String(charged))
    assert.equal(row?.ours.costNanoUsd, String((charged * 20n) / 25n))
    assert.deepEqual([row?.verdict, row?.settled], ['drift', true])
    assert.equal(row?.adjustmentNanoUsd, String(charged / 5n))

    assert.equal((await reconcile(true)).booked, 1)
    const again = await reconcile(true)
    assert.deepEqual([again.booked, again.rows[0]?.verdict, again.rows[0]?.driftNanoUsd], [0, 'equal', '0'])
    const costs = await sluice.request<CostReport>('GET', '/v1/costs?tenant=*&from=2026-01-01')
    assert.equal(costs.body.totals.costNanoUsd, String(charged))
    const { body } = await sluice.request<{ budgets: BudgetView[] }>('GET', '/v1/budgets')
    assert.equal(body.budgets[0]?.spentNanoUsd, String(charged), 'budgets of all tenants count adjustments')
    assert.deepEqual(await findImbalances(sluice.database), [])
  })

  test('only an admin key may compare', async () => {
    const member = await sluice.clientOf('acme')
    assert.equal((await member.request('POST', '/v1/costs/reconcile', {})).status, 403)
  })
})
