import type { Tables } from '../contract/tables.ts'
import type { Database } from '../platform/database.ts'
import { insertDecisions, type LoggedDecision } from './route-log.sql.ts'

/** Keeps how calls were decided. Written some moments later, many at once; the reasons of what was done stand in the books besides. */
export interface RouteLog {
  note(logged: LoggedDecision): void
  flush(): Promise<void>
  close(): Promise<void>
}

const flushAfterMs = 250
const mostPending = 5_000

export function createRouteLog(database: Database<Tables>, onError: (error: unknown) => void): RouteLog {
  let pending: LoggedDecision[] = []
  let timer: NodeJS.Timeout | null = null
  let writing = Promise.resolve()
  const flush = () => {
    const batch = pending
    pending = []
    if (batch.length > 0) writing = writing.then(() => insertDecisions(database, latest(batch)))
    return writing
  }
  return {
    note(logged) {
      if (pending.length >= mostPending) return
      pending.push(logged)
      timer ??= setTimeout(() => {
        timer = null
        flush().catch(onError)
      }, flushAfterMs)
    },
    flush,
    async close() {
      if (timer) clearTimeout(timer)
      timer = null
      await flush().catch(onError)
    },
  }
}

/** One statement cannot write a row twice. */
function latest(batch: readonly LoggedDecision[]): LoggedDecision[] {
  return [...new Map(batch.map(logged => [logged.decisionId, logged])).values()]
}
