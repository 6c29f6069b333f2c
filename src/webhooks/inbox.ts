import { AppError } from '../contract/failure.ts'
import type { Tables } from '../contract/tables.ts'
import type { Database, Session } from '../platform/database.ts'
import { type Delivery, isTerminalEvent } from './delivery.ts'
import { insertEvents } from './events.sql.ts'

export interface Inbox {
  /**
   * Stores an event, once, and if it says that a job has ended, tells so in the same transaction. Resolves when that is committed. Throws
   * `database_unavailable` when too many wait for that already, so that the sender tries again.
   */
  accept(delivery: Delivery): Promise<'new' | 'known'>
  /** Takes nothing more, and resolves when all that was taken is committed. */
  close(): Promise<void>
}

export interface InboxOptions {
  database: Database<Tables>
  provider: string
  /** Marks that the provider is done with these of its jobs, as far as they are known here. Must do the same if it is told again. */
  hint(session: Session<Tables>, provider: string, remoteIds: readonly string[]): Promise<unknown>
  /** How many may wait for their commit at the most. */
  limit?: number
}

/** Takes events in sets: those that come while a commit is under way share the next one. */
export function createInbox({ database, provider, hint, limit = 5_000 }: InboxOptions): Inbox {
  const waiting: Waiting[] = []
  let draining: Promise<void> | null = null
  let isOpen = true

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const set = waiting.splice(0, setSize)
      try {
        const fresh = await database.transaction(session => store(session, set))
        for (const { delivery, resolve } of set) resolve(fresh.delete(delivery.eventId) ? 'new' : 'known')
      } catch (error) {
        for (const { reject } of set) reject(error)
      }
    }
    draining = null
  }

  async function store(session: Session<Tables>, set: readonly Waiting[]): Promise<Set<string>> {
    const byId = new Map(set.map(({ delivery }) => [delivery.eventId, delivery]))
    const fresh = await insertEvents(session, provider, [...byId.values()])
    const ended = [...byId.values()].filter(d => fresh.has(d.eventId) && isTerminalEvent(d.eventType))
    if (ended.length > 0) await hint(session, provider, [...new Set(ended.map(d => d.remoteId))])
    return fresh
  }

  return {
    accept(delivery) {
      if (!isOpen) return Promise.reject(new AppError('shutting_down', 'The server is stopping.'))
      if (waiting.length >= limit) {
        const full = `${waiting.length} deliveries wait to be stored.`
        return Promise.reject(new AppError('database_unavailable', full, { retryAfterMs: 1_000 }))
      }
      return new Promise((resolve, reject) => {
        waiting.push({ delivery, resolve, reject })
        draining ??= drain()
      })
    },
    async close() {
      isOpen = false
      await draining
    },
  }
}

interface Waiting {
  delivery: Delivery
  resolve(outcome: 'new' | 'known'): void
  reject(error: unknown): void
}

const setSize = 500
