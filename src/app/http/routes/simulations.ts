import type { FastifyReply } from 'fastify'
import type { BudgetSettings } from '../../../contract/budget.ts'
import { readBudgetText } from '../../../contract/budget-text.ts'
import { AppError } from '../../../contract/failure.ts'
import { type SimulationWish, simulationSchema, simulationWishSchema } from '../../../contract/simulation.ts'
import { costPeriod } from '../../../ledger/cost-period.ts'
import type { PastCall } from '../../../ledger/past-calls.sql.ts'
import type { PriceKey } from '../../../ledger/price-units.ts'
import type { ReplayBudget } from '../../../ledger/replay-balance.ts'
import { simulateBudgets } from '../../../ledger/simulate-budgets.ts'
import type { Api } from '../api.ts'
import { chooseTenant } from '../choose-tenant.ts'
import { failureAnswers, type RouteScope } from '../route-scope.ts'

export function simulationRoutes(scope: RouteScope, api: Api): void {
  const inTurn = createTurns()
  scope.post(
    '/v1/costs/simulate',
    {
      schema: {
        tags: ['Costs'],
        summary: 'Replay past calls against other budgets or prices',
        description:
          'What would have waited, been rejected or cost something else. Nothing is changed. Of your own tenant; an admin key may name ' +
          'another, or * for all. At most 1,000,000 calls; one simulation runs at a time, others wait for it.',
        body: simulationWishSchema,
        response: { 200: simulationSchema, ...failureAnswers },
      },
    },
    async (request, reply) => {
      const { body } = request
      const tenant = chooseTenant(request, body.tenant)
      const plan = {
        scope: { tenantId: tenant === '*' ? null : tenant, ...pastPeriod(body) },
        timeZone: body.timeZone,
        budgets: readBudgets(body.budgets, tenant),
        prices: body.prices?.prices ?? null,
        priceKeyOf: (call: PastCall) => priceKeyOf(call, api.comparedTier),
        signal: whenGone(reply),
      }
      return await inTurn(() => simulateBudgets(api.database, plan))
    },
  )
}

/** What has not come yet cannot be replayed. */
function pastPeriod(wish: SimulationWish): { from: Date; to: Date } {
  const now = Temporal.Now.instant()
  const { from, to } = costPeriod(wish, now)
  if (from.getTime() > now.epochMilliseconds)
    throw new AppError(
      'validation_failed',
      `from: ${from.toISOString()} is in the future; only past calls are replayed.`,
    )
  return { from, to: new Date(Math.min(to.getTime(), now.epochMilliseconds)) }
}

function readBudgets(wished: SimulationWish['budgets'], tenant: string): ReplayBudget[] {
  const budgets = wished.map(budget => (typeof budget === 'string' ? readBudgetText(budget) : budget))
  const names = budgets.map(nameOf)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined)
    throw new AppError('validation_failed', `budgets: two are called ${twice}; give one of them an id.`)
  const foreign = budgets.find(({ tenantId }) => tenant !== '*' && tenantId !== '*' && tenantId !== tenant)
  if (foreign)
    throw new AppError(
      'validation_failed',
      `budgets: ${nameOf(foreign)} covers nothing here, since only calls of tenant ${tenant} are replayed.`,
    )
  return budgets.map(budget => ({ ...budget, capNanoUsd: BigInt(budget.capNanoUsd) }))
}

function nameOf({ tenantId, budgetId }: BudgetSettings): string {
  return `${tenantId}/${budgetId}`
}

/** As the providers price themselves (create-providers.ts): the local parser is compared with LlamaParse, and takes nothing. */
function priceKeyOf(
  { provider, service, model, simulated }: PastCall,
  comparedTier: string,
): { key: PriceKey; free: boolean } {
  if (provider === 'local')
    return { key: { provider: 'llamaparse', operation: 'parse', model: comparedTier }, free: true }
  return { key: { provider, operation: service, model }, free: simulated }
}

/** Runs one at a time in this process: a replay can need much memory. */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(run: () => Promise<T>): Promise<T> => {
    const turn = last.then(run)
    last = turn.catch(() => {})
    return turn
  }
}

function whenGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  reply.raw.on('close', () => reply.raw.writableFinished || gone.abort())
  return gone.signal
}
