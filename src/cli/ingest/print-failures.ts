import { printable } from '../text/printable.ts'
import type { Terminal } from '../text/terminal.ts'
import type { IngestRow } from './ingest-row.ts'

/** What failed, why, what to do about it, and where to look; equal failures of several documents stand together. */
export function printFailures(out: Terminal, rows: readonly IngestRow[]): void {
  for (const group of groupsOf(rows)) {
    const failure = group[0]?.failure
    if (!failure) continue
    out.line()
    for (const row of group.slice(0, namedAtMost)) out.line(`${out.colors.red(outcomeOf(row))} ${row.label}`)
    if (group.length > namedAtMost) out.line(out.colors.red(`and ${group.length - namedAtMost} more`))
    out.line(`  ${printable(failure.message)}`)
    out.line(`  what to do: ${printable(failure.action)}`)
    const references = group.slice(0, namedAtMost).map(referenceOf)
    out.line(out.colors.dim(`  (${[failure.code, ...references].join(', ')})`))
  }
}

function groupsOf(rows: readonly IngestRow[]): IngestRow[][] {
  const groups = new Map<string, IngestRow[]>()
  for (const row of rows) {
    if (row.failure === null) continue
    const key = JSON.stringify([row.failure.code, row.failure.message])
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return [...groups.values()]
}

function outcomeOf(row: IngestRow): string {
  if (row.step === 'rejected' || row.job === null) return 'rejected:'
  return `${row.job.state} at ${row.job.stage}:`
}

/** The job to look at, or the correlation id of a refused upload. */
function referenceOf(row: IngestRow): string {
  return row.job ? `job ${row.job.jobId}` : `correlation id ${row.failure?.correlationId ?? 'unknown'}`
}

const namedAtMost = 10
