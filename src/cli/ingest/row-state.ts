import type { Colors, Formatter } from 'picocolors/types.js'
import type { JobState } from '../../contract/job.ts'
import type { IngestRow } from './ingest-row.ts'

/** Where a row stands, in a few words. */
export function rowState(row: IngestRow): string {
  if (row.step === 'unsent') return 'not sent yet'
  if (row.step === 'sending') return 'sending'
  if (row.step === 'rejected') return 'rejected'
  if (row.job === null) return 'sent'
  const { state, stage } = row.job
  if (state === 'succeeded') return row.alreadyThere ? 'already ingested' : 'succeeded'
  if (state === 'failed' || state === 'cancelled') return row.alreadyThere ? `${state} earlier` : state
  return `${stage} ${state}`
}

export function rowColor(row: IngestRow, colors: Colors): Formatter {
  if (row.step === 'rejected') return colors.red
  if (row.step === 'unsent') return colors.dim
  return row.job ? stateColor(row.job.state, colors) : colors.cyan
}

export function stateColor(state: JobState, colors: Colors): Formatter {
  switch (state) {
    case 'succeeded':
      return colors.green
    case 'failed':
      return colors.red
    case 'running':
      return colors.cyan
    case 'queued':
      return colors.dim
    default:
      return colors.yellow
  }
}
