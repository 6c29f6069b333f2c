import type { CliIo } from '../cli-io.ts'
import type { SluiceClient } from '../server/sluice-client.http.ts'
import { followJobs } from './follow-jobs.ts'
import type { IngestRow } from './ingest-row.ts'
import { type SendOptions, sendFiles } from './send-files.ts'

export interface IngestOptions extends SendOptions {
  /** `not`: return when the files are sent; `until_parked`: do not wait for money. */
  follow: 'not' | 'until_parked' | 'to_the_end'
  tick(): void
}

/**
 * Sends the files of these rows and follows their jobs (and those of rows without a file) to their end, or until they are
 * parked, at the same time; the rows are changed in place. Throws when there is no server or no access, and the signal's reason when it aborts.
 */
export async function ingestFiles(
  io: Pick<CliIo, 'pause' | 'now'>,
  client: SluiceClient,
  rows: readonly IngestRow[],
  options: IngestOptions,
  signal: AbortSignal,
): Promise<void> {
  const failed = new AbortController()
  const either = AbortSignal.any([signal, failed.signal])
  let sending = true
  const parts = [
    sendFiles(io, client, rows, options, either).finally(() => {
      sending = false
    }),
  ]
  if (options.follow !== 'not') {
    const patient = options.follow === 'to_the_end'
    const follow = { moreToCome: () => sending, patient, changed: options.changed, tick: options.tick }
    parts.push(followJobs(io, client, rows, follow, either))
  }
  try {
    await Promise.all(parts)
  } catch (error) {
    failed.abort()
    await Promise.allSettled(parts)
    signal.throwIfAborted()
    throw error
  }
}
