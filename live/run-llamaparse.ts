import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServer } from '../src/app/start-server.ts'
import { formatUsd } from '../src/contract/format-usd.ts'
import { createClient } from '../test/harness/sluice-under-test.ts'
import { compareClouds, type Difference, sayDifferences } from './compare.ts'
import { type Journey, journeys } from './journeys.ts'
import type { Cloud } from './observations.ts'

export interface LiveOptions {
  baseUrl: string
  apiKey: string
  /** A simulator to compare it with. */
  simulated: Cloud
  say(line: string): void
}

export interface LiveResult {
  failures: { journey: string; reason: string }[]
  differences: Difference[]
  spentNanoUsd: bigint
}

/** What the journeys may cost together; a budget of the Sluice that makes them keeps it. What is observed beside costs a few credits at most. */
export const capUsd = '0.50'
const secret = 'sk-sluice-live'

/** Runs the client's journeys against a LlamaCloud, under a budget, and compares it with its simulator. Nothing is left there. */
export async function runAgainstLlamaCloud({ baseUrl, apiKey, simulated, say }: LiveOptions): Promise<LiveResult> {
  const dataDir = await mkdtemp(join(tmpdir(), 'sluice-live-'))
  const nonce = randomBytes(6).toString('hex')
  const server = await startServer(
    {
      SLUICE_DATA_DIR: dataDir,
      SLUICE_PORT: '0',
      SLUICE_LOG_LEVEL: 'silent',
      SLUICE_PARSE_MODE: 'real',
      SLUICE_LLAMAPARSE_RETENTION: 'delete',
      SLUICE_BUDGETS: `$${capUsd} service=parse policy=reject`,
      LLAMA_CLOUD_API_KEY: apiKey,
      LLAMA_CLOUD_BASE_URL: baseUrl,
    },
    { tenantId: 'default', role: 'admin', secret },
  )
  try {
    const client = createClient(server.url, secret)
    const failures: LiveResult['failures'] = []
    for (const [i, journey] of journeys.entries()) {
      const reason = await failureOf(journey, () => journey.run(client, `${nonce}${i}`))
      say(`${reason === null ? 'good  ' : 'FAILED'}  ${journey.name}${reason === null ? '' : `: ${reason}`}`)
      if (reason !== null) failures.push({ journey: journey.name, reason })
    }
    const spentNanoUsd = await spent(server.sluice.api.database)
    say(`the journeys cost ${formatUsd(spentNanoUsd)} of at most $${capUsd}`)
    const differences = await compareClouds({ baseUrl, apiKey, nonce }, { ...simulated, nonce }, say)
    for (const line of sayDifferences(differences)) say(line)
    return { failures, differences, spentNanoUsd }
  } finally {
    await server.close()
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function failureOf(_journey: Journey, run: () => Promise<void>): Promise<string | null> {
  try {
    await run()
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

type Database = Awaited<ReturnType<typeof startServer>>['sluice']['api']['database']

/** Settled and still held: what nobody has billed yet counts as spent. */
async function spent(database: Database): Promise<bigint> {
  const { rows } = await database.session(({ client }) =>
    client.query('SELECT coalesce(sum(cost_nano_usd + held_nano_usd), 0)::bigint AS amount FROM sluice.ledger_entries'),
  )
  return rows[0].amount
}
