import type { Tables } from '../contract/tables.ts'
import type { RefusalReason } from '../contract/webhook.ts'
import type { Database } from '../platform/database.ts'
import { repeat } from '../platform/repeat.ts'
import { addRefusals, type Refusals } from './refusals.sql.ts'

export interface RefusalLog {
  /** Counts a refused delivery; `address` is the sender's. Writes nothing yet. */
  note(reason: RefusalReason, address: string): void
  /** Writes what was counted. */
  flush(): Promise<void>
  close(): Promise<void>
}

export interface RefusalLogOptions {
  database: Database<Tables>
  provider: string
  now(): Date
  onError(error: unknown): void
}

/** Counts refused deliveries by reason and minute and writes them once a second, so that a flood of them costs next to nothing. */
export function createRefusalLog({ database, provider, now, onError }: RefusalLogOptions): RefusalLog {
  const counted = new Map<string, Refusals>()

  function add(refusals: Refusals): void {
    const key = `${refusals.reason} ${refusals.minute}`
    const known = counted.get(key)
    if (!known) counted.set(key, refusals)
    else if (known.lastAt > refusals.lastAt) known.count += refusals.count
    else counted.set(key, { ...refusals, count: known.count + refusals.count })
  }

  async function flush(): Promise<void> {
    for (const [key, refusals] of counted) {
      counted.delete(key)
      try {
        await addRefusals(database, provider, refusals)
      } catch (error) {
        add(refusals)
        throw error
      }
    }
  }

  const writing = repeat(flush, 1_000, onError)
  return {
    note(reason, address) {
      const lastAt = now()
      const minute = lastAt.toISOString().slice(0, 'yyyy-mm-ddThh:mm'.length)
      add({ reason, minute, count: 1, lastAt, lastAddress: address.slice(0, 100) })
    },
    flush,
    async close() {
      await writing.stop()
      await flush().catch(onError)
    },
  }
}
