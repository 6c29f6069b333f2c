import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { Tables } from '../src/contract/tables.ts'
import { findImbalances } from '../src/ledger/balances.sql.ts'
import type { Database } from '../src/platform/database.ts'
import { onBothDatabases, type Place } from './harness/databases.ts'
import { type DyingServer, startDying } from './harness/dying-server.ts'
import { letTheDeadGoCold } from './harness/let-the-dead-go-cold.ts'
import { openPlace } from './harness/open-place.ts'
import { type PaidParser, pagePriceNanoUsd, startPaidParser } from './harness/paid-parser.ts'
import { takeTurns } from './harness/take-turns.ts'

/** Every step of a paid call, in order; at `charged` the provider has taken the money and has not answered yet. */
const allSteps = [
  'claimed',
  'held',
  'dispatched',
  'charged',
  'answered',
  'before_save',
  'before_commit',
  'after_commit',
]
/** 25 times each step is 200 runs, on either database; once each in `npm test`. */
const rounds = process.env.TORTURE === '1' ? 25 : 1
const budget = '$100/day service=parse'
/** The parser that counts goes before LlamaParse, which is never called. */
const paid = { SLUICE_PARSE_MODE: 'real', LLAMA_CLOUD_API_KEY: 'llx-unused' }

onBothDatabases('SIGKILL between every two steps of a paid call (P2, P4, P9, P12)', (createPlace, kind) => {
  const steps = takeTurns(allSteps, kind)
  let place: Place
  let parser: PaidParser
  before(async () => {
    place = await createPlace()
    parser = await startPaidParser()
  })
  after(async () => {
    await parser.close()
    await place.remove()
  })

  test(`${rounds * steps.length} runs: no charge twice, no hold leaked, every document completes`, {
    timeout: 3_600_000,
  }, async () => {
    const names: string[] = []
    for (let round = 1; round <= rounds; round++)
      for (const step of steps) {
        names.push(`round-${round}-${step}.md`)
        await dieAt(step, names.at(-1) ?? '')
        await letTheDeadGoCold(place)
      }
    const environment = { ...paid, SLUICE_BUDGETS: budget, COUNTER_URL: parser.url }
    const server = await startDying(place, { environment })
    // What was not acknowledged when a server died is sent again, as a client would.
    for (const name of names) await upload(server, name)
    await server.settled()
    assert.equal((await server.stop()).exitCode, 0)
    const documents = rounds * steps.length
    assert.equal(parser.charges().length, documents, 'one charge for each document')
    assert.equal(new Set(parser.charges()).size, documents)
    const database = await openPlace(place)
    try {
      await assertBooks(database, documents)
    } finally {
      await database.close()
    }
  })

  /** Lets a server take one more document, and die when this one, or one from before that it takes up again, comes to the step. */
  async function dieAt(step: string, name: string): Promise<void> {
    const environment = { ...paid, SLUICE_BUDGETS: budget, COUNTER_URL: parser.url }
    const dying = await startDying(place, { at: step === 'charged' ? '' : `parse/${step}`, environment })
    if (step === 'charged')
      parser.onCharged = async () => {
        parser.onCharged = null
        await dying.kill()
      }
    await upload(dying, name).catch(() => {})
    const { signal, moments } = await dying.ended
    assert.equal(signal, 'SIGKILL', `did not come to ${step}: ${moments.join(' ')}`)
  }
})

async function upload(server: DyingServer, name: string): Promise<void> {
  await server.upload(name, `# ${name}\n\nThe text of ${name}.`, { idempotencyKey: name })
}

async function assertBooks(database: Database<Tables>, documents: number): Promise<void> {
  const { rows: jobs } = await sql<{ state: string }>`SELECT state FROM sluice.jobs`.execute(database.kysely)
  assert.deepEqual([...new Set(jobs.map(job => job.state)), jobs.length], ['succeeded', documents])
  const { rows: holds } = await sql<{ state: string; count: number }>`
    SELECT state, count(*)::int AS count FROM sluice.holds GROUP BY state ORDER BY state`.execute(database.kysely)
  assert.deepEqual(
    holds.filter(h => h.state !== 'settled' && h.state !== 'void'),
    [],
    'a hold is still open',
  )
  const { rows: windows } = await sql<{ held: string; spent: string }>`
    SELECT sum(held_nano_usd)::text AS held, sum(spent_nano_usd)::text AS spent FROM sluice.budget_windows`.execute(
    database.kysely,
  )
  assert.deepEqual(windows, [{ held: '0', spent: String(BigInt(documents) * pagePriceNanoUsd) }])
  assert.deepEqual(await findImbalances(database), [])
}
