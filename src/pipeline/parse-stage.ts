import { asAppError } from '../contract/failure.ts'
import type { Booking, CallContext, MeteredResult, MeteredService, ResultSoFar } from '../contract/metered-service.ts'
import type { ParseInput, ParseOutput } from '../contract/parse-service.ts'
import type { RouteWish } from '../contract/routing.ts'
import type { Attempt, StageHandler } from '../contract/stage-handler.ts'
import type { Tables } from '../contract/tables.ts'
import type { BlobStore } from '../platform/blob-folder.fs.ts'
import type { Database, Session } from '../platform/database.ts'
import {
  dropParses,
  keepRoute,
  type ParseTask,
  readKeptParse,
  readParseTasks,
  saveParses,
  useParses,
} from './parse-stage.sql.ts'

export interface ParseStageOptions {
  database: Database<Tables>
  blobs: BlobStore
  service: MeteredService<ParseInput, ParseOutput>
  bookCalls(session: Session<Tables>, bookings: readonly Booking[]): Promise<void>
  newId(): string
  timeoutMs: number
  maxInFlight: number
}

type ParseResult =
  | { kind: 'known'; parseId: string; avoided: Booking }
  | { kind: 'parsed'; result: MeteredResult<ParseOutput>; keptParseId: string | null }

/** Reads the document's bytes (checked against their hash) into markdown pages, unless that has been done before. */
export function createParseStage(options: ParseStageOptions): StageHandler<ParseResult, Session<Tables>> {
  const { database, bookCalls, newId } = options
  const withIds = (parsed: readonly { attempt: Attempt; result: MeteredResult<ParseOutput> }[]) =>
    parsed.map(one => ({ ...one, parseId: newId() }))
  return {
    stage: 'parse',
    timeoutMs: options.timeoutMs,
    maxInFlight: options.maxInFlight,
    async run(attempts, report) {
      const tasks = await readParseTasks(database, attempts)
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
      const known = done.flatMap(({ attempt, result }) => (result.kind === 'known' ? [{ attempt, ...result }] : []))
      const parsed = parsedOf(done)
      await useParses(session, known)
      await saveParses(session, withIds(parsed), { use: true })
      await dropParses(session, parsed)
      await bookCalls(session, [...known.map(k => k.avoided), ...parsed.flatMap(bookingsOf)])
    },
    async keep(session, late) {
      const parsed = parsedOf(late)
      await saveParses(session, withIds(parsed), { use: false })
      await dropParses(session, parsed)
      await bookCalls(session, parsed.flatMap(bookingsOf))
    },
  }
}

function bookingsOf({ result }: { result: MeteredResult<ParseOutput> }): Booking[] {
  return [result.booking, ...(result.alsoBooked ?? [])]
}

function parsedOf(done: readonly { attempt: Attempt; result: ParseResult }[]) {
  return done.flatMap(({ attempt, result }) => (result.kind === 'parsed' ? [{ attempt, ...result }] : []))
}

async function parseOne(
  options: ParseStageOptions,
  attempt: Attempt,
  task: ParseTask | undefined,
): Promise<ParseResult> {
  if (!task) throw new Error(`document ${attempt.documentId} of job ${attempt.jobId} is not in the database`)
  const { tenantId, documentId, jobId, apiKeyId, tags, quoteId, signal } = attempt
  const shares = [{ documentId, jobId, apiKeyId, tags, weight: 1 }]
  const { fileType, parseOptions, routing, isUpgrade } = task
  const isRetry = attempt.failures > 0
  const context = { tenantId, purpose: 'ingest', quoteId, shares, routing, insists: isUpgrade, isRetry } as const
  const file = { documentId, path: '', fileType, byteCount: Number(task.byteCount), options: parseOptions }
  const variant = options.service.variant(file, context)
  const known = task.parses.find(parse => parse.settingsKey === variant)
  if (known) {
    const avoided = options.service.avoided(known.pageCount, context)
    return { kind: 'known', parseId: known.parseId, avoided }
  }
  const input = { ...file, path: await options.blobs.verifiedPath(tenantId, task.sha256, signal) }
  const items = [`parse/${task.sha256.toString('hex')}/${variant}`]
  const soFar = await openSoFar(options, attempt, task, { variant, context })
  const keep = (wish: RouteWish) => keepRoute(options.database, attempt, wish)
  const result = await options.service.call(input, { ...context, items }, { signal, soFar, keepRoute: keep })
  const { provisional } = result.provenance
  // Under a name of its own, so that nobody takes it for what was wanted.
  const named =
    provisional && !result.variant.endsWith(';provisional') ? `${result.variant};provisional` : result.variant
  const keptParseId = soFar.known === null ? null : (keptParse(task, variant)?.parseId ?? null)
  return { kind: 'parsed', result: { ...result, variant: named, output: storable(result.output) }, keptParseId }
}

/**
 * Keeps what a document's parse has so far as a parse of its own that no version uses, under a name that nobody takes for what was wanted, until the
 * whole is there.
 */
async function openSoFar(
  { database, bookCalls, newId }: ParseStageOptions,
  attempt: Attempt,
  task: ParseTask,
  { variant, context }: { variant: string; context: Omit<CallContext, 'items'> },
): Promise<ResultSoFar<ParseOutput>> {
  const { tenantId } = attempt
  const there = keptParse(task, variant)
  const kept = there ? await readKeptParse(database, tenantId, there.parseId) : null
  const { purpose } = context
  const booked = (result: NonNullable<typeof kept>) => ({
    ...{ tenantId, callId: newId(), held: false, service: 'parse' as const, purpose, entries: [] },
    provenance: result.provenance,
  })
  return {
    known: kept && { ...kept, variant: nameKept(variant), booking: booked(kept) },
    async keep(result) {
      const named = { ...result, variant: nameKept(variant), output: storable(result.output) }
      await database.transaction(async session => {
        await saveParses(session, [{ attempt, parseId: newId(), result: named }], { use: false })
        await bookCalls(session, bookingsOf({ result }))
      })
    },
  }
}

function keptParse({ parses }: ParseTask, variant: string): ParseTask['parses'][number] | undefined {
  return parses.find(parse => parse.settingsKey === nameKept(variant))
}

function nameKept(variant: string): string {
  return `${variant};so-far`
}

/** PostgreSQL cannot store U+0000 or half a surrogate pair; both become U+FFFD, which keeps every offset. */
export function storable(output: ParseOutput): ParseOutput {
  const pages = output.pages.map(page => ({
    ...page,
    markdown: page.markdown.replaceAll('\0', '\uFFFD').toWellFormed(),
  }))
  return { ...output, pages }
}
