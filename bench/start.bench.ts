import { createPlace } from './create-place.ts'
import type { Measurement } from './measurement.ts'
import { startChild } from './start-child.ts'

const restarts = 3

/** First start (unpacking the template, migrating) and restart of the embedded database alone, and of the whole server. */
export async function benchStart(): Promise<Measurement[]> {
  const database = await timeDatabase()
  const server = await timeServer()
  return [
    { name: 'embedded database, first start', value: database.firstMs, unit: 'ms' },
    { name: `embedded database, restart (best of ${restarts})`, value: database.againMs, unit: 'ms' },
    { name: 'server until it answers, first start', value: server.firstMs, unit: 'ms' },
    { name: `server until it answers, restart (best of ${restarts})`, value: server.againMs, unit: 'ms' },
  ]
}

async function timeDatabase(): Promise<{ firstMs: number; againMs: number }> {
  const place = await createPlace('embedded')
  const start = async () => {
    const startedAt = performance.now()
    const database = await place.open()
    const tookMs = performance.now() - startedAt
    await database.close()
    return tookMs
  }
  const times = await repeatStart(start)
  await place.remove()
  return times
}

async function timeServer(): Promise<{ firstMs: number; againMs: number }> {
  const place = await createPlace('embedded')
  const start = async () => {
    const server = await startChild(place.environment)
    await server.close()
    return server.startMs
  }
  const times = await repeatStart(start)
  await place.remove()
  return times
}

async function repeatStart(start: () => Promise<number>): Promise<{ firstMs: number; againMs: number }> {
  const firstMs = await start()
  let againMs = Number.POSITIVE_INFINITY
  for (let i = 0; i < restarts; i++) againMs = Math.min(againMs, await start())
  return { firstMs, againMs }
}
