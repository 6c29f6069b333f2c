import { z } from 'zod'
import { parseTierSchema } from './parse-options.ts'
import { modeSchema, serviceNames } from './provenance.ts'

/** What a page is like, as far as it matters to who should read it; `unread`: a picture that this machine cannot read. */
export const pageKinds = ['simple', 'tables', 'scanned', 'unread', 'garbled', 'empty'] as const
export type PageKind = (typeof pageKinds)[number]

/** What a step of a policy can ask for: `faulty` is a page that the tier before has read badly, whatever it is like. */
export const wantedPages = [...pageKinds, 'faulty'] as const

/** Ready-made policies; docs/routing.md says what each does. */
export const presetNames = ['local-first', 'balanced', 'quality', 'cheapest', 'private'] as const
export const policyNameSchema = z.string().regex(/^[a-z][a-z0-9-]{0,40}$/, 'a name as in local-first')

/** One who may take a page, under conditions; without any, every page. */
export const policyStepSchema = z
  .strictObject({
    use: z
      .enum(['local', 'paid'])
      .describe('`local`: the parser of this machine; `paid`: the provider that is configured'),
    tier: parseTierSchema.optional().describe("LlamaParse's tier; the server's if not given"),
    pages: z
      .array(z.enum(wantedPages))
      .min(1)
      .optional()
      .describe('only pages of these kinds; without it all but `faulty` ones, which a lower tier has read badly'),
    maxCostUsd: z
      .string()
      .regex(/^\d{1,6}(\.\d{1,9})?$/, 'dollars as in 0.50')
      .optional()
      .describe('only where the whole document, or the faulty pages, cost no more than this'),
  })
  .refine(({ use, tier, pages }) => !pages?.includes('faulty') || (use === 'paid' && tier !== undefined), {
    message: 'pages that were read badly (faulty) go to `"use": "paid"` with a `tier`',
  })
export type PolicyStep = z.infer<typeof policyStepSchema>

/**
 * Who takes which page in mode `hybrid`: the first step whose conditions hold and whose provider can be had. What was left to a later step
 * because an earlier one could not be had is provisional, and is done again once it can.
 */
export const policySchema = z.array(policyStepSchema).min(1).max(20)
export type Policy = z.infer<typeof policySchema>
export const policiesSchema = z.record(policyNameSchema, policySchema)

/** How one version of a document is to be routed; what is left out is as the tenant's mode says. */
export const routeWishSchema = z.strictObject({
  parse: modeSchema.optional().describe('the mode of parsing, for this version alone'),
  embed: modeSchema
    .optional()
    .describe('the mode of embedding; only with `publish` false: search knows one vector space'),
  policy: policyNameSchema.optional().describe('the policy of mode `hybrid`'),
  publish: z.boolean().optional().describe('false: the version is made, and can be compared, but is not searched'),
})
export type RouteWish = z.infer<typeof routeWishSchema>

export const serviceModeSchema = z.object({
  tenantId: z.string().describe('`*`: of all tenants that have none of their own'),
  service: z.enum(serviceNames),
  mode: modeSchema,
  policy: z.string().nullable().describe('of mode `hybrid`'),
  forced: z.boolean().describe('`mock` although this is production'),
  origin: z.enum(['configuration', 'switched']),
  setBy: z.string().nullable(),
  reason: z.string().nullable(),
  updatedAt: z.iso.datetime().nullable(),
})
export type ServiceMode = z.infer<typeof serviceModeSchema>

export const modeChangeSchema = z.strictObject({
  mode: modeSchema,
  policy: policyNameSchema.optional(),
  force: z.boolean().default(false).describe('switch to `mock` although this is production'),
  reason: z.string().max(500).optional().describe('why; it stays in the audit log'),
})
export type ModeChange = z.infer<typeof modeChangeSchema>

export const modeListSchema = z.object({
  modes: z.array(serviceModeSchema),
  policies: policiesSchema,
  production: z.boolean(),
})
export type ModeList = z.infer<typeof modeListSchema>

export const auditEventSchema = z.object({
  eventId: z.string(),
  at: z.iso.datetime(),
  tenantId: z.string(),
  actor: z.string().describe('`key <id>`, or `process` for the command line on this machine'),
  action: z.string(),
  subject: z.string(),
  details: z.record(z.string(), z.json()),
})
export type AuditEvent = z.infer<typeof auditEventSchema>
export const auditListSchema = z.object({ events: z.array(auditEventSchema).describe('newest first') })
