import type { Tables } from '../contract/tables.ts'
import type { BudgetEnd } from '../gateway/find-reset.ts'
import { createGateway, type Gateway, type GatewayOptions } from '../gateway/gateway.ts'
import { bookCalls } from '../ledger/book-calls.sql.ts'
import { budgetWindow } from '../ledger/budget-window.ts'
import { readBudgets, readRevision } from '../ledger/budgets.sql.ts'
import type { Database } from '../platform/database.ts'
import { maxInputsPerRequest, maxTokensPerInput, maxTokensPerRequest } from '../providers/openai/limits.ts'
import { ensureSpace } from '../spaces/spaces.sql.ts'
import type { Services } from './create-services.ts'
import { createTokenDecoder } from './create-token-decoder.ts'

export interface GatewayTools {
  database: Database<Tables>
  services: Services
  countTokens(text: string): number
  onError(error: unknown): void
}

/** The gateway over the models that a tenant's search uses and that are configured. */
export function createConfiguredGateway({ database, services, countTokens, onError }: GatewayTools): Gateway {
  return createGateway({
    database,
    resolve: createResolve(database, services),
    models: () => [services.spaces.configured],
    limits: { inputs: maxInputsPerRequest, tokensPerInput: maxTokensPerInput, tokens: maxTokensPerRequest },
    countTokens,
    decodeTokens: createTokenDecoder(),
    bookCalls,
    budgetEnds: () => readBudgetEnds(database),
    onError,
  })
}

const rememberMs = 2_000
const rememberTenants = 10_000

/** A space is made with the first request of a tenant for it, before a vector of it is stored. */
function createResolve(database: Database<Tables>, { spaces }: Services): GatewayOptions['resolve'] {
  const ensuredUntil = new Map<string, number>()
  return async (tenantId, model, dimensions) => {
    const known = [await spaces.ensured(tenantId), spaces.named(tenantId)]
    const space = known.find(one => one.model === model && (dimensions ?? one.dimensions) === one.dimensions)
    const service = space && spaces.serviceOf(space, tenantId)
    if (!service) return null
    const key = `${tenantId}/${space.spaceId}`
    if ((ensuredUntil.get(key) ?? 0) < Date.now()) {
      await ensureSpace(database, tenantId, space)
      if (ensuredUntil.size > rememberTenants) ensuredUntil.clear()
      ensuredUntil.set(key, Date.now() + rememberMs)
    }
    const { spaceId, simulated } = space
    return { service, spaceId, model, dimensions: space.dimensions, simulated }
  }
}

async function readBudgetEnds(database: Database<Tables>): Promise<BudgetEnd[]> {
  return await database.snapshot(async session => {
    const { now } = await readRevision(session)
    const budgets = await readBudgets(session)
    return budgets.map(({ tenantId, budgetId, period, timeZone }) => {
      const endsAt = period === 'total' ? null : budgetWindow(period, timeZone, now).end
      return { tenantId, budgetId, endsAt }
    })
  })
}
