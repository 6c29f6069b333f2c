import type { Invocation } from '../invocation.ts'
import type { FoundServer } from '../server/find-server.ts'
import type { SluiceClient } from '../server/sluice-client.http.ts'
import { counted } from '../text/amounts.ts'
import { type IngestOptions, ingestFiles } from './ingest-files.ts'
import type { IngestRow } from './ingest-row.ts'
import { openProgress } from './progress.ts'

export type RunOptions = Pick<IngestOptions, 'wishes' | 'concurrency' | 'follow'>

/**
 * Ingests with progress on stderr. Answers the rows as they ended, or were parked. After Ctrl-C it says what becomes of the work and answers
 * the rows as they are then; the invocation's signal tells.
 */
export async function runIngest(
  { io, err, signal }: Invocation,
  client: SluiceClient,
  server: FoundServer,
  given: readonly IngestRow[],
  options: RunOptions,
): Promise<IngestRow[]> {
  const progress = openProgress(err, given, io.now)
  try {
    const { changed, tick } = progress
    await ingestFiles(io, client, given, { ...options, changed, tick }, signal)
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    progress.clear()
  }
  const rows = withoutTwins(given)
  if (signal.aborted) tellInterrupted(err.line, rows, server)
  else tellParked(err.line, rows, server)
  return rows
}

/** A job that was left over is shown once, by the file that was sent again. */
function withoutTwins(rows: readonly IngestRow[]): IngestRow[] {
  const sent = new Set(rows.filter(row => row.file).map(row => row.job?.jobId))
  return rows.filter(row => row.file !== null || !sent.has(row.job?.jobId))
}

function tellInterrupted(line: (text: string) => void, rows: readonly IngestRow[], server: FoundServer): void {
  const unsent = rows.filter(row => row.step === 'unsent' || row.step === 'sending').length
  line(
    server.inProcess
      ? 'stopped; unfinished work resumes with the next `sluice ingest` or `sluice serve`'
      : `stopped watching; the work goes on at ${server.url}`,
  )
  if (unsent > 0) line(`${counted(unsent, 'file')} not sent yet: run the same command again`)
}

function tellParked(line: (text: string) => void, rows: readonly IngestRow[], server: FoundServer): void {
  const parked = rows.filter(row => row.step === 'parked').length
  if (parked === 0) return
  const goesOn = server.inProcess ? 'with the next `sluice ingest` or `sluice serve`' : `by itself at ${server.url}`
  line(
    `stopped watching ${counted(parked, 'document')} that must wait; the work goes on ${goesOn} (--wait keeps watching)`,
  )
}
