import type { JobView } from '../../contract/job-view.ts'
import { capCommand } from '../budgets/budget-words.ts'
import { formatTime } from '../text/amounts.ts'
import { printable } from '../text/printable.ts'
import type { Terminal } from '../text/terminal.ts'
import { deferralWords } from './deferral-words.ts'
import { type IngestRow, isParked } from './ingest-row.ts'

/** Which documents wait, for what and until when, and how to end that; those that wait for the same budget stand together. */
export function printDeferrals(out: Terminal, rows: readonly IngestRow[]): void {
  const waiting = rows.flatMap(({ label, job }) => (job && isParked(job) && job.deferral ? [{ label, job }] : []))
  const groups = Map.groupBy(waiting, ({ job }) => JSON.stringify([job.deferral?.reason, job.deferral?.budget]))
  printAwaited(out, rows)
  for (const group of groups.values()) {
    const deferral = group[0]?.job.deferral
    if (!deferral) continue
    out.line()
    for (const { label, job } of group.slice(0, namedAtMost))
      out.line(`${out.colors.yellow(`deferred at ${job.stage}:`)} ${label} ${deferralWords(job)}`)
    if (group.length > namedAtMost) out.line(out.colors.yellow(`and ${group.length - namedAtMost} more`))
    out.line(`  ${printable(deferral.message)}`)
    out.line(`  what to do: ${adviceOn(deferral)}`)
  }
}

/** Documents at a provider that takes hours, e.g. in a batch. */
function printAwaited(out: Terminal, rows: readonly IngestRow[]): void {
  const waiting = rows.flatMap(({ label, job }) =>
    job?.awaited && isParked(job) ? [{ label, job, awaited: job.awaited }] : [],
  )
  if (waiting.length === 0) return
  out.line()
  for (const { label, job, awaited } of waiting.slice(0, namedAtMost))
    out.line(`${out.colors.yellow(`waits at ${job.stage}:`)} ${label} ${printable(awaited.message)}`)
  if (waiting.length > namedAtMost) out.line(out.colors.yellow(`and ${waiting.length - namedAtMost} more`))
  out.line(
    '  what to do: nothing while a server runs (`sluice serve`); else run this again, which fetches what is done',
  )
}

function adviceOn({ reason, budget, resumesAt }: NonNullable<JobView['deferral']>): string {
  if (reason === 'in_doubt') return 'look at `sluice costs doubts`, which says how to resolve the call'
  if (reason === 'provider_stopped')
    return `mend it at the provider; it is tried again at ${resumesAt ? formatTime(resumesAt) : 'any time'}, or at once after a restart`
  const raise = budget ? `raise the cap: \`${capCommand(budget)} <dollars>\`` : 'look at `sluice budgets`'
  return resumesAt ? `wait until ${formatTime(resumesAt)}, or ${raise}` : raise
}

const namedAtMost = 10
