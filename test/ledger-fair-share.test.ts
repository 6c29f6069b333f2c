import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { wakeForMoney } from '../src/app/watch-money.ts'
import type { Tables } from '../src/contract/tables.ts'
import { claimJobs, type JobKey } from '../src/jobs/move-jobs.sql.ts'
import { findImbalances } from '../src/ledger/balances.sql.ts'
import { bookCalls, releaseHolds } from '../src/ledger/book-calls.sql.ts'
import { bookingOf } from '../src/ledger/booking.ts'
import { removeBudget } from '../src/ledger/budgets.sql.ts'
import { createLedger, type Ledger } from '../src/ledger/ledger.ts'
import type { Database } from '../src/platform/database.ts'
import type { WakeQueue } from '../src/platform/wake-queue.ts'
import { onBothDatabases, type Place } from './harness/databases.ts'
import { callOf, quoteOf, shareOf } from './harness/ledger-calls.ts'
import { budgetOf, changeBudget, openLedgerDatabase, refuseOvershoot } from './harness/ledger-database.ts'
import { insertWaitingJob } from './harness/ledger-waiting-job.sql.ts'

onBothDatabases('calls over shared and several budgets', (createPlace, kind) => {
  let place: Place
  let database: Database<Tables>
  let ledger: Ledger
  const queue = { send: async () => {}, nudge() {} } as unknown as WakeQueue<JobKey>
  before(async () => {
    place = await createPlace()
    database = await openLedgerDatabase(place)
    await refuseOvershoot(database)
    ledger = createLedger({ database, owner: randomUUID() })
  })
  after(async () => {
    await database.close()
    await place.remove()
  })
  const reserve = async (tenantId: string, amount: bigint) =>
    (await ledger.reserve(callOf(tenantId), quoteOf(amount), [])).kind
  const reserveFor = async ({ tenantId, jobId }: JobKey, amount: bigint) =>
    (await ledger.reserve(callOf(tenantId, { shares: [shareOf({ jobId })] }), quoteOf(amount), [])).kind
  /** Those of the jobs that have money, in their order. */
  const wakeAndClaim = async (jobs: readonly JobKey[]) => {
    await wakeForMoney({ database, queue })
    const { claims } = await claimJobs(database, 'parse', jobs, randomUUID(), 60_000)
    return jobs.filter(({ jobId }) => claims.some(claim => claim.jobId === jobId))
  }

  test('P3: nobody gets more than a fair share while another waits who has had less; who has had least goes on', async () => {
    await changeBudget(database, budgetOf('*', 'all', { capNanoUsd: '100' }))
    assert.equal(await reserve('early', 40n), 'held')
    const job = await insertWaitingJob(database, 'late', 'all', 10n)
    assert.equal(await reserve('early', 10n), 'held', 'half of the cap is its own')
    const refused = await ledger.reserve(callOf('early'), quoteOf(1n), [])
    assert.ok(refused.kind === 'exhausted' && refused.budgets[0]?.fairShare)
    assert.equal(refused.budgets[0].missingNanoUsd, 1n)
    assert.deepEqual(await wakeAndClaim([job]), [job])
    assert.equal(await reserve('early', 1n), 'exhausted', 'who has been woken has yet to reserve')
    assert.equal(await reserveFor(job, 10n), 'held')
    assert.equal(await reserve('early', 1n), 'held')
  })

  test('P3: when all have had their share, what is left goes to whoever wants it: nobody waits for the other', async () => {
    await database.transaction(session => removeBudget(session, { tenantId: '*', budgetId: 'all' }))
    await changeBudget(database, budgetOf('*', 'three', { capNanoUsd: '190' }))
    for (const tenantId of ['a', 'b', 'c']) assert.equal(await reserve(tenantId, 30n), 'held')
    for (const tenantId of ['a', 'b', 'c']) await insertWaitingJob(database, tenantId, 'three', 35n)
    assert.equal(await reserve('a', 35n), 'held', '65 is more than a third of the cap, but nobody has had less')
  })

  test('P20: money stays promised to a job that was woken for it until it has reserved it', async () => {
    await database.transaction(session => removeBudget(session, { tenantId: '*', budgetId: 'three' }))
    await changeBudget(database, budgetOf('*', 'promised', { capNanoUsd: '0', tag: 'none has it' }))
    const jobs: JobKey[] = []
    for (const tenantId of ['a', 'b', 'c']) jobs.push(await insertWaitingJob(database, tenantId, 'promised', 10n))
    assert.deepEqual(await wakeAndClaim(jobs), [])
    await changeBudget(database, budgetOf('*', 'promised', { capNanoUsd: '15', tag: 'none has it' }))
    const [first, ...none] = await wakeAndClaim(jobs)
    assert.ok(first && none.length === 0)
    assert.deepEqual(await wakeAndClaim(jobs), [], 'the first one is at work, and has not reserved yet')
    assert.equal(await reserveFor(first, 10n), 'held')
    assert.equal(
      (await wakeAndClaim(jobs)).length,
      1,
      'the budget’s money, of which nothing is held, is promised to nobody',
    )
  })

  test('P1: calls over several budgets, with and without quotes, take all or nothing, and never wait in a circle', async () => {
    await database.transaction(session => removeBudget(session, { tenantId: '*', budgetId: 'promised' }))
    const tenantId = 'several'
    // By their names the windows of a quote's budgets lie before and behind those of its calls.
    await changeBudget(database, budgetOf(tenantId, 'a', { tag: 'x', capNanoUsd: '900' }))
    await changeBudget(database, budgetOf(tenantId, 'b', { capNanoUsd: '1000' }))
    await changeBudget(database, budgetOf(tenantId, 'c', { tag: 'y', capNanoUsd: '150' }))
    await changeBudget(database, budgetOf('*', 'd', { tag: 'x', capNanoUsd: '800' }))
    const quotes = Array.from({ length: 10 }, () => randomUUID())
    const tagsOf = (i: number) => [['x'], ['y'], ['x', 'y'], []][i % 4] ?? []
    const expiresAt = new Date(Date.now() + 3_600_000)
    for (const [i, quoteId] of quotes.entries()) {
      const parts = callOf(tenantId, { quoteId, shares: [shareOf({ tags: i % 2 ? ['x'] : [] })] })
      assert.equal((await ledger.reserve(parts, quoteOf(30n), [], { expiresAt })).kind, 'held')
    }
    const calls = await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        const quoteId = i % 3 === 0 ? (quotes[i % quotes.length] ?? null) : null
        const parts = callOf(tenantId, {
          quoteId,
          shares: [shareOf({ tags: tagsOf(i) }), shareOf({ tags: tagsOf(i >> 2) })],
        })
        const quote = quoteOf(BigInt(5 + (i % 7)))
        const { kind: outcome } = await ledger.reserve(parts, quote, [])
        if (outcome === 'held' && i % 2 === 0) {
          const booking = bookingOf(parts, quoteOf(quote.costNanoUsd / 2n), { quote })
          await database.transaction(session => bookCalls(session, [booking]))
        } else if (outcome === 'held' && i % 5 === 0)
          await database.transaction(session =>
            releaseHolds(session, [{ tenantId, callId: parts.callId, ending: 'void' }], 'test'),
          )
        return outcome
      }),
    )
    assert.deepEqual(new Set(calls), new Set(['held', 'exhausted']), kind)
    assert.deepEqual(await findImbalances(database), [])
  })
})
