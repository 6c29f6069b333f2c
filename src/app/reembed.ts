import { AppError } from '../contract/failure.ts'
import { formatUsd } from '../contract/format-usd.ts'
import type { NamedSpace } from '../contract/provenance.ts'
import type { ReembeddingView, ReembedQuote, ReembedTarget, SpaceView } from '../contract/reembedding.ts'
import type { Tables } from '../contract/tables.ts'
import { bookCalls } from '../ledger/book-calls.sql.ts'
import { reembedNext } from '../pipeline/reembed.ts'
import type { Database } from '../platform/database.ts'
import { repeat } from '../platform/repeat.ts'
import {
  cancelReembedding,
  countMissing,
  insertReembedding,
  listSpaces,
  readReembeddings,
} from '../spaces/reembeddings.sql.ts'
import { ensureSpace, readSpace } from '../spaces/spaces.sql.ts'
import type { Spaces } from './create-spaces.ts'

export interface ReembedTools {
  database: Database<Tables>
  spaces: Spaces
  /** The most tokens, as the provider counts, that so many of ours can be. */
  mostTokens(tokens: number, texts: number): number
  newId(): string
}

/** What the endpoints about spaces do. */
export type Reembedding = ReturnType<typeof createReembedding>

export function createReembedding({ database, spaces, mostTokens, newId }: ReembedTools) {
  const one = async (tenantId: string, reembeddingId: string): Promise<ReembeddingView> => {
    const [found] = await readReembeddings(database, tenantId, reembeddingId)
    if (!found) throw new AppError('not_found', `There is no re-embedding ${reembeddingId}.`)
    return found
  }
  const quote = async (tenantId: string, target: ReembedTarget): Promise<ReembedQuote> => {
    const space = await spaceOf(tenantId, target)
    const service = spaces.serviceOf(space, tenantId)
    if (!service) {
      const which = `Nobody here can embed in space ${space.spaceId}`
      throw new AppError(
        'provider_not_configured',
        `${which}: it is another provider's, or a real one while the mode is mock.`,
      )
    }
    const { texts, tokens: ours } = await countMissing(database, tenantId, space.spaceId)
    const tokens = space.simulated ? ours : mostTokens(ours, texts)
    const { costNanoUsd, shadowNanoUsd } = service.price(tokens, { tenantId })
    const live = await spaces.live(tenantId)
    const cost = { costNanoUsd: String(costNanoUsd), shadowNanoUsd: String(shadowNanoUsd) }
    return { space, from: live?.spaceId ?? null, texts, tokens, ...cost }
  }
  const spaceOf = async (tenantId: string, target: ReembedTarget): Promise<NamedSpace> => {
    const { spaceId, model, dimensions } = target
    if (spaceId === undefined)
      return spaces.named(tenantId, {
        ...(model !== undefined && { model }),
        ...(dimensions !== undefined && { dimensions }),
      })
    const known = await readSpace(database, tenantId, spaceId)
    if (!known) throw new AppError('not_found', `There is no vector space ${spaceId}; see \`sluice spaces\`.`)
    return known
  }
  return {
    quote,
    one,
    list: (tenantId: string) => readReembeddings(database, tenantId),
    async spaces(tenantId: string): Promise<SpaceView[]> {
      const rows = await listSpaces(database, tenantId)
      return rows.map(row => ({ ...row, usable: spaces.serviceOf(row, tenantId) !== null }))
    },
    /** Throws `quote_exceeded` when it costs more than wished, `job_state_conflict` when one is running. */
    async start(
      { tenantId, apiKeyId }: { tenantId: string; apiKeyId: string | null },
      target: ReembedTarget,
      maxCostNanoUsd: bigint | null,
    ): Promise<ReembeddingView> {
      const quoted = await quote(tenantId, target)
      const most = BigInt(quoted.costNanoUsd)
      if (maxCostNanoUsd !== null && most > maxCostNanoUsd) {
        const why = `It costs up to ${formatUsd(most)}, and ${formatUsd(maxCostNanoUsd)} were allowed`
        throw new AppError('quote_exceeded', `${why}; nothing was started.`)
      }
      const reembeddingId = newId()
      const started = await database.transaction(async session => {
        await ensureSpace(session, tenantId, quoted.space)
        return await insertReembedding(session, { tenantId, reembeddingId, apiKeyId, quote: quoted })
      })
      if (!started)
        throw new AppError(
          'job_state_conflict',
          'A re-embedding of this tenant is running already; let it end, or cancel it.',
        )
      return await one(tenantId, reembeddingId)
    },
    async cancel(tenantId: string, reembeddingId: string): Promise<ReembeddingView> {
      await cancelReembedding(database, tenantId, reembeddingId)
      return await one(tenantId, reembeddingId)
    },
  }
}

const lookEveryMs = 1_000
const batchTimeoutMs = 30 * 60_000

/** Works on re-embeddings, one at a time in each process. */
export function watchReembeddings({
  database,
  spaces,
  onError,
}: {
  database: Database<Tables>
  spaces: Spaces
  onError(error: unknown): void
}): { stop(): Promise<void> } {
  const stop = new AbortController()
  const options = { database, bookCalls, serviceOf: spaces.serviceById, timeoutMs: batchTimeoutMs, onError }
  const working = repeat(() => reembedNext(options, stop.signal), lookEveryMs, onError)
  return {
    async stop() {
      stop.abort()
      await working.stop()
    },
  }
}
