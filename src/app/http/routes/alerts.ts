import { z } from 'zod'
import { countLasting, listAlerts } from '../../../alerts/list-alerts.sql.ts'
import { readRules, resetRule, setRule } from '../../../alerts/rules.sql.ts'
import { alertListSchema, alertQuerySchema } from '../../../contract/alert.ts'
import { type RuleId, ruleIds } from '../../../contract/alert-kind.ts'
import { type RuleSettings, type RuleView, ruleListSchema, ruleSettingsSchema } from '../../../contract/alert-rule.ts'
import { insertAuditEvent } from '../../../platform/audit.sql.ts'
import { actorOf } from '../actor.ts'
import type { Api } from '../api.ts'
import { requireAdmin } from '../authenticate.ts'
import { tenantSeen } from '../choose-tenant.ts'
import { failureAnswers, type RouteScope } from '../route-scope.ts'

const tags = ['Alerts']
const paramsSchema = z.object({ ruleId: z.enum(ruleIds) })

export function alertRoutes(scope: RouteScope, api: Api): void {
  const rules = async (): Promise<{ rules: RuleView[] }> => {
    const [inForce, lasting] = [await readRules(api.database), await countLasting(api.database)]
    return { rules: ruleIds.map(ruleId => ({ ruleId, ...inForce[ruleId], lasting: lasting.get(ruleId) ?? 0 })) }
  }
  scope.get(
    '/v1/alerts',
    {
      schema: {
        tags,
        summary: 'Alerts, newest first',
        description:
          'Of your tenant and of what all tenants share; with an admin key those of all tenants, or of one and of what all share.',
        querystring: alertQuerySchema,
        response: { 200: alertListSchema, ...failureAnswers },
      },
    },
    async request => {
      const { open, limit } = request.query
      return { alerts: await listAlerts(api.database, { tenantId: tenantSeen(request), open, limit }) }
    },
  )
  scope.get(
    '/v1/alert-rules',
    {
      schema: {
        tags,
        summary: 'The rules: what they look at, and when they alert',
        response: { 200: ruleListSchema, ...failureAnswers },
      },
    },
    rules,
  )
  scope.put(
    '/v1/alert-rules/:ruleId',
    {
      schema: {
        tags,
        summary: 'Change a rule',
        description:
          'What is left out stays as it is. Takes effect within five seconds, in all processes. Needs an admin key.',
        params: paramsSchema,
        body: ruleSettingsSchema.partial(),
        response: { 200: ruleListSchema, ...failureAnswers },
      },
    },
    async request => {
      requireAdmin(request, 'change rules')
      const { ruleId } = request.params
      const before = settingsOf((await readRules(api.database))[ruleId])
      const after = settingsOf({ ...before, ...definedOf(request.body) })
      await api.database.transaction(async session => {
        await setRule(session, ruleId, after)
        await insertAuditEvent(session, { ...audit(actorOf(request), ruleId), details: { from: before, to: after } })
      })
      return await rules()
    },
  )
  scope.delete(
    '/v1/alert-rules/:ruleId',
    {
      schema: {
        tags,
        summary: 'Set a rule back to its defaults',
        params: paramsSchema,
        response: { 200: ruleListSchema, ...failureAnswers },
      },
    },
    async request => {
      requireAdmin(request, 'change rules')
      const { ruleId } = request.params
      await api.database.transaction(async session => {
        await resetRule(session, ruleId)
        await insertAuditEvent(session, { ...audit(actorOf(request), ruleId), details: { to: 'default' } })
      })
      return await rules()
    },
  )
}

function audit(actor: string, ruleId: RuleId) {
  return { tenantId: '*', actor, action: 'set alert rule', subject: ruleId }
}

/** Without what is known of a rule besides. */
function settingsOf({ isOn, threshold, forSeconds, recoverSeconds, cooldownSeconds }: RuleSettings): RuleSettings {
  return { isOn, threshold, forSeconds, recoverSeconds, cooldownSeconds }
}

function definedOf(change: { [Key in keyof RuleSettings]?: RuleSettings[Key] | undefined }): Partial<RuleSettings> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
}
