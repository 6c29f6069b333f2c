import { type AppError, asAppError } from '../../contract/failure.ts'
import { isTerminal } from '../../contract/job.ts'
import { CliFailure } from '../cli-failure.ts'
import type { CliIo } from '../cli-io.ts'
import type { SluiceClient } from '../server/sluice-client.http.ts'
import { eachLimited } from './each-limited.ts'
import { type IngestRow, isParked, reject, updateJob } from './ingest-row.ts'
import { mayPass, pollJobs } from './poll-jobs.ts'

export interface FollowOptions {
  /** True while rows may still come to follow. */
  moreToCome(): boolean
  /** True: go on while jobs are parked. */
  patient: boolean
  changed(row: IngestRow): void
  /** Called after every look at the server. */
  tick(): void
}

/**
 * Watches the jobs of these rows until each is over, and then fetches its document with costs. When for three seconds all that are
 * not over have been parked, their rows become `parked` and it ends, unless it is patient. Looks at the server every 250 ms, and slower,
 * up to every second, while nothing changes. A server that is away is awaited for half a minute.
 */
export async function followJobs(
  io: Pick<CliIo, 'pause' | 'now'>,
  client: SluiceClient,
  rows: readonly IngestRow[],
  options: FollowOptions,
  signal: AbortSignal,
): Promise<void> {
  let pauseMs = fastestMs
  let awaySince: number | null = null
  let stillSince: number | null = null
  for (let turn = 0; ; turn += 1) {
    const last = !options.moreToCome()
    try {
      const changed = await look(client, rows, options.changed, turn)
      pauseMs = changed ? fastestMs : Math.min(pauseMs * 1.3, slowestMs)
      awaySince = null
    } catch (error) {
      awaySince ??= io.now()
      if (!mayPass(error) || io.now() - awaySince > patienceMs) throw error
      pauseMs = slowestMs
    }
    options.tick()
    const open = rows.filter(row => row.step === 'following')
    if (last && awaySince === null && open.length === 0) return
    stillSince = last && open.every(isWaiting) ? (stillSince ?? io.now()) : null
    if (!options.patient && stillSince !== null && io.now() - stillSince > parkedForMs) {
      for (const row of open) row.step = 'parked'
      return
    }
    await io.pause(pauseMs, signal)
  }
}

async function look(
  client: SluiceClient,
  rows: readonly IngestRow[],
  changed: (row: IngestRow) => void,
  turn: number,
): Promise<boolean> {
  const followed = rows.filter(row => row.step === 'following')
  const running = followed.filter(row => row.job && !isTerminal(row.job.state))
  const views = await pollJobs(client, new Set(running.flatMap(row => row.job?.jobId ?? [])), turn)
  let anyChange = false
  for (const row of running) {
    const view = views.get(row.job?.jobId ?? '')
    if (view === null) reject(row, deletedFailure(row))
    else if (!view || !updateJob(row, view)) continue
    anyChange = true
    if (row.job && !isTerminal(row.job.state)) changed(row)
  }
  await eachLimited(followed.filter(isOver), detailsAtOnce, async row => {
    await finish(client, row)
    anyChange = true
    changed(row)
  })
  return anyChange
}

async function finish(client: SluiceClient, row: IngestRow): Promise<void> {
  try {
    if (row.job) row.document = await client.document(row.job.documentId)
    row.step = 'finished'
  } catch (error) {
    if (asAppError(error).code !== 'document_not_found') throw error
    reject(row, deletedFailure(row))
  }
}

function deletedFailure(row: IngestRow): AppError {
  return new CliFailure('document_not_found', `${row.label} was deleted while it was being processed.`, {
    action: 'Send it again if it is still wanted.',
  })
}

function isOver(row: IngestRow): boolean {
  return row.step === 'following' && row.job !== null && isTerminal(row.job.state)
}

function isWaiting({ job }: IngestRow): boolean {
  return job !== null && isParked(job)
}

const fastestMs = 250
const slowestMs = 1_000
const patienceMs = 30_000
/** Money that comes free wakes jobs within a second or two. */
const parkedForMs = 3_000
const detailsAtOnce = 4
