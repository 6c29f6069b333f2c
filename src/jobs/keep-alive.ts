import type { Tables } from '../contract/tables.ts'
import type { Database } from '../platform/database.ts'
import { repeat } from '../platform/repeat.ts'
import * as sweepSql from './sweep.sql.ts'

const beatEveryMs = 2_000

/** Lists a process without workers among the living: the calls that it makes are its own until it dies. */
export async function keepAlive(
  database: Database<Tables>,
  worker: { workerId: string; host: string; pid: number },
  onError: (error: unknown) => void,
): Promise<{ stop(): Promise<void> }> {
  const beat = () =>
    database.transaction(async session => {
      if (database.kind === 'embedded') await sweepSql.removeOtherWorkers(session, worker.workerId)
      await sweepSql.beat(session, worker)
    })
  await beat()
  const timer = repeat(beat, beatEveryMs, onError)
  return {
    async stop() {
      await timer.stop()
      await database.transaction(session => sweepSql.removeWorker(session, worker.workerId))
    },
  }
}
