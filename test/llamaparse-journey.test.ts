import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findImbalances } from '../src/ledger/balances.sql.ts'
import type { Fault, FaultRate } from '../src/providers/llamaparse/simulator-faults.ts'
import { onEitherDatabase } from './harness/databases.ts'
import { creditNanoUsd, webhookSecret } from './harness/paid-cloud.ts'
import { pause } from './harness/sluice-under-test.ts'
import { usePaidCloud } from './harness/use-paid-cloud.ts'

const documents = process.env.TORTURE ? 500 : 30

/** Everything that can go wrong at LlamaCloud and is not the document's fault. */
const faults: Fault[] = [
  { kind: 'latency', minMs: 50, maxMs: 500 },
  { kind: 'rate_limited', times: 3 },
  { kind: 'credits_spent' },
  { kind: 'server_error' },
  { kind: 'server_error', done: true, status: 503 },
  { kind: 'connection_lost' },
  { kind: 'connection_lost', done: true },
  { kind: 'hang' },
  { kind: 'hang', done: true },
  { kind: 'body_breaks' },
  { kind: 'body_hangs' },
  { kind: 'malformed', body: 'empty' },
  { kind: 'malformed', body: 'html' },
  { kind: 'malformed', body: 'cut_short' },
  { kind: 'malformed', body: 'other_shape' },
  { kind: 'job_hangs', status: 'PENDING' },
  { kind: 'job_hangs', status: 'RUNNING' },
  { kind: 'job_fails', code: 'INTERNAL_ERROR' },
  { kind: 'job_fails', code: 'TIMEOUT' },
  { kind: 'webhooks', delivery: 'duplicated' },
  { kind: 'webhooks', delivery: 'late', lateMs: 3_000 },
  { kind: 'webhooks', delivery: 'reordered' },
]
/** One in twenty of all documents meets each kind; each makes about four requests, and each request can meet it. */
const rates: FaultRate[] = faults.map(fault => ({ fault, probability: 0.05 / requestsThatMeet(fault) }))

function requestsThatMeet({ kind }: Fault): number {
  const ofUploads = ['job_hangs', 'job_fails', 'webhooks', 'credits_spent']
  return ofUploads.includes(kind) ? 1 : 4
}

onEitherDatabase('I9, I10, P9, P14: a bad day at LlamaCloud', createPlace => {
  const { sluice, cloud } = usePaidCloud(createPlace, {
    environment: {
      SLUICE_PUBLIC_URL: 'https://sluice.example.com',
      SLUICE_WEBHOOK_SECRETS: webhookSecret,
      SLUICE_LLAMAPARSE_TIMEOUT_MS: '1000',
      SLUICE_LLAMAPARSE_DEADLINE_MS: '2000',
      SLUICE_LLAMAPARSE_UPLOADS_PER_10S: '1000',
    },
    cloud: {
      seed: 7,
      faultRates: [{ fault: { kind: 'webhooks', delivery: 'lost' }, probability: 0.3 }, ...rates],
      uploadLimit: { requests: 1_000, windowMs: 10_000 },
      billingDelayMs: 500,
    },
  })

  test(`${documents} documents under faults of every kind, 30 % of the webhooks lost: all complete, each charged once`, async () => {
    const names = Array.from({ length: documents }, (_, i) => `journey-${i}`)
    for (const name of names) await sluice().upload(`${name}.md`, `# ${name}\n\nWhat ${name} met on its way.`)
    let overdue = 0
    for (let left = documents; left > 0; ) {
      await letTimePass()
      overdue += await waitingPastDeadline()
      left = await unfinished()
    }
    assert.equal(overdue, 0, 'jobs that were waiting past the deadline of their call')
    const jobs = await sluice().sql<{ state: string; error: string | null }>(
      'SELECT state, error_code AS error FROM sluice.jobs',
    )
    assert.deepEqual(
      jobs.filter(job => job.state !== 'succeeded'),
      [],
    )
    const { completed, cached, credits } = cloud().simulator.counters()
    assert.deepEqual([completed - cached, credits], [documents, 3 * documents])
    await billed()
    const [books] = await sluice().sql<{ cost: bigint; held: bigint; calls: number }>(`
      SELECT sum(cost_nano_usd)::bigint AS cost, sum(held_nano_usd)::bigint AS held,
        count(DISTINCT call_id) FILTER (WHERE kind = 'settlement' AND cost_nano_usd > 0)::int AS calls
      FROM sluice.ledger_entries WHERE service = 'parse'`)
    assert.deepEqual(books, { cost: BigInt(3 * documents) * creditNanoUsd, held: 0n, calls: documents })
    assert.deepEqual(await findImbalances(sluice().database), [])
  })

  /** What would be looked at in a minute is looked at now; providers' deadlines stay as they are. */
  async function letTimePass(): Promise<void> {
    await pause(500)
    await sluice().sql(`UPDATE sluice.remote_calls SET look_at = least(look_at, now() + interval '2 seconds')`)
    await sluice().sql('UPDATE sluice.provider_stops SET stopped_until = now()')
    await sluice().sql(`UPDATE sluice.rate_limits SET closed_until = least(closed_until, now() + interval '1 second')`)
    await sluice().sql(`UPDATE sluice.jobs SET wake_at = now(), deadline_at = least(deadline_at, now() + interval '1 second')
      WHERE state IN ('deferred', 'retrying')`)
  }

  async function waitingPastDeadline(): Promise<number> {
    const [row] = await sluice().sql<{ count: number }>(`
      SELECT count(*)::int FROM sluice.jobs j JOIN sluice.remote_calls r ON r.tenant_id = j.tenant_id AND r.call_id = j.awaited_call_id
      WHERE j.state = 'waiting' AND r.deadline_at < now() - interval '3 seconds'`)
    return row?.count ?? 0
  }

  async function unfinished(): Promise<number> {
    const [row] = await sluice().sql<{ count: number }>(
      'SELECT count(*)::int FROM sluice.jobs WHERE finished_at IS NULL',
    )
    return row?.count ?? 0
  }

  async function billed(): Promise<void> {
    for (;;) {
      const [row] = await sluice().sql<{ count: number }>('SELECT count(*)::int FROM sluice.remote_calls')
      if (row?.count === 0) return
      await letTimePass()
    }
  }
})
