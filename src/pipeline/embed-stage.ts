import type { EmbedInput, EmbedOutput } from '../contract/embed-service.ts'
import { AppError, asAppError, type FailureCode } from '../contract/failure.ts'
import type { LedgerEntry, MeteredService } from '../contract/metered-service.ts'
import type { Attempt, StageHandler } from '../contract/stage-handler.ts'
import type { Tables } from '../contract/tables.ts'
import type { Database, Session } from '../platform/database.ts'
import { type MissingText, readMissingTexts, readTexts, saveEmbeddings } from './embed-stage.sql.ts'
import { planBatches } from './plan-batches.ts'

export interface EmbedStageOptions {
  database: Database<Tables>
  service: MeteredService<EmbedInput, EmbedOutput>
  /** The space that the service's vectors are in. */
  spaceId: string
  recordEntries(session: Session<Tables>, entries: readonly LedgerEntry[]): Promise<void>
  timeoutMs: number
  maxInFlight: number
}

const batchesAtOnce = 2

/**
 * Embeds the texts of many documents together, each text that has no vector in this space once. Every batch is stored, with
 * its cost, as soon as it is there: what fails later does not lose it, and the next attempt asks only for the rest.
 */
export function createEmbedStage(options: EmbedStageOptions): StageHandler<null, Session<Tables>> {
  return {
    stage: 'embed',
    timeoutMs: options.timeoutMs,
    maxInFlight: options.maxInFlight,
    async run(attempts, report) {
      const byTenant = Map.groupBy(attempts, attempt => attempt.tenantId)
      await Promise.all([...byTenant.values()].map(group => embedForTenant(options, group, report)))
    },
    async save() {},
  }
}

async function embedForTenant(
  options: EmbedStageOptions,
  attempts: readonly Attempt[],
  report: Parameters<StageHandler<null, Session<Tables>>['run']>[1],
): Promise<void> {
  const missing = await readMissingTexts(options.database, attempts)
  const byVersion = new Map(attempts.map(a => [a.versionId, a]))
  const open = new Map(attempts.map(a => [a.versionId, 0]))
  const queue: (readonly MissingText[])[] = []
  const count = (batch: readonly MissingText[], change: 1 | -1) => {
    for (const id of versionsOf(batch)) open.set(id, (open.get(id) ?? 0) + change)
  }
  const plan = (batches: readonly (readonly MissingText[])[]) => {
    for (const batch of batches) count(batch, 1)
    queue.push(...batches)
  }
  plan(planBatches(missing))

  const finish = (versionId: string) => {
    const attempt = byVersion.get(versionId)
    if (attempt && open.get(versionId) === 0) report(attempt, { kind: 'done', result: null })
  }
  for (const { versionId } of attempts) finish(versionId)

  const fail = (batch: readonly MissingText[], error: AppError) => {
    for (const id of versionsOf(batch)) {
      const attempt = byVersion.get(id)
      if (attempt) report(attempt, { kind: 'failed', error })
    }
  }
  const worker = async () => {
    for (let batch = queue.shift(); batch; batch = queue.shift()) {
      try {
        await embedBatch(options, attempts, batch)
        count(batch, -1)
        for (const id of versionsOf(batch)) finish(id)
      } catch (error) {
        const failure = asAppError(error)
        const parts = splitByVersions(batch)
        if (parts.length === 1 || !textFaults.includes(failure.code)) {
          fail(batch, failure)
          continue
        }
        plan(parts)
        count(batch, -1)
      }
    }
  }
  await Promise.all(Array.from({ length: batchesAtOnce }, worker))
}

async function embedBatch(
  options: EmbedStageOptions,
  attempts: readonly Attempt[],
  batch: readonly MissingText[],
): Promise<void> {
  const foreign = batch.find(text => text.spaceId !== options.spaceId)
  if (foreign) {
    const spaces = `needs vectors of space ${foreign.spaceId}, but ${options.spaceId} is configured`
    throw new AppError('provider_not_configured', `Version ${foreign.versionIds[0]} ${spaces}.`)
  }
  const tenantId = attempts[0]?.tenantId ?? ''
  const texts = await readTexts(options.database, tenantId, batch)
  const context = { tenantId, purpose: 'ingest', shares: sharesOf(attempts, batch) } as const
  // Others share the batch, so one cancelled job does not end it.
  const signal = AbortSignal.timeout(options.timeoutMs)
  const result = await options.service.call({ texts }, context, { signal })
  const vectors = batch.map((text, i) => ({ textHash: text.textHash, vector: vectorAt(result.output, i) }))
  await saveEmbeddings(options.database, { tenantId, spaceId: options.spaceId, vectors }, session =>
    options.recordEntries(session, result.entries),
  )
}

/** Each text is charged to the first version that needs it. */
function sharesOf(attempts: readonly Attempt[], batch: readonly MissingText[]) {
  const tokens = new Map<string, number>()
  for (const { versionIds, tokenCount } of batch) {
    const [first = ''] = versionIds
    tokens.set(first, (tokens.get(first) ?? 0) + tokenCount)
  }
  return attempts.flatMap(({ versionId, documentId, jobId }) => {
    const weight = tokens.get(versionId)
    return weight === undefined ? [] : [{ documentId, jobId, weight }]
  })
}

/** Failures that one text alone can cause: then the documents that merely share its batch are tried without it. */
const textFaults: readonly FailureCode[] = ['call_invalid', 'vector_invalid', 'provider_not_configured']

function splitByVersions(batch: readonly MissingText[]): MissingText[][] {
  return [...Map.groupBy(batch, text => text.versionIds.join()).values()]
}

function versionsOf(batch: readonly MissingText[]): Set<string> {
  return new Set(batch.flatMap(text => text.versionIds))
}

function vectorAt({ vectors }: EmbedOutput, index: number): Float32Array {
  const vector = vectors[index]
  if (!vector)
    throw new AppError(
      'vector_invalid',
      `The embedding service gave ${vectors.length} vectors, none for text ${index}.`,
    )
  return vector
}
