import type { AccountLimits } from '../contract/provider-limits.ts'
import type { Tables } from '../contract/tables.ts'
import { type AccountLimiter, limitShare } from '../limits/account-limiter.ts'
import { type RequestLimit, waitForPermit } from '../limits/permits.sql.ts'
import { waitForRoom } from '../limits/request-limits.sql.ts'
import { readLimiterRoom, readUploadPermits } from '../metrics/providers.sql.ts'
import type { Database } from '../platform/database.ts'

export interface LimitsOptions {
  database: Database<Tables>
  uploadLimit: RequestLimit
  limiters(): readonly AccountLimiter[]
}

const minuteSeconds = 60
/** An account that nobody has used for so long is not told of: its key may be gone. */
const forgottenAfterSeconds = 86_400

/** The room that accounts of providers have left, as the limiters of all processes see it, and when there is some again. */
export async function viewLimits({ database, uploadLimit, limiters }: LimitsOptions): Promise<AccountLimits[]> {
  const nowMs = Date.now()
  const atOnce = new Map(limiters().map(limiter => [limiter.account, limiter.atOnce()]))
  const accounts: AccountLimits[] = []
  for (const { account, closedSeconds, idleSeconds, ...room } of await readLimiterRoom(database)) {
    if (!isUsed(idleSeconds, closedSeconds)) continue
    const waitMs = await waitForRoom(database, account, limitShare)
    const limit = limitOf(closedSeconds, minuteSeconds)
    accounts.push({
      ...namesOf(account),
      limits: [
        ...limit('requests', room.requestsPerMinute, room.usedRequests),
        ...limit('tokens', room.tokensPerMinute, room.usedTokens),
      ],
      ...timesOf(nowMs, waitMs, closedSeconds),
      atOnce: atOnce.get(account) ?? null,
    })
  }
  for (const { account, used, closedSeconds, idleSeconds } of await readUploadPermits(database, uploadLimit.spanMs)) {
    if (!isUsed(idleSeconds, closedSeconds)) continue
    const waitMs = await waitForPermit(database, account, uploadLimit)
    const limits = limitOf(closedSeconds, uploadLimit.spanMs / 1000)('uploads', uploadLimit.requests, used)
    accounts.push({ ...namesOf(account), limits, ...timesOf(nowMs, waitMs, closedSeconds), atOnce: null })
  }
  return accounts
}

function isUsed(idleSeconds: number | null, closedSeconds: number): boolean {
  return closedSeconds > 0 || (idleSeconds !== null && idleSeconds < forgottenAfterSeconds)
}

function limitOf(closedSeconds: number, spanSeconds: number) {
  return (
    unit: AccountLimits['limits'][number]['unit'],
    limit: number | null,
    used: number,
  ): AccountLimits['limits'] =>
    limit === null ? [] : [{ unit, spanSeconds, limit, used, room: closedSeconds > 0 ? 0 : Math.max(limit - used, 0) }]
}

/** Of `provider/hash of the key/model`; a simulator has its process in the place of the key. */
function namesOf(account: string): Pick<AccountLimits, 'provider' | 'model' | 'simulated' | 'key'> {
  const [provider = '', key = '', ...model] = account.split('/')
  const simulated = key === 'simulated'
  return {
    provider,
    model: simulated || model.length === 0 ? null : model.join('/'),
    simulated,
    key: simulated ? null : key.slice(0, 6),
  }
}

function timesOf(nowMs: number, waitMs: number, closedSeconds: number): Pick<AccountLimits, 'freeAt' | 'closedUntil'> {
  const at = (inMs: number) => (inMs > 0 ? new Date(nowMs + inMs).toISOString() : null)
  return { freeAt: at(waitMs), closedUntil: at(closedSeconds * 1000) }
}
