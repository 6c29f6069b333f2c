/** Entry of the process in which Sluice is measured beside its peers: `sluice ingest` with its server and workers in the same process. */
import { randomUUID } from 'node:crypto'
import diagnostics from 'node:diagnostics_channel'
import { setTimeout as sleep } from 'node:timers/promises'
import { type RunningServer, startServer } from '../src/app/start-server.ts'
import type { CliIo } from '../src/cli/cli-io.ts'
import { runCli } from '../src/cli/run-cli.ts'
import type { Checked, ContenderWish } from './run-contender.ts'

const tenantId = 'bench'
const secret = 'sk-sluice-bench'
const wish = JSON.parse(process.argv[2] ?? '{}') as ContenderWish

const server = await startServer(process.env, { tenantId, role: 'admin', secret })
const said: string[] = []
let published = 0
let lastAt = 0
// Told after each commit: the last one is the moment at which all documents are searchable.
diagnostics.subscribe('sluice:jobs', message => {
  const { moment, stage, jobs } = message as { moment: string; stage: string; jobs: number }
  if (moment !== 'after_commit' || stage !== 'publish') return
  published += jobs
  lastAt = performance.now()
})

process.on('message', async message => {
  if (message === 'go') process.send?.({ kind: 'done', ...(await ingest()) })
  if (message === 'check') process.send?.({ kind: 'checked', ...(await check(server)) })
})
process.once('disconnect', () => void server.close())
process.send?.({ kind: 'ready' })

async function ingest(): Promise<{ tookMs: number }> {
  const startedAt = performance.now()
  const exitCode = await runCli(['ingest', wish.folder, '--json'], terminal())
  if (exitCode !== 0) throw new Error(`sluice ingest ended with ${exitCode}: ${said.join('')}`)
  return { tookMs: lastAt - startedAt }
}

/** Throws unless every document is live and found, every chunk has its vector, and every call was held, paid and settled. */
async function check({ url, sluice }: RunningServer): Promise<Checked> {
  const { rows } = await sluice.api.database.session(({ client }) =>
    client.query(`
      SELECT (SELECT count(*)::int FROM sluice.documents WHERE live_version_id IS NOT NULL) AS live,
        (SELECT count(*)::int FROM sluice.chunks) AS chunks,
        (SELECT max(token_count) FROM sluice.chunks) AS "maxTokens",
        (SELECT count(*)::int FROM sluice.chunks c WHERE NOT EXISTS (
          SELECT FROM sluice.embeddings e WHERE e.tenant_id = c.tenant_id AND e.text_hash = c.text_hash)) AS lacking,
        (SELECT count(*)::int FROM sluice.holds WHERE state = 'settled') AS settled,
        (SELECT count(*)::int FROM sluice.holds WHERE state <> 'settled') AS unsettled,
        (SELECT coalesce(sum(cost_nano_usd), 0)::int FROM sluice.ledger_entries WHERE kind = 'settlement') AS cost`),
  )
  const found = rows[0]
  const response = await fetch(`${url}/v1/search`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: 'the of and' }),
  })
  const { hits } = (await response.json()) as { hits?: unknown[] }
  const isRight = found.live === published && found.lacking === 0 && found.settled > 0 && found.unsettled === 0
  if (!isRight || found.cost <= 0 || !hits?.length) {
    throw new Error(`${published} published, ${hits?.length} hits, and in the database ${JSON.stringify(found)}`)
  }
  return { chunks: found.chunks, maxTokens: found.maxTokens }
}

/** A terminal that shows nothing, and finds the server of this process. */
function terminal(): CliIo {
  const refuse = () => Promise.reject(new Error('not part of this bench'))
  return {
    stdout: { write: () => {} },
    stderr: { write: text => void said.push(text) },
    env: { SLUICE_URL: server.url, SLUICE_API_KEY: secret },
    version: 'bench',
    workingDirectory: wish.folder,
    samplesDir: wish.folder,
    programName: 'sluice',
    now: () => performance.now(),
    pause: async (durationMs, signal) => {
      await sleep(durationMs, undefined, { signal })
    },
    newId: randomUUID,
    onInterrupt: () => () => {},
    exit: exitCode => process.exit(exitCode),
    openInProcess: refuse,
    serve: refuse,
    openScratchPlace: () => Promise.reject(new Error('no place for servers')),
    simulate: refuse,
  }
}
