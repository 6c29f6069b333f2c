import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { signBody } from '../src/webhooks/signature.ts'
import { createPlace, type DatabaseKind, type Place } from './create-place.ts'
import type { Measurement } from './measurement.ts'
import { percentile } from './percentile.ts'
import { startChild } from './start-child.ts'
import { processorMs } from './watch-memory.ts'

const secret = 'whsec-bench'
const senders = 64
const warmUpMs = 2_000
const runMs = 5_000
const steadyPerSecond = 200
const steadyMs = 10_000

/**
 * Signed deliveries of new events to a server in a process of its own, all of whose threads share one core (where `taskset` is): as many a
 * second as 64 senders get answered, what each costs in processor time, and how long one takes at 200 a second.
 */
export async function benchWebhooks(kind: DatabaseKind): Promise<Measurement[]> {
  const place = await createPlace(kind)
  const server = await startChild({ ...place.environment, SLUICE_WEBHOOK_SECRETS: secret })
  const agent = new Agent({ keepAlive: true, maxSockets: senders })
  let sent = 0
  const send = () => {
    sent++
    return deliver(`${server.url}/v1/webhooks/llamaparse`, agent)
  }
  try {
    const isPinned = pinToOneCore(server.pid)
    await sendAll(send, warmUpMs)
    const steady = await sendSteadily(send)
    const before = processorMs(server.pid)
    const perSecond = await sendAll(send, runMs)
    const costMs = (processorMs(server.pid) - before) / ((perSecond * runMs) / 1_000)
    agent.destroy()
    await server.close()
    await requireStored(place, sent)
    const where = isPinned ? 'one core' : 'all cores'
    const goals = kind === 'embedded' ? { speed: { bound: { atLeast: 2_000 } }, late: { bound: { atMost: 50 } } } : {}
    return [
      { name: `verified deliveries, server on ${where}`, value: perSecond, unit: '1/s', ...goals.speed },
      { name: 'processor time of the server for each', value: costMs, unit: 'ms' },
      { name: `at ${steadyPerSecond} a second, p50`, value: percentile(steady, 0.5), unit: 'ms' },
      { name: `at ${steadyPerSecond} a second, p99`, value: percentile(steady, 0.99), unit: 'ms', ...goals.late },
    ]
  } finally {
    agent.destroy()
    await place.remove()
  }
}

/** Every thread of the process on the first core; false where that cannot be done. */
function pinToOneCore(pid: number): boolean {
  try {
    execFileSync('taskset', ['-a', '-c', '-p', '0', String(pid)], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

async function sendAll(send: () => Promise<void>, forMs: number): Promise<number> {
  const startedAt = performance.now()
  let done = 0
  const sender = async () => {
    while (performance.now() - startedAt < forMs) {
      await send()
      done++
    }
  }
  await Promise.all(Array.from({ length: senders }, sender))
  return done / ((performance.now() - startedAt) / 1_000)
}

/** Latencies from the moment at which each delivery was due, in milliseconds, ascending: one that had to queue counts with its wait. */
async function sendSteadily(send: () => Promise<void>): Promise<number[]> {
  const startedAt = performance.now()
  const count = (steadyPerSecond * steadyMs) / 1_000
  const latencies: Promise<number>[] = []
  for (let i = 0; i < count; i++) {
    const dueAt = startedAt + (i * 1_000) / steadyPerSecond
    while (performance.now() < dueAt) await sleep(1)
    latencies.push(send().then(() => performance.now() - dueAt))
  }
  return (await Promise.all(latencies)).sort((a, b) => a - b)
}

function deliver(url: string, agent: Agent): Promise<void> {
  const jobId = `pjb-${randomUUID()}`
  const event = {
    event_id: randomUUID(),
    event_type: 'parse.success',
    timestamp: 0,
    data: { id: jobId, job_id: jobId },
  }
  const body = Buffer.from(JSON.stringify(event))
  const headers = {
    'content-type': 'application/json',
    'content-length': body.length,
    'lc-signature': signBody(body, secret),
  }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, response => {
      response.resume()
      if (response.statusCode === 202) response.on('end', resolve)
      else reject(new Error(`a delivery was answered with ${response.statusCode}`))
    })
    sent.on('error', reject).end(body)
  })
}

/** Throws when an event that was acknowledged is not there. */
async function requireStored(place: Place, count: number): Promise<void> {
  const database = await place.open()
  try {
    const { rows } = await database.session(({ client }) =>
      client.query('SELECT count(*)::int AS count FROM sluice.webhook_events'),
    )
    if (rows[0]?.count !== count) throw new Error(`${count} events were sent, ${rows[0]?.count} are there`)
  } finally {
    await database.close()
  }
}
