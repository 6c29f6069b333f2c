import type { Comparison } from '../../contract/comparison.ts'
import { AppError } from '../../contract/failure.ts'
import type { JobView } from '../../contract/job-view.ts'
import type { CliIo } from '../cli-io.ts'
import { type FoundFile, mediaTypeOf, readBytes } from '../ingest/expand-paths.fs.ts'
import type { SluiceClient } from '../server/sluice-client.http.ts'
import type { RouteSpec } from './route-spec.ts'

export interface CompareOptions {
  io: Pick<CliIo, 'pause'>
  client: SluiceClient
  a: RouteSpec
  b: RouteSpec
  /** Leave documents that were not there before. */
  keep: boolean
  signal: AbortSignal
  told(line: string): void
}

const lookEveryMs = 150

/**
 * Takes a file through both routes, one after the other, and compares what they made of it. Nothing that is searched changes. Throws when a route
 * fails, or waits for something that does not come by itself.
 */
export async function compareFile(options: CompareOptions, file: FoundFile): Promise<Comparison> {
  const { client, a, b, keep, told } = options
  const wishes = { metadata: {}, chunking: {}, parsing: a.parsing, routing: a.routing }
  const upload = {
    fileName: file.fileName,
    mediaType: mediaTypeOf(file.fileName),
    bytes: await readBytes(file),
    wishes,
  }
  const { created, document } = await client.upload(upload)
  const { documentId } = document
  try {
    told(`${file.label}: ${a.name}`)
    const first = created ? document.job : (await client.reprocess(documentId, versionOf(a))).job
    await finished(options, first, a)
    told(`${file.label}: ${b.name}`)
    const second = (await client.reprocess(documentId, versionOf(b))).job
    await finished(options, second, b)
    return await client.compare(first.versionId, second.versionId)
  } finally {
    if (created && !keep) await client.deleteDocument(documentId)
  }
}

function versionOf({ parsing, routing }: RouteSpec) {
  return { chunking: {}, parsing, routing }
}

async function finished(
  { io, client, signal }: CompareOptions,
  { jobId }: JobView,
  { name }: RouteSpec,
): Promise<void> {
  for (;;) {
    const { state, error, deferral } = await client.job(jobId)
    if (state === 'succeeded') return
    if (state === 'failed' || state === 'cancelled')
      throw new AppError(
        'validation_failed',
        `Route ${name} did not finish: job ${jobId} is ${state}. ${error?.message ?? ''}`,
      )
    if (deferral?.reason === 'budget' || deferral?.reason === 'provider_stopped')
      throw new AppError('budget_exhausted', `Route ${name} waits, so nothing can be compared: ${deferral.message}`)
    await io.pause(lookEveryMs, signal)
  }
}
