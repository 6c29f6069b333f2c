import { asAppError } from '../contract/failure.ts'
import type { LedgerEntry, MeteredResult, MeteredService } from '../contract/metered-service.ts'
import type { ParseInput, ParseOutput } from '../contract/parse-service.ts'
import type { Attempt, StageHandler } from '../contract/stage-handler.ts'
import type { Tables } from '../contract/tables.ts'
import type { BlobStore } from '../platform/blob-folder.fs.ts'
import type { Database, Session } from '../platform/database.ts'
import { type ParseTask, readParseTasks, saveParses, useParses } from './parse-stage.sql.ts'

export interface ParseStageOptions {
  database: Database<Tables>
  blobs: BlobStore
  service: MeteredService<ParseInput, ParseOutput>
  /** Names the settings that the result depends on; a document parsed under the same key is not parsed again. */
  settingsKey: string
  recordEntries(session: Session<Tables>, entries: readonly LedgerEntry[]): Promise<void>
  newId(): string
  timeoutMs: number
  maxInFlight: number
}

type ParseResult = { kind: 'known'; parseId: string } | { kind: 'parsed'; result: MeteredResult<ParseOutput> }

/** Reads the document's bytes (checked against their hash) into markdown pages, unless that has been done before. */
export function createParseStage(options: ParseStageOptions): StageHandler<ParseResult, Session<Tables>> {
  const { database, settingsKey, recordEntries, newId } = options
  return {
    stage: 'parse',
    timeoutMs: options.timeoutMs,
    maxInFlight: options.maxInFlight,
    async run(attempts, report) {
      const tasks = await readParseTasks(database, attempts, settingsKey)
      await Promise.all(
        attempts.map(async attempt => {
          try {
            report(attempt, { kind: 'done', result: await parseOne(options, attempt, tasks.get(attempt.jobId)) })
          } catch (error) {
            report(attempt, { kind: 'failed', error: asAppError(error) })
          }
        }),
      )
    },
    async save(session, done) {
      const known = done.flatMap(({ attempt, result }) =>
        result.kind === 'known' ? [{ attempt, parseId: result.parseId }] : [],
      )
      const parsed = done.flatMap(({ attempt, result }) =>
        result.kind === 'parsed' ? [{ attempt, result: result.result }] : [],
      )
      await useParses(session, known)
      await saveParses(
        session,
        settingsKey,
        parsed.map(p => ({ ...p, parseId: newId() })),
      )
      await recordEntries(
        session,
        parsed.flatMap(p => p.result.entries),
      )
    },
  }
}

async function parseOne(
  options: ParseStageOptions,
  attempt: Attempt,
  task: ParseTask | undefined,
): Promise<ParseResult> {
  if (!task) throw new Error(`document ${attempt.documentId} of job ${attempt.jobId} is not in the database`)
  if (task.parseId !== null) return { kind: 'known', parseId: task.parseId }
  const { tenantId, documentId, jobId, signal } = attempt
  const path = await options.blobs.verifiedPath(tenantId, task.sha256, signal)
  const input = { documentId, path, fileType: task.fileType, byteCount: Number(task.byteCount) }
  const context = { tenantId, purpose: 'ingest', shares: [{ documentId, jobId, weight: 1 }] } as const
  const result = await options.service.call(input, context, { signal })
  return { kind: 'parsed', result: { ...result, output: storable(result.output) } }
}

/** PostgreSQL cannot store U+0000 or half a surrogate pair; both become U+FFFD, which keeps every offset. */
function storable(output: ParseOutput): ParseOutput {
  const pages = output.pages.map(page => ({
    ...page,
    markdown: page.markdown.replaceAll('\0', '\uFFFD').toWellFormed(),
  }))
  return { ...output, pages }
}
