import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import {
  type BudgetView,
  budgetIdSchema,
  budgetListSchema,
  budgetSettingsSchema,
  budgetViewSchema,
} from '../../../contract/budget.ts'
import { AppError } from '../../../contract/failure.ts'
import { readBudgets, removeBudget, setBudget } from '../../../ledger/budgets.sql.ts'
import { viewBudgets } from '../../view-budgets.ts'
import { wakeForMoney } from '../../watch-money.ts'
import type { Api } from '../api.ts'
import { requireAdmin } from '../authenticate.ts'
import { failureAnswers, type RouteScope } from '../route-scope.ts'

const tags = ['Budgets']
const paramsSchema = z.object({ tenantId: budgetSettingsSchema.shape.tenantId, budgetId: budgetIdSchema })

export function budgetRoutes(scope: RouteScope, api: Api): void {
  scope.get(
    '/v1/budgets',
    {
      schema: {
        tags,
        summary: 'Budgets with what is spent, held, left and waiting in their present window',
        description: 'Those that cover your tenant; with an admin key those of all tenants.',
        response: { 200: budgetListSchema, ...failureAnswers },
      },
    },
    async ({ caller }) => {
      const budgets = await viewBudgets(api.database)
      const isSeen = ({ tenantId }: BudgetView) =>
        caller.role === 'admin' || tenantId === '*' || tenantId === caller.tenantId
      return { budgets: budgets.filter(isSeen) }
    },
  )
  scope.put(
    '/v1/budgets/:tenantId/:budgetId',
    {
      schema: {
        tags,
        summary: 'Set a budget',
        description:
          'Takes effect for the next call, everywhere. A new budget counts what its present window has spent already; a raised cap ' +
          'wakes the jobs that wait for it at once. The tenant `*` stands for all tenants together.',
        params: paramsSchema,
        body: budgetSettingsSchema.omit({ tenantId: true, budgetId: true }),
        response: { 200: budgetViewSchema, ...failureAnswers },
      },
    },
    async request => {
      const budget = { ...request.body, ...request.params }
      await requireChangeable(api, request, budget)
      await api.database.transaction(session => setBudget(session, budget, 'api'))
      await wakeForMoney(api)
      const found = (await viewBudgets(api.database)).find(view => isSame(view, budget))
      if (!found) throw missing(budget)
      return found
    },
  )
  scope.delete(
    '/v1/budgets/:tenantId/:budgetId',
    {
      schema: {
        tags,
        summary: 'Remove a budget',
        description: 'What was spent stays in the books; jobs that wait for it go on.',
        params: paramsSchema,
        response: { 204: z.null().describe('removed'), ...failureAnswers },
      },
    },
    async (request, reply) => {
      await requireChangeable(api, request, request.params)
      const removed = await api.database.transaction(session => removeBudget(session, request.params))
      if (!removed) throw missing(request.params)
      await wakeForMoney(api)
      return await reply.status(204).send(null)
    },
  )
}

type Key = z.output<typeof paramsSchema>

/** Throws `forbidden`, or `budget_conflict` for one that the configuration would set back at the next start. */
async function requireChangeable(api: Api, request: FastifyRequest, key: Key): Promise<void> {
  requireAdmin(request, 'change budgets')
  const present = (await readBudgets(api.database)).find(budget => isSame(budget, key))
  if (present?.origin === 'configuration')
    throw new AppError('budget_conflict', `Budget ${key.budgetId} of tenant ${key.tenantId} comes from SLUICE_BUDGETS.`)
}

function isSame(a: Key, b: Key): boolean {
  return a.tenantId === b.tenantId && a.budgetId === b.budgetId
}

function missing({ tenantId, budgetId }: Key): AppError {
  return new AppError('budget_not_found', `There is no budget ${budgetId} of tenant ${tenantId}.`)
}
