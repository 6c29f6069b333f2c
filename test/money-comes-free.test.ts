import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { wakeJobs } from '../src/app/watch-money.ts'
import type { BudgetView } from '../src/contract/budget.ts'
import type { Tables } from '../src/contract/tables.ts'
import { wakeAgainAfterMs } from '../src/jobs/move-jobs.sql.ts'
import { findImbalances } from '../src/ledger/balances.sql.ts'
import { removeBudget } from '../src/ledger/budgets.sql.ts'
import type { Database } from '../src/platform/database.ts'
import { onBothDatabases } from './harness/databases.ts'
import { type Client, pause } from './harness/sluice-under-test.ts'
import { until } from './harness/until.ts'
import { useSluice } from './harness/use-sluice.ts'

const page = 3_750_000n

onBothDatabases('money that comes free', createPlace => {
  const sluice = useSluice(createPlace)
  let acme: Client
  let beta: Client

  before(async () => {
    acme = await sluice().clientOf('acme')
    beta = await sluice().clientOf('beta')
  })

  async function setBudget(tenantId: string, budgetId: string, pages: number, more: object = {}): Promise<BudgetView> {
    const settings = {
      money: 'shadow',
      service: 'parse',
      period: 'day',
      capNanoUsd: String(BigInt(pages) * page),
      ...more,
    }
    return (await sluice().request<BudgetView>('PUT', `/v1/budgets/${tenantId}/${budgetId}`, settings)).body
  }
  let count = 0
  const upload = async (client: Client, options: object = {}): Promise<string> => {
    count++
    const { body } = await client.upload(`${count}.md`, `# Report ${count}\n\nText number ${count}.`, options)
    return body.document.job.jobId
  }
  const states = async (client: Client, jobIds: readonly string[]) =>
    await Promise.all(jobIds.map(async id => (await client.job(id)).state))
  const atRest = async (client: Client, jobIds: readonly string[], succeeded: number) => {
    try {
      await until(`${succeeded} of ${jobIds.length} have succeeded and the others wait`, async () => {
        const now = await states(client, jobIds)
        const done = now.filter(s => s === 'succeeded').length
        return done === succeeded && now.every(s => s === 'succeeded' || s === 'deferred')
      })
    } catch (cause) {
      const jobs = await Promise.all(jobIds.map(id => client.job(id)))
      throw new Error(`they are not at rest: ${JSON.stringify(jobs)}`, { cause })
    }
  }

  test('P20, P7: at the start of the next window everything that waits goes on by itself, though nothing is reset', async () => {
    await setBudget('acme', 'day', 2)
    const jobs = [await upload(acme), await upload(acme), await upload(acme), await upload(acme)]
    await atRest(acme, jobs, 2)
    await letADayPass()
    await atRest(acme, jobs, 4)
    const windows = await sluice().sql<{ spent: string }>(
      `SELECT spent_nano_usd::text AS spent FROM sluice.budget_windows WHERE tenant_id = 'acme' ORDER BY window_start`,
    )
    assert.deepEqual(windows, [{ spent: String(2n * page) }, { spent: String(2n * page) }])
    assert.deepEqual(await findImbalances(sluice().database), [])
    await sluice().request('DELETE', '/v1/budgets/acme/day')
  })

  test('the urgent one goes first: by priority, then by deadline, then by age', async () => {
    await setBudget('acme', 'line', 0, { period: 'total' })
    const old = await upload(acme)
    const due = await upload(acme, { deadline: '2030-01-01T00:00:00Z' })
    const urgent = await upload(acme, { priority: 5 })
    const jobs = [old, due, urgent]
    await atRest(acme, jobs, 0)
    // The budget in total counts all that the tenant has parsed before.
    const { spentNanoUsd } = await setBudget('acme', 'line', 0, { period: 'total' })
    const already = Number(BigInt(spentNanoUsd) / page)
    for (const [i, expected] of [urgent, due, old].entries()) {
      await setBudget('acme', 'line', already + i + 1, { period: 'total' })
      await atRest(acme, jobs, i + 1)
      assert.equal((await acme.job(expected)).state, 'succeeded')
    }
    await sluice().request('DELETE', '/v1/budgets/acme/line')
  })

  test('of a shared budget no tenant takes all while another waits; what nobody else wants is lent', async () => {
    const already = Number(BigInt((await setBudget('*', 'shared', 0)).spentNanoUsd) / page)
    const many: string[] = []
    for (let i = 0; i < 8; i++) many.push(await upload(acme))
    const few = [await upload(beta), await upload(beta)]
    await atRest(acme, many, 0)
    await atRest(beta, few, 0)
    await setBudget('*', 'shared', already + 4)
    await atRest(beta, few, 2)
    await atRest(acme, many, 2)
    await setBudget('*', 'shared', already + 10)
    await atRest(acme, many, 8)
    assert.deepEqual(await findImbalances(sluice().database), [])
    await sluice().request('DELETE', '/v1/budgets/*/shared')
  })

  test('two that wake the same job at once do not keep it from being claimed', async () => {
    await setBudget('acme', 'raced', 0, { period: 'total' })
    const job = { tenantId: 'acme', jobId: await upload(acme) }
    await atRest(acme, [job.jobId], 0)
    const { database, queue } = sluice().server.sluice.api
    const isWoken = Promise.withResolvers<void>()
    const first = database.transaction(async session => {
      await removeBudget(session, { tenantId: 'acme', budgetId: 'raced' })
      await wakeJobs(session, queue, [job])
      isWoken.resolve()
      if (database.kind === 'postgres') await until('the second waits for the first', () => somebodyWaits(database))
    })
    await isWoken.promise
    // It gets the job's row when the first has let go of it, finds nothing left to do, and is not done yet when the wake-up arrives.
    const second = database.transaction(async session => {
      await wakeJobs(session, queue, [job])
      if (database.kind === 'postgres') await pause(2_000)
    })
    await Promise.all([first, second])
    const committedAt = Date.now()
    await until('it has succeeded', async () => (await acme.job(job.jobId)).state === 'succeeded')
    assert.ok(Date.now() - committedAt < wakeAgainAfterMs / 2, 'its wake-up was lost, and the sweeper sent another')
  })

  async function somebodyWaits({ session }: Database<Tables>): Promise<boolean> {
    const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
    return await session(async ({ client }) => (await client.query(waiting)).rows.length > 0)
  }

  /** Yesterday is now what was today: everything in the books is a day older. */
  async function letADayPass(): Promise<void> {
    await sluice().database.transaction(async ({ client }) => {
      await client.query('SELECT pg_advisory_xact_lock(7360001)')
      await client.query('DELETE FROM sluice.hold_lines')
      await client.query(
        `UPDATE sluice.ledger_entries SET booked_at = booked_at - interval '1 day', at = at - interval '1 day'`,
      )
      await client.query(`UPDATE sluice.holds SET held_at = held_at - interval '1 day'`)
      await client.query(
        `UPDATE sluice.budget_windows SET window_start = window_start - interval '1 day', window_end = window_end - interval '1 day'`,
      )
    })
  }
})
