import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Alert } from '../src/contract/alert.ts'
import type { BudgetView } from '../src/contract/budget.ts'
import type { JobView } from '../src/contract/job-view.ts'
import { findImbalances } from '../src/ledger/balances.sql.ts'
import { onBothDatabases } from './harness/databases.ts'
import { type Client, createClient } from './harness/sluice-under-test.ts'
import { until } from './harness/until.ts'
import { useSluice } from './harness/use-sluice.ts'

/** Mock mode, rehearsing: shadow budgets count what the real providers would have charged. */
onBothDatabases('budgets in rehearsal', createPlace => {
  const sluice = useSluice(createPlace)
  let acme: Client
  const page = 3_750_000n

  async function setBudget(tenantId: string, budgetId: string, settings: object): Promise<BudgetView> {
    const body = { money: 'shadow', period: 'day', ...settings }
    const answer = await sluice().request<BudgetView>('PUT', `/v1/budgets/${tenantId}/${budgetId}`, body)
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    return answer.body
  }
  const jobOf = async (client: Client, name: string, text: string, options?: object): Promise<JobView> =>
    (await client.upload(name, text, options)).body.document.job
  const reaches = (client: Client, jobId: string, state: string) =>
    until(`job ${jobId} is ${state}`, async () => {
      const job = await client.job(jobId)
      return job.state === state && job
    })
  const balanced = async () => assert.deepEqual(await findImbalances(sluice().database), [])

  before(async () => {
    acme = await sluice().clientOf('acme')
  })

  test('P20: what does not fit waits, says why and until when, burns no attempt, and goes on at once when the cap is raised', async () => {
    await setBudget('acme', 'parse-day', { service: 'parse', capNanoUsd: String(page), timeZone: 'Europe/Berlin' })
    const first = await jobOf(acme, 'one.md', '# One\n\nThe first page fits.')
    await reaches(acme, first.jobId, 'succeeded')
    const second = await jobOf(acme, 'two.md', '# Two\n\nThe second does not.')
    const waiting = await reaches(acme, second.jobId, 'deferred')
    assert.equal(waiting.failures, 0)
    assert.equal(waiting.deferral?.reason, 'budget')
    assert.deepEqual(waiting.deferral?.budget, { tenantId: 'acme', budgetId: 'parse-day' })
    assert.equal(waiting.deferral?.missingNanoUsd, String(page))
    const midnight = Temporal.Now.zonedDateTimeISO('Europe/Berlin').add({ days: 1 }).startOfDay()
    assert.equal(waiting.deferral?.resumesAt, new Date(midnight.epochMilliseconds).toISOString())
    assert.match(waiting.deferral?.message ?? '', /budget parse-day of tenant acme allows \$0\.00375 a day/)

    const { body } = await acme.request<{ budgets: BudgetView[] }>('GET', '/v1/budgets')
    const [budget] = body.budgets
    assert.deepEqual(
      [budget?.spentNanoUsd, budget?.heldNanoUsd, budget?.leftNanoUsd, budget?.waitingJobs],
      [String(page), '0', '0', 1],
    )
    await setBudget('acme', 'parse-day', { service: 'parse', capNanoUsd: String(2n * page), timeZone: 'Europe/Berlin' })
    await reaches(acme, second.jobId, 'succeeded')
    await balanced()
  })

  test('thresholds and exhaustion raise their alerts once for each window', async () => {
    const { body } = await acme.request<{ alerts: Alert[] }>('GET', '/v1/alerts')
    const percents = body.alerts.filter(a => a.kind === 'budget_threshold').map(a => a.details.percent)
    assert.deepEqual(
      percents.toSorted((a, b) => Number(a) - Number(b)),
      [50, 80, 95, 100],
    )
    assert.equal(body.alerts.filter(a => a.kind === 'budget_exhausted').length, 1)
  })

  test('a large document that waits does not block small ones; a cancelled one waits no more', async () => {
    const tenant = await sluice().clientOf('small')
    await setBudget('small', 'embed', { service: 'embed', period: 'total', capNanoUsd: '2000' })
    const large = await jobOf(tenant, 'large.md', `# Large\n\n${'many words about reservoirs and pumps. '.repeat(600)}`)
    const small = await jobOf(tenant, 'small.md', '# Small\n\nOne short sentence.')
    await reaches(tenant, small.jobId, 'succeeded')
    const parked = await reaches(tenant, large.jobId, 'deferred')
    assert.equal(parked.deferral?.resumesAt, null, 'a budget in total has no next window')
    await tenant.request('POST', `/v1/jobs/${large.jobId}/cancel`)
    assert.equal((await tenant.job(large.jobId)).state, 'cancelled')
    await balanced()
  })

  test('policy reject: the job fails, saying which budget', async () => {
    const tenant = await sluice().clientOf('strict')
    await setBudget('strict', 'none', { capNanoUsd: '0', policy: 'reject' })
    const job = await jobOf(tenant, 'a.md', '# A\n\nText.')
    const failed = await reaches(tenant, job.jobId, 'failed')
    assert.equal(failed.error?.code, 'budget_exhausted')
    assert.match(failed.error?.message ?? '', /budget none of tenant strict/)
  })

  test('a budget that is set in the middle of a window counts what the window has spent', async () => {
    const tenant = await sluice().clientOf('late')
    await tenant.ingest('a.md', '# A\n\nBefore there was a budget.')
    const budget = await setBudget('late', 'parse', { service: 'parse', capNanoUsd: String(page) })
    assert.equal(budget.spentNanoUsd, String(page))
    await balanced()
  })

  test('a budget of an API key covers what came with that key', async () => {
    const create = async (name: string) =>
      (await sluice().request<{ keyId: string; secret: string }>('POST', '/v1/keys', { tenantId: 'keyed', name })).body
    const [poor, rich] = [await create('poor'), await create('rich')]
    await setBudget('keyed', 'poor', { apiKeyId: poor.keyId, service: 'parse', capNanoUsd: '0' })
    const held = await jobOf(createClient(sluice().server.url, poor.secret), 'a.md', '# A\n\nOf the poor key.')
    const free = await jobOf(createClient(sluice().server.url, rich.secret), 'b.md', '# B\n\nOf the rich key.')
    const client = createClient(sluice().server.url, rich.secret)
    await reaches(client, free.jobId, 'succeeded')
    assert.equal((await reaches(client, held.jobId, 'deferred')).deferral?.budget?.budgetId, 'poor')
  })

  test('a budget of a tag covers what carries it, and nothing else', async () => {
    const tenant = await sluice().clientOf('tagged')
    await setBudget('tagged', 'archive', { tag: 'archive', service: 'parse', capNanoUsd: String(page) })
    const one = await jobOf(tenant, 'one.md', '# One\n\nArchived.', { tags: ['archive', 'x'] })
    await reaches(tenant, one.jobId, 'succeeded')
    const two = await jobOf(tenant, 'two.md', '# Two\n\nArchived too.', { tags: ['archive'] })
    await reaches(tenant, two.jobId, 'deferred')
    const other = await jobOf(tenant, 'three.md', '# Three\n\nNot archived.')
    await reaches(tenant, other.jobId, 'succeeded')
    await sluice().request('DELETE', '/v1/budgets/tagged/archive')
    await reaches(tenant, two.jobId, 'succeeded')
  })

  test('a simulated call without an answer is no doubt: nothing can have been charged, and it is tried again', async () => {
    const tenant = await sluice().clientOf('lost')
    await setBudget('lost', 'embed', { service: 'embed', capNanoUsd: '1000000' })
    sluice().simulator.inject({ kind: 'connection_lost', billed: true })
    const job = await jobOf(tenant, 'a.md', '# A\n\nThe answer to this one is lost.')
    await reaches(tenant, job.jobId, 'succeeded')
    const { calls } = (await tenant.request<{ calls: unknown[] }>('GET', '/v1/calls')).body
    assert.deepEqual(calls, [])
    await balanced()
  })

  test('only an admin key changes budgets; a tenant sees its own and the shared ones', async () => {
    const answer = await acme.request('PUT', '/v1/budgets/acme/mine', { capNanoUsd: '1', period: 'day' })
    assert.equal(answer.status, 403)
    const { body } = await acme.request<{ budgets: BudgetView[] }>('GET', '/v1/budgets')
    assert.deepEqual(
      body.budgets.map(b => b.tenantId),
      ['acme'],
    )
  })
})
