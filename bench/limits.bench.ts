import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { migrate, readMigrations } from '../src/platform/migrate.sql.ts'
import { createPlace, postgresUrl } from './create-place.ts'
import type { Measurement } from './measurement.ts'

const migrationsFolder = fileURLToPath(new URL('../migrations', import.meta.url))
const tokensPerMinute = 1_000_000
const processes = 8
const runMs = 190_000
const minuteMs = 60_000

/**
 * Eight processes that always have more to send share an account of a million tokens a minute, over PostgreSQL. What arrives is counted by a
 * server of its own: the most in any 60 seconds, and how much of the limit was used.
 */
export async function benchLimits(): Promise<Measurement[]> {
  if (postgresUrl === null) throw new Error('limits: neither TEST_DATABASE_URL nor DATABASE_URL is set')
  const place = await createPlace('postgres')
  try {
    const database = await place.open()
    await migrate(database, 'sluice', readMigrations(migrationsFolder))
    await database.close()
    return await measure(place.environment.DATABASE_URL ?? '')
  } finally {
    await place.remove()
  }
}

async function measure(databaseUrl: string): Promise<Measurement[]> {
  const arrived: { atMs: number; tokens: number }[] = []
  const server = createServer((request, response) => {
    arrived.push({ atMs: performance.now(), tokens: Number(request.headers['x-tokens']) })
    response.setHeader('x-ratelimit-limit-tokens', String(tokensPerMinute))
    response.setHeader('x-ratelimit-limit-requests', '3000')
    setTimeout(() => response.end('{}'), 20)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const sender = fileURLToPath(new URL('limits-sender.ts', import.meta.url))
  const started = performance.now()
  const children = Array.from({ length: processes }, (_, i) =>
    fork(sender, [databaseUrl, `http://127.0.0.1:${port}`, String(i), String(runMs)]),
  )
  await Promise.all(children.map(child => once(child, 'exit')))
  server.close()
  const endMs = started + runMs
  const within = arrived.filter(one => one.atMs < endMs)
  // The first minute has no limit to keep until the first reply has told it; then every full minute counts.
  const whole = Math.floor((runMs - minuteMs) / minuteMs)
  const from = started + minuteMs
  const used = within.filter(one => one.atMs >= from && one.atMs < from + whole * minuteMs)
  return [
    {
      name: 'limits: most tokens in any 60 s',
      value: mostInAMinute(within),
      unit: 'tokens',
      bound: { atMost: tokensPerMinute },
    },
    {
      name: 'limits: used of the limit',
      value: (100 * sum(used)) / (whole * tokensPerMinute),
      unit: '%',
      bound: { atLeast: 90 },
    },
    { name: 'limits: requests', value: within.length, unit: '' },
  ]
}

function mostInAMinute(arrived: readonly { atMs: number; tokens: number }[]): number {
  let most = 0
  let first = 0
  let inside = 0
  for (const { atMs, tokens } of arrived) {
    inside += tokens
    for (; (arrived[first]?.atMs ?? 0) <= atMs - minuteMs; first++) inside -= arrived[first]?.tokens ?? 0
    most = Math.max(most, inside)
  }
  return most
}

function sum(arrived: readonly { tokens: number }[]): number {
  return arrived.reduce((total, one) => total + one.tokens, 0)
}
