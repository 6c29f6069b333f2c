import { setTimeout as sleep } from 'node:timers/promises'
import { startServer } from '../src/app/start-server.ts'
import { type EventReader, followEvents } from '../test/harness/follow-events.ts'
import { createPlace, type DatabaseKind } from './create-place.ts'
import type { Measurement } from './measurement.ts'

const perSecond = 200
const runMs = 10_000
const readers = 5
const secret = 'sk-sluice-bench'

/**
 * 200 events a second, each committed by itself, and five clients that follow them over HTTP: how long it takes from the statement that
 * writes an event to the moment at which a client has it. Server and clients share the process.
 */
export async function benchEvents(kind: DatabaseKind): Promise<Measurement[]> {
  const place = await createPlace(kind)
  const environment = { ...place.environment, SLUICE_PORT: '0', SLUICE_LOG_LEVEL: 'warn' }
  const server = await startServer(environment, { tenantId: 'bench', role: 'admin', secret })
  try {
    const { database } = server.sluice.api
    const write = (subject: string) =>
      database.session(({ client }) =>
        client.query(
          `INSERT INTO sluice.alerts (tenant_id, kind, subject, details) VALUES ('bench', 'call_stuck', $1, '{}')`,
          [subject],
        ),
      )
    await writeSteadily(write, 'warm', 1_000)
    const clients = await Promise.all(
      Array.from({ length: readers }, () => followEvents(server.url, '?kinds=alert', { secret })),
    )
    const reading = Promise.all(clients.map(readLatencies))
    await writeSteadily(write, 'event', runMs)
    await write('end')
    const latencies = (await reading).flat().sort((a, b) => a - b)
    for (const client of clients) client.cut()
    const expected = readers * ((perSecond * runMs) / 1_000)
    const at = (share: number) => latencies[Math.floor((latencies.length - 1) * share)] ?? Number.NaN
    return [
      { name: `p50 at ${perSecond} events/s, ${readers} clients`, value: at(0.5), unit: 'ms' },
      { name: 'p95', value: at(0.95), unit: 'ms', bound: { atMost: 500 } },
      { name: 'p99', value: at(0.99), unit: 'ms' },
      { name: 'events that did not come', value: expected - latencies.length, unit: '', bound: { atMost: 0 } },
    ]
  } finally {
    await server.close()
    await place.remove()
  }
}

async function writeSteadily(write: (subject: string) => Promise<unknown>, name: string, forMs: number): Promise<void> {
  const startedAt = performance.now()
  const written: Promise<unknown>[] = []
  for (let i = 0; i < (perSecond * forMs) / 1_000; i++) {
    while (performance.now() < startedAt + (i * 1_000) / perSecond) await sleep(1)
    written.push(write(`${name} ${i}`))
  }
  await Promise.all(written)
}

/** Reads to the event `end`; gives for each other one how many milliseconds it took, by the clock of this machine. */
async function readLatencies(client: EventReader): Promise<number[]> {
  const latencies: number[] = []
  for (;;) {
    const message = await client.next()
    if (message?.data.kind !== 'alert') throw new Error('the stream ended, or something else than an alert came')
    if (message.data.data.subject === 'end') return latencies
    latencies.push(Date.now() - Date.parse(message.data.at))
  }
}
