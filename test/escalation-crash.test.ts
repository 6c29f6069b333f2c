import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { Tables } from '../src/contract/tables.ts'
import { findImbalances } from '../src/ledger/balances.sql.ts'
import type { Database } from '../src/platform/database.ts'
import { onBothDatabases, type Place } from './harness/databases.ts'
import { startDying } from './harness/dying-server.ts'
import { letTheDeadGoCold } from './harness/let-the-dead-go-cold.ts'
import { openPlace } from './harness/open-place.ts'
import { creditNanoUsd, type PaidCloud, startPaidCloud } from './harness/paid-cloud.ts'

/**
 * The steps of the second of two jobs at LlamaParse for one document. At `submitted` the first has been fetched and is not kept yet; at
 * `before_commit` both have been fetched, and the document is about to be stored.
 */
const few = [
  { at: 'submitted', after: 2 },
  { at: 'before_commit', after: 1 },
]
const many = [
  { at: 'held', after: 2 },
  { at: 'dispatched', after: 2 },
  ...few,
  { at: 'answered', after: 2 },
  { at: 'collected', after: 2 },
]
const [steps, rounds] = process.env.TORTURE ? [many, 10] : [few, 1]

onBothDatabases('SIGKILL while a page that was read badly is read again', (createPlace, kind) => {
  // Nobody else can open the embedded database and have jobs looked at sooner than after 2 s: it takes a minute.
  const skip = kind === 'embedded' && !process.env.TORTURE
  let hurry: Database<Tables> | undefined
  let hurrying: ReturnType<typeof setInterval> | undefined
  let place: Place
  let cloud: PaidCloud
  let environment: Record<string, string>
  before(async () => {
    if (skip) return
    place = await createPlace()
    if (kind === 'postgres') {
      const database = await openPlace(place)
      hurry = database
      const lookNow = sql`UPDATE sluice.remote_calls SET look_at = least(look_at, now())`
      hurrying = setInterval(() => void lookNow.execute(database.kysely).catch(() => {}), 100)
    }
    cloud = await startPaidCloud({
      uploadLimit: { requests: 1_000, windowMs: 10_000 },
      faultRates: [{ fault: { kind: 'pages_degraded', pages: '1' }, probability: 1 }],
    })
    environment = {
      ...cloud.environment,
      SLUICE_PARSE_MODE: 'hybrid',
      SLUICE_BUDGETS: '$100/day service=parse',
      SLUICE_LLAMAPARSE_TIMEOUT_MS: '1000',
      SLUICE_LLAMAPARSE_RETENTION: 'delete',
    }
  })
  after(async () => {
    if (skip) return
    clearInterval(hurrying)
    await hurry?.close()
    await cloud.close()
    await place.remove()
  })

  test(`${rounds * steps.length} runs: each document is charged once at either tier, and has the better reading`, {
    timeout: 3_600_000,
    skip,
  }, async () => {
    const names: string[] = []
    for (let round = 1; round <= rounds; round++)
      for (const step of steps) {
        const name = `round-${round}-${step.at}.md`
        names.push(name)
        const dying = await startDying(place, { at: `parse/${step.at}`, after: step.after, environment })
        await upload(dying, name).catch(() => null)
        const { signal, moments } = await dying.ended
        assert.equal(signal, 'SIGKILL', `did not come to ${step.at}: ${moments.join(' ')}`)
        await letTheDeadGoCold(place)
        await letTimePass()
      }
    const server = await startDying(place, { environment })
    for (const name of names) await upload(server, name)
    const documents = await server.settled()
    for (const { documentId } of documents) {
      const { live } = await server.document(documentId)
      assert.match(live?.notes.join() ?? '', /read again at agentic, for \$0\.0125/)
    }
    assert.equal((await server.stop()).exitCode, 0)
    assert.equal(documents.length, names.length)
    assert.equal(cloud.simulator.counters().credits, (3 + 10) * names.length, 'charged by LlamaParse')
    await assertBooks(names.length)
  })

  async function upload(server: { upload: Awaited<ReturnType<typeof startDying>>['upload'] }, name: string) {
    const table = `| ${name} | Depth |\n| --- | --- |\n| North field | 31 metres |\n| South field | 44 metres |`
    return await server.upload(name, table, { idempotencyKey: name })
  }

  /** Until it is sure that an upload without an answer has created no job: its own time limit and some seconds. */
  async function letTimePass(): Promise<void> {
    const { kysely, close } = await openPlace(place)
    await sql`UPDATE sluice.holds SET dispatched_at = dispatched_at - interval '25 seconds' WHERE ended_at IS NULL AND remote_id IS NULL`.execute(
      kysely,
    )
    await sql`UPDATE sluice.jobs SET wake_at = now(), deadline_at = now() WHERE state = 'deferred'`.execute(kysely)
    await close()
  }

  async function assertBooks(documents: number): Promise<void> {
    const database = await openPlace(place)
    const { kysely } = database
    try {
      const { rows: calls } = await sql<{ model: string; calls: number; cost: bigint }>`
        SELECT model, count(DISTINCT call_id)::int AS calls, sum(cost_nano_usd)::bigint AS cost FROM sluice.ledger_entries
        WHERE provider = 'llamaparse' AND kind = 'settlement' AND cost_nano_usd > 0 GROUP BY model ORDER BY model`.execute(
        kysely,
      )
      const each = (credits: bigint) => BigInt(documents) * credits * creditNanoUsd
      assert.deepEqual(calls, [
        { model: 'agentic', calls: documents, cost: each(10n) },
        { model: 'cost_effective', calls: documents, cost: each(3n) },
      ])
      const { rows: open } = await sql`SELECT * FROM sluice.holds WHERE ended_at IS NULL`.execute(kysely)
      assert.deepEqual(open, [], 'a hold is still open')
      assert.deepEqual(await findImbalances(database), [])
    } finally {
      await database.close()
    }
  }
})
