import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServer } from '../src/app/start-server.ts'
import { formatUsd } from '../src/contract/format-usd.ts'
import { createClient } from '../test/harness/sluice-under-test.ts'
import { compareClouds, sayDifferences } from './compare.ts'
import type { Cloud } from './observations.ts'
import { journeysOf } from './openai-journeys.ts'
import { openAiObservations } from './openai-observations.ts'
import type { LiveOptions, LiveResult } from './run-llamaparse.ts'

/** What the journeys may cost together; a budget in the one database that they share keeps it. */
export const openAiCapUsd = '0.10'
const secret = 'sk-sluice-live'

/** One Sluice after the other on the same place, so that one ledger counts; a tenant each, since each has a space of its own. */
const legs = [
  { tenantId: 'small', model: 'text-embedding-3-small', dimensions: 1536, nanoUsdPerToken: 20n },
  { tenantId: 'large', model: 'text-embedding-3-large', dimensions: 1024, nanoUsdPerToken: 130n },
]

/** Runs the embedding journeys against OpenAI, under a budget, and compares it with its simulator. `baseUrl` ends in `/v1`. */
export async function runAgainstOpenAi({ baseUrl, apiKey, simulated, say }: LiveOptions): Promise<LiveResult> {
  const dataDir = await mkdtemp(join(tmpdir(), 'sluice-live-'))
  const nonce = randomBytes(6).toString('hex')
  try {
    const failures: LiveResult['failures'] = []
    let spentNanoUsd = 0n
    for (const leg of legs) {
      const done = await runLeg(leg, { dataDir, baseUrl, apiKey, nonce }, say)
      failures.push(...done.failures)
      spentNanoUsd = done.spentNanoUsd
    }
    say(`the journeys cost ${formatUsd(spentNanoUsd)} of at most $${openAiCapUsd}`)
    const real: Cloud = { baseUrl, apiKey, nonce }
    const differences = await compareClouds(real, { ...simulated, nonce }, say, openAiObservations)
    for (const line of sayDifferences(differences)) say(line)
    return { failures, differences, spentNanoUsd }
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function runLeg(
  { tenantId, model, dimensions, nanoUsdPerToken }: (typeof legs)[number],
  { dataDir, baseUrl, apiKey, nonce }: Cloud & { dataDir: string },
  say: (line: string) => void,
): Promise<Pick<LiveResult, 'failures' | 'spentNanoUsd'>> {
  const server = await startServer(
    {
      SLUICE_DATA_DIR: dataDir,
      SLUICE_PORT: '0',
      SLUICE_LOG_LEVEL: 'silent',
      SLUICE_EMBED_MODE: 'real',
      SLUICE_EMBED_MODEL: model,
      SLUICE_EMBED_DIMENSIONS: String(dimensions),
      SLUICE_BUDGETS: `$${openAiCapUsd} service=embed policy=reject`,
      OPENAI_API_KEY: apiKey,
      OPENAI_BASE_URL: baseUrl,
    },
    { tenantId, role: 'admin', secret: `${secret}-${tenantId}` },
  )
  try {
    const client = createClient(server.url, `${secret}-${tenantId}`)
    const failures: LiveResult['failures'] = []
    for (const [i, { name, run }] of journeysOf(model, nanoUsdPerToken).entries()) {
      const reason = await run(client, `${nonce}${i}`).then(
        () => null,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      )
      say(`${reason === null ? 'good  ' : 'FAILED'}  ${name}${reason === null ? '' : `: ${reason}`}`)
      if (reason !== null) failures.push({ journey: name, reason })
    }
    return { failures, spentNanoUsd: await spent(server.sluice.api.database) }
  } finally {
    await server.close()
  }
}

type Database = Awaited<ReturnType<typeof startServer>>['sluice']['api']['database']

/** Settled and still held. */
async function spent(database: Database): Promise<bigint> {
  const { rows } = await database.session(({ client }) =>
    client.query('SELECT coalesce(sum(cost_nano_usd + held_nano_usd), 0)::bigint AS amount FROM sluice.ledger_entries'),
  )
  return rows[0].amount
}
