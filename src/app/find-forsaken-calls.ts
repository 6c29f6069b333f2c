import { healthNameOf } from '../contract/provider-health.ts'
import type { RemoteJobs } from '../contract/service.ts'
import type { Tables } from '../contract/tables.ts'
import { readForsakenCalls } from '../ledger/read-calls.sql.ts'
import { noteSubmission } from '../ledger/remote-calls.sql.ts'
import { resolveCall } from '../ledger/resolve-call.ts'
import type { Database } from '../platform/database.ts'

export interface ForsakenWatch {
  database: Database<Tables>
  jobsOf(provider: string, simulated: boolean): Pick<RemoteJobs<never, unknown>, 'find'> | null
  /** Providers that are not asked now, as `healthNameOf` names them. */
  ill(): string[]
  newId(): string
  onError(error: unknown): void
}

/**
 * Asks providers what became of calls in doubt for which nobody waits any more: a document that went on without one does not ask itself. Where there is
 * a job of it, that is noted, so that it is stopped and its bill is asked for like that of any job that nobody wants; where there surely is none, its
 * money comes free. Otherwise it stays in doubt.
 */
export async function findForsakenCalls(
  { database, jobsOf, ill, newId, onError }: ForsakenWatch,
  signal: AbortSignal,
): Promise<void> {
  // A provider of embeddings takes calls with and without jobs; of the latter it would say, truly, that there is no job.
  for (const call of await readForsakenCalls(database, 'parse')) {
    const jobs = jobsOf(call.provider, call.simulated)
    if (!jobs || ill().includes(healthNameOf(call))) continue
    const found = await jobs.find(call.callId, call.dispatchedAt, { signal }).catch((error: unknown) => {
      signal.throwIfAborted()
      onError(error)
      return 'unknown' as const
    })
    if (found === 'unknown') continue
    if (found !== 'none') await noteSubmission(database, call, { ...found, lookInMs: 0 })
    else
      await database.transaction(session =>
        resolveCall(
          session,
          call.callId,
          { outcome: 'not_charged', reason: `${call.provider} has no job of it` },
          newId,
        ),
      )
  }
}
