import type { Chunk, ChunkSettings } from '../contract/chunk.ts'
import { AppError } from '../contract/failure.ts'
import type { Stage } from '../contract/job.ts'
import type { ParsedPage } from '../contract/page.ts'
import type { StageHandler } from '../contract/stage-handler.ts'
import type { Tables } from '../contract/tables.ts'
import { bookCalls } from '../ledger/book-calls.sql.ts'
import { createChunkStage } from '../pipeline/chunk-stage.ts'
import { createEmbedStage } from '../pipeline/embed-stage.ts'
import { createParseStage } from '../pipeline/parse-stage.ts'
import { createPublishStage } from '../pipeline/publish-stage.ts'
import type { BlobStore } from '../platform/blob-folder.fs.ts'
import type { ChildPool } from '../platform/child-pool.ts'
import { ChildFailure } from '../platform/child-pool-failure.ts'
import type { Database, Session } from '../platform/database.ts'
import type { Services } from './create-services.ts'
import type { Configuration } from './settings.ts'

export interface StageTools {
  database: Database<Tables>
  blobs: BlobStore
  pool: ChildPool
  services: Services
  newId(): string
}

const minuteMs = 60_000

/** How many documents one process works on at a stage at a time. */
export const stageLimits: Record<Stage, number> = { parse: 32, chunk: 32, embed: 64, publish: 64 }

/** The stages in their order, each with its deadline. */
export function createStages(configuration: Configuration, tools: StageTools): StageHandler<never, Session<Tables>>[] {
  const { database, blobs, pool, services, newId } = tools
  const parse = createParseStage({
    database,
    blobs,
    service: services.parse,
    bookCalls,
    newId,
    timeoutMs: 4 * configuration.parseTimeoutMs,
    maxInFlight: stageLimits.parse,
  })
  const chunk = createChunkStage({
    database,
    chunk: chunkInPool(pool),
    timeoutMs: 10 * minuteMs,
    maxInFlight: stageLimits.chunk,
  })
  const embed = createEmbedStage({
    database,
    serviceOf: services.spaces.serviceById,
    batchesOf: services.spaces.batchesById,
    batchPolicy: configuration.embedBatches,
    bookCalls,
    timeoutMs: 30 * minuteMs,
    maxInFlight: stageLimits.embed,
  })
  const publish = createPublishStage({ timeoutMs: 5 * minuteMs, maxInFlight: stageLimits.publish })
  return [parse, chunk, embed, publish] as StageHandler<never, Session<Tables>>[]
}

const chunkTimeoutMs = 2 * minuteMs
const maxChunkOutputBytes = 1 << 30

/** Chunks in a child process. Throws `chunking_failed`, `parser_crashed` or `shutting_down`. */
export function chunkInPool(pool: ChildPool) {
  return async (pages: readonly ParsedPage[], settings: ChunkSettings, signal: AbortSignal): Promise<Chunk[]> => {
    try {
      const limits = { timeoutMs: chunkTimeoutMs, maxOutputBytes: maxChunkOutputBytes, signal }
      return (await pool.run({ name: 'chunk', input: { pages, settings } }, limits)) as Chunk[]
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof ChildFailure)) throw error
      if (error.kind === 'closed') throw new AppError('shutting_down', 'Chunking was stopped.', { cause: error })
      if (error.kind === 'crash')
        throw new AppError('parser_crashed', 'The process that chunks ended.', { cause: error })
      throw new AppError('chunking_failed', `Chunking failed: ${error.message}`, { cause: error })
    }
  }
}
