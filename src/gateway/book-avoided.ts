import { AppError, asAppError } from '../contract/failure.ts'
import type { Booking } from '../contract/metered-service.ts'
import type { Tables } from '../contract/tables.ts'
import type { Database, Session } from '../platform/database.ts'
import { repeat } from '../platform/repeat.ts'
import { type GatewayCaller, type GatewayTarget, gatewayPurpose } from './target.ts'

export interface AvoidedBook {
  /** Notes tokens that did not have to be bought. */
  add(caller: GatewayCaller, target: GatewayTarget, tokens: number): void
  /** Books what is noted, and ends. */
  close(): Promise<void>
}

export interface AvoidedBookOptions {
  database: Database<Tables>
  bookCalls(session: Session<Tables>, bookings: readonly Booking[]): Promise<void>
  onError(error: unknown): void
}

interface Line {
  caller: GatewayCaller
  target: GatewayTarget
  tokens: number
}

const flushEveryMs = 1_000

/**
 * Books what hits have saved once a second, an entry for each key with its tags and space, so that a hit costs no transaction. A crash loses
 * what was saved in the last second, and nothing that was spent.
 */
export function createAvoidedBook({ database, bookCalls, onError }: AvoidedBookOptions): AvoidedBook {
  let lines = new Map<string, Line>()

  function add(caller: GatewayCaller, target: GatewayTarget, tokens: number): void {
    const key = JSON.stringify([caller.tenantId, caller.apiKeyId, target.spaceId, ...caller.tags])
    const line = lines.get(key)
    if (line) line.tokens += tokens
    else lines.set(key, { caller, target, tokens })
  }

  async function flush(): Promise<void> {
    if (lines.size === 0) return
    const taken = [...lines.values()]
    lines = new Map()
    const bookings = taken.flatMap(line => bookingOf(line, onError))
    try {
      await database.transaction(session => bookCalls(session, bookings))
    } catch (error) {
      for (const { caller, target, tokens } of taken) add(caller, target, tokens)
      throw error
    }
  }

  const flushing = repeat(flush, flushEveryMs, onError)
  return {
    add,
    async close() {
      await flushing.stop()
      await flush().catch(onError)
    },
  }
}

/** None where the call has no price any more. */
function bookingOf({ caller, target, tokens }: Line, onError: (error: unknown) => void): Booking[] {
  const { tenantId, apiKeyId, tags } = caller
  const shares = [{ documentId: null, jobId: null, apiKeyId, tags, weight: 1 }]
  try {
    return [target.service.avoided(tokens, { tenantId, purpose: gatewayPurpose, quoteId: null, shares })]
  } catch (error) {
    const { code, message } = asAppError(error)
    onError(new AppError(code, `What hits of tenant ${tenantId} saved is not booked: ${message}`, { cause: error }))
    return []
  }
}
