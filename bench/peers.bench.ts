import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { chunkSettingsSchema } from '../src/contract/chunk.ts'
import { createPlace, type DatabaseKind, type Place, postgresUrl } from './create-place.ts'
import { describePeers, type PeerRound } from './describe-peers.ts'
import { writeDocuments } from './ingest.ts'
import type { Measurement } from './measurement.ts'
import { installPeers } from './peers-install.ts'
import { type SimulatorProcess, startSimulator } from './peers-simulator.ts'
import { type Contender, type ContenderWish, runContender } from './run-contender.ts'

export interface PeersOptions {
  databases: readonly DatabaseKind[]
  documents: number
  rounds: number
  profileDir: string | undefined
  remark(text: string): void
}

const latencyMs = 20
const model = 'text-embedding-3-small'
const dimensions = 1_536

/** Who runs, and the database that it needs; the names are those of describe-peers.ts. */
const contenders: readonly (Contender & { database: DatabaseKind | null })[] = [
  { name: 'Sluice, embedded', entry: './sluice-contender.ts', database: 'embedded' },
  { name: 'Sluice, PostgreSQL', entry: './sluice-contender.ts', database: 'postgres' },
  { name: 'LangChain.js, per document', entry: './peers/langchain.mjs', arguments: ['documents'], database: null },
  { name: 'LangChain.js, all at once', entry: './peers/langchain.mjs', arguments: ['bulk'], database: null },
  {
    name: 'LangChain.js, PGVectorStore',
    entry: './peers/langchain.mjs',
    arguments: ['postgres'],
    database: 'postgres',
  },
  { name: 'LlamaIndexTS', entry: './peers/llamaindex.mjs', database: null },
]

/**
 * From files on disk to vectors that can be searched, for Sluice and for its peers, against one simulator of OpenAI: each run in a new process, in
 * turns, so that what else the machine does meets all of them. Without PostgreSQL the contenders that need it are left out.
 */
export async function benchPeers(options: PeersOptions): Promise<Measurement[]> {
  const { documents, rounds: roundCount, remark } = options
  const versions = Object.entries(installPeers()).map(([name, version]) => `${name} ${version}`)
  remark(`peers: ${versions.join(', ')}`)
  const wanted = contenders.filter(({ database }) => database === null || isWanted(database, options))
  const folder = await mkdtemp(join(tmpdir(), 'sluice-peers-'))
  const simulator = await startSimulator(latencyMs, model)
  const rounds: PeerRound[] = []
  try {
    await writeDocuments(folder, documents)
    for (let i = 0; i < roundCount; i++) {
      const round: PeerRound = new Map()
      // Each round begins with another one, so that none is always the first.
      for (const contender of [...wanted.slice(i % wanted.length), ...wanted.slice(0, i % wanted.length)]) {
        const run = await runInPlace(contender, folder, simulator, options.profileDir)
        round.set(contender.name, run)
        const perSecond = Math.round(run.chunks / (run.tookMs / 1_000))
        remark(`round ${i + 1}: ${contender.name}: ${run.chunks} chunks, ${perSecond}/s, ${run.requests} requests`)
      }
      rounds.push(round)
    }
    return describePeers(rounds, documents, chunkLimits().maxTokens)
  } finally {
    await simulator.close()
    await rm(folder, { recursive: true, force: true })
  }
}

function isWanted(kind: DatabaseKind, { databases }: PeersOptions): boolean {
  return databases.includes(kind) && (kind === 'embedded' || postgresUrl !== null)
}

async function runInPlace(
  contender: (typeof contenders)[number],
  folder: string,
  simulator: SimulatorProcess,
  profileDir: string | undefined,
) {
  const place = contender.database === null ? null : await createPlace(contender.database)
  const isSluice = contender.entry.startsWith('./sluice')
  const wish: ContenderWish = {
    ...chunkLimits(),
    ...{ folder, model, dimensions, baseUrl: simulator.baseUrl },
    databaseUrl: place?.environment.DATABASE_URL ?? '',
  }
  try {
    if (place?.kind === 'postgres' && !isSluice) await addVectorExtension(wish.databaseUrl)
    const environment = isSluice && place ? sluiceEnvironment(place, simulator) : {}
    return await runContender({ ...contender, environment }, wish, simulator, isSluice ? profileDir : undefined)
  } finally {
    await place?.remove()
  }
}

/** Sluice's defaults, which the peers get too. */
function chunkLimits() {
  return chunkSettingsSchema.parse({})
}

/** Real embeddings, as far as Sluice can tell, under a budget. */
function sluiceEnvironment(place: Place, simulator: SimulatorProcess): Record<string, string> {
  return {
    ...place.environment,
    SLUICE_PORT: '0',
    SLUICE_LOG_LEVEL: 'silent',
    SLUICE_EMBED_MODE: 'real',
    SLUICE_EMBED_MODEL: model,
    SLUICE_BUDGETS: '$100/day',
    OPENAI_API_KEY: 'sk-bench',
    OPENAI_BASE_URL: simulator.baseUrl,
  }
}

async function addVectorExtension(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('CREATE EXTENSION IF NOT EXISTS vector')
  await client.end()
}
