import type { Chunk, ChunkSettings } from '../contract/chunk.ts'
import { AppError, asAppError } from '../contract/failure.ts'
import type { ParsedPage } from '../contract/page.ts'
import type { Attempt, StageHandler } from '../contract/stage-handler.ts'
import type { Tables } from '../contract/tables.ts'
import type { Database, Session } from '../platform/database.ts'
import { type ChunkTask, readChunkTasks, saveChunks } from './chunk-stage.sql.ts'

export interface ChunkStageOptions {
  database: Database<Tables>
  /** Cuts a document's pages; pure, but long, so it runs outside of this thread. */
  chunk(pages: readonly ParsedPage[], settings: ChunkSettings, signal: AbortSignal): Promise<Chunk[]>
  timeoutMs: number
  maxInFlight: number
}

/** Cuts pages into chunks. A document without any text fails here, whatever its parser said. */
export function createChunkStage(options: ChunkStageOptions): StageHandler<Chunk[], Session<Tables>> {
  return {
    stage: 'chunk',
    timeoutMs: options.timeoutMs,
    maxInFlight: options.maxInFlight,
    async run(attempts, report) {
      const tasks = await readChunkTasks(options.database, attempts)
      await Promise.all(
        attempts.map(async attempt => {
          try {
            report(attempt, { kind: 'done', result: await chunkOne(options, attempt, tasks.get(attempt.jobId)) })
          } catch (error) {
            report(attempt, { kind: 'failed', error: asAppError(error) })
          }
        }),
      )
    },
    save: (session, done) =>
      saveChunks(
        session,
        done.map(({ attempt, result }) => ({ attempt, chunks: result })),
      ),
  }
}

async function chunkOne(options: ChunkStageOptions, attempt: Attempt, task: ChunkTask | undefined): Promise<Chunk[]> {
  if (!task) throw new AppError('internal_error', `Version ${attempt.versionId} reached chunking without pages.`)
  const chunks = await options.chunk(task.pages, task.settings, attempt.signal)
  if (chunks.length === 0) {
    throw new AppError(
      'document_without_text',
      `Document ${attempt.documentId} has no text on its ${task.pages.length} page(s).`,
    )
  }
  return chunks
}
