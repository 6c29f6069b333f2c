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
import { creditNanoUsd, type PaidCloud, startPaidCloud } from './harness/paid-cloud.ts'
import { takeTurns } from './harness/take-turns.ts'
import { until } from './harness/until.ts'

/**
 * Every step of a parse at LlamaParse, in order. At `taken` LlamaParse has the file and has not answered; at `waiting` the job waits; at
 * `billing` its result is stored and nobody knows yet what it cost.
 */
const allSteps = [
  'claimed',
  'held',
  'dispatched',
  'taken',
  'answered',
  'submitted',
  'waiting',
  'collected',
  'before_save',
  'before_commit',
  'after_commit',
  'billing',
]
/** Those at which most can go wrong; `npm run torture` does them all. */
const telling = ['dispatched', 'taken', 'submitted', 'waiting', 'before_commit', 'billing']
const rounds = process.env.TORTURE ? 10 : 1

onBothDatabases('SIGKILL between every two steps of a parse at LlamaParse (P2, P4, P9, P14)', (createPlace, kind) => {
  const steps = takeTurns(process.env.TORTURE ? allSteps : telling, kind)
  let place: Place
  let cloud: PaidCloud
  let environment: Record<string, string>
  before(async () => {
    place = await createPlace()
    cloud = await startPaidCloud({ billingDelayMs: 300, uploadLimit: { requests: 1_000, windowMs: 10_000 } })
    environment = {
      ...cloud.environment,
      SLUICE_BUDGETS: '$100/day service=parse',
      SLUICE_LLAMAPARSE_TIMEOUT_MS: '1000',
      SLUICE_LLAMAPARSE_RETENTION: 'delete',
    }
  })
  after(async () => {
    await cloud.close()
    await place.remove()
  })

  test(`${rounds * steps.length} runs: each document is charged once, no hold is leaked, and LlamaParse keeps nothing`, {
    timeout: 3_600_000,
  }, async () => {
    const names: string[] = []
    for (let round = 1; round <= rounds; round++)
      for (const step of steps) {
        names.push(`round-${round}-${step}.md`)
        await dieAt(step, names.at(-1) ?? '')
        await letTheDeadGoCold(place)
        await letTimePass()
      }
    const server = await startDying(place, { environment })
    for (const name of names) await upload(server, name)
    await server.settled()
    const documents = rounds * steps.length
    const { completed, cached, credits } = cloud.simulator.counters()
    assert.deepEqual([completed - cached, credits], [documents, 3 * documents], 'charged by LlamaParse')
    await until('LlamaParse keeps nothing', async () => (await jobsThere()) === 0)
    assert.equal((await server.stop()).exitCode, 0)
    const database = await openPlace(place)
    try {
      await assertBooks(database, documents)
    } finally {
      await database.close()
    }
  })

  /** Lets a server take one more document, and die when this one, or one from before that it takes up again, comes to the step. */
  async function dieAt(step: string, name: string): Promise<void> {
    const fromOutside = ['taken', 'waiting', 'billing'].includes(step)
    const dying = await startDying(place, { at: fromOutside ? '' : `parse/${step}`, environment })
    if (step === 'taken')
      cloud.beforeUploadIsAnswered = async () => {
        cloud.beforeUploadIsAnswered = null
        await dying.kill()
      }
    const { body } = await upload(dying, name).catch(() => ({ body: null }))
    const jobId = body?.document.job.jobId ?? ''
    if (step === 'waiting' || step === 'billing') {
      const stage = step === 'waiting' ? 'parse' : 'embed'
      await until(`it is ${step}`, async () => {
        const job = await dying.job(jobId)
        return step === 'waiting' ? job.state === 'waiting' : job.events.some(event => event.stage === stage)
      })
      await dying.kill()
    }
    const { signal, moments } = await dying.ended
    assert.equal(signal, 'SIGKILL', `did not come to ${step}: ${moments.join(' ')}`)
  }

  /** Until it is sure that an upload without an answer has created no job: its own time limit and some seconds. */
  async function letTimePass(): Promise<void> {
    const database = await openPlace(place)
    await sql`UPDATE sluice.holds SET dispatched_at = dispatched_at - interval '25 seconds' WHERE ended_at IS NULL AND remote_id IS NULL`.execute(
      database.kysely,
    )
    await sql`UPDATE sluice.jobs SET wake_at = now(), deadline_at = now() WHERE state = 'deferred'`.execute(
      database.kysely,
    )
    await database.close()
  }

  async function jobsThere(): Promise<number> {
    const headers = { authorization: `Bearer ${cloud.environment.LLAMA_CLOUD_API_KEY}` }
    const response = await fetch(`${cloud.url}/api/v2/parse?page_size=100`, { headers })
    return ((await response.json()) as { items: unknown[] }).items.length
  }
})

async function upload(server: DyingServer, name: string) {
  return await server.upload(name, `# ${name}\n\nThe text of ${name}.`, { idempotencyKey: name })
}

async function assertBooks(database: Database<Tables>, documents: number): Promise<void> {
  const { rows: jobs } = await sql<{ state: string }>`SELECT state FROM sluice.jobs`.execute(database.kysely)
  assert.deepEqual([...new Set(jobs.map(job => job.state)), jobs.length], ['succeeded', documents])
  const { rows: open } = await sql`SELECT * FROM sluice.holds WHERE ended_at IS NULL`.execute(database.kysely)
  assert.deepEqual(open, [], 'a hold is still open')
  const { rows: windows } = await sql<{ held: string; spent: string }>`
    SELECT sum(held_nano_usd)::text AS held, sum(spent_nano_usd)::text AS spent FROM sluice.budget_windows`.execute(
    database.kysely,
  )
  assert.deepEqual(windows, [{ held: '0', spent: String(BigInt(3 * documents) * creditNanoUsd) }])
  assert.deepEqual(await findImbalances(database), [])
}
