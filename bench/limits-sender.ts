import type { Tables } from '../src/contract/tables.ts'
import { createAccountLimiter } from '../src/limits/account-limiter.ts'
import { openDatabase } from '../src/platform/database.ts'

/** A process that sends requests of 1,000 to 50,000 tokens, four at a time, as fast as the limiter lets it. */
const [databaseUrl = '', url = '', seed = '0', runMs = '0'] = process.argv.slice(2)
const database = await openDatabase<Tables>({ kind: 'postgres', url: databaseUrl, maxConnections: 4 })
const limiter = createAccountLimiter({
  database,
  account: 'bench/limits',
  bound: 8,
  patienceMs: 120_000,
  onError(error) {
    throw error
  },
})
const stop = AbortSignal.timeout(Number(runMs))
let state = Number(seed) + 1
const random = () => {
  state = (state * 48_271) % 2_147_483_647
  return state / 2_147_483_647
}

async function sendAll(): Promise<void> {
  while (!stop.aborted) {
    const tokens = 1_000 + Math.floor(random() * 49_000)
    const turn = await limiter.turn(tokens, stop)
    const response = await fetch(url, { method: 'POST', headers: { 'x-tokens': String(tokens) } })
    await response.text()
    turn.done('answered', response.headers)
  }
}

await Promise.all(Array.from({ length: 4 }, () => sendAll().catch(() => {})))
await database.close()
