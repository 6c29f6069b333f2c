import { setTimeout as sleep } from 'node:timers/promises'
import { CallDeferred } from '../contract/deferral.ts'
import { AppError } from '../contract/failure.ts'
import type { Booking } from '../contract/metered-service.ts'
import type { Tables } from '../contract/tables.ts'
import type { Database, Session } from '../platform/database.ts'
import { readVectors, saveVectors, type VectorKey } from './embeddings.sql.ts'
import { gather } from './gather.ts'
import { sharePurchases } from './share-purchase.ts'
import { type GatewayCaller, type GatewayTarget, gatewayPurpose } from './target.ts'
import type { WantedText } from './wanted-text.ts'

/** `vectors[i]` belongs to the text i that was asked for; `bought[i]` says that it was not there. */
export interface Obtained {
  vectors: Float32Array[]
  bought: boolean[]
  /** As the provider counted. */
  boughtTokens: number
}

export interface BuyOptions {
  database: Database<Tables>
  bookCalls(session: Session<Tables>, bookings: readonly Booking[]): Promise<void>
}

const callTimeoutMs = 120_000
/** While another process buys the same. */
const lookAgainMs = 150
const waitMs = 5_000
/** Texts of one statement, and of one transaction. */
const maxTexts = 256

/**
 * Looks texts up and buys those that are not there in one call. What was bought is stored with its booking, in one transaction, before it is
 * given out. A text that another process is buying is waited for; after five seconds the call's `CallDeferred` is thrown.
 */
export function createBuyer({ database, bookCalls }: BuyOptions) {
  const lookUp = gather(
    async (groups: readonly (readonly VectorKey[])[]) => {
      const found = await readVectors(database, groups.flat())
      return groups.map((_, i) => {
        const start = groups.slice(0, i).reduce((sum, group) => sum + group.length, 0)
        return found.slice(start, start + (groups[i]?.length ?? 0))
      })
    },
    { atOnce: 1, maxSize: maxTexts, sizeOf: keys => keys.length },
  )
  const save = gather(
    async (purchases: readonly Purchase[]) => {
      const vectors = purchases.flatMap(purchase => purchase.vectors)
      const bookings = purchases.map(purchase => purchase.booking)
      await saveVectors(database, vectors, session => bookCalls(session, bookings))
      return purchases
    },
    { atOnce: 1, maxSize: maxTexts, sizeOf: purchase => purchase.vectors.length },
  )

  const buy = sharePurchases(async (caller, target, wanted) => {
    const { tenantId, apiKeyId, tags } = caller
    const { spaceId, service } = target
    // Named as the pipeline names what it buys, so that a paid text is bought once by either.
    const items = wanted.map(({ textHash }) => `embed/${spaceId}/${textHash.toString('hex')}`)
    const shares = [{ documentId: null, jobId: null, apiKeyId, tags, weight: 1 }]
    const keys = wanted.map(({ textHash }) => ({ tenantId, spaceId, textHash }))
    const bought = async () => (await lookUp(keys)).some(vector => vector)
    const context = { tenantId, purpose: gatewayPurpose, quoteId: null, items, shares, bought } as const
    const texts = wanted.map(({ text, tokenCount }) => ({ text, tokenCount }))
    // The caller may have gone: what is paid is stored all the same.
    const { output, booking } = await service.call({ texts }, context, { signal: AbortSignal.timeout(callTimeoutMs) })
    const vectors = wanted.map(({ textHash }, i) => {
      const vector = output.vectors[i]
      if (!vector) throw new AppError('vector_invalid', `The embedding service gave no vector for text ${i + 1}.`)
      return { tenantId, spaceId, textHash, vector }
    })
    // Together with others it can fail because of them.
    await save({ vectors, booking }).catch(() => save({ vectors, booking }))
    return { vectors: vectors.map(({ vector }) => vector), tokens: tokensOf(booking) }
  })

  return async (caller: GatewayCaller, target: GatewayTarget, wanted: readonly WantedText[]): Promise<Obtained> => {
    const keys = wanted.map(({ textHash }) => ({ tenantId: caller.tenantId, spaceId: target.spaceId, textHash }))
    const waitUntil = performance.now() + waitMs
    for (;;) {
      const found = await lookUp(keys)
      const missing = wanted.filter((_, i) => !found[i])
      const bought = found.map(vector => !vector)
      if (missing.length === 0) return { vectors: found as Float32Array[], bought, boughtTokens: 0 }
      try {
        const { vectors, tokens } = await buy(caller, target, missing)
        const made = vectors.values()
        const all = found.map(vector => vector ?? (made.next().value as Float32Array))
        return { vectors: all, bought, boughtTokens: tokens }
      } catch (error) {
        if (!isInProgress(error) || performance.now() > waitUntil) throw error
      }
      await sleep(lookAgainMs)
    }
  }
}

interface Purchase {
  vectors: (VectorKey & { vector: Float32Array })[]
  booking: Booking
}

function isInProgress(error: unknown): boolean {
  return error instanceof CallDeferred && error.deferral.reason === 'in_progress'
}

function tokensOf({ entries }: Booking): number {
  return entries.reduce((sum, entry) => sum + Number(entry.units), 0)
}
