import { z } from 'zod'

/** The name under which health is kept: a simulator's troubles are not those of whom it imitates. */
export function healthNameOf({ provider, simulated }: { provider: string; simulated: boolean }): string {
  return simulated ? `${provider} (simulated)` : provider
}

export const breakerStates = ['closed', 'open', 'half_open'] as const
export type BreakerState = (typeof breakerStates)[number]

/** How a provider is, from the calls of all processes in the last minute. Latencies are upper bounds of what was measured. */
export const providerHealthSchema = z.object({
  provider: z.string().describe('with ` (simulated)` behind it where it only imitates that provider'),
  state: z.enum(breakerStates).describe('`open`: it gets no calls; `half_open`: a few, to see whether it is back'),
  since: z.iso.datetime().nullable(),
  retryAt: z.iso.datetime().nullable().describe('when it is tried again, if it is open'),
  limitedUntil: z.iso.datetime().nullable().describe('until when it takes nothing, by its own word'),
  reason: z.string().nullable(),
  calls: z.int().describe('in the last minute'),
  faults: z.int().describe("of these, the provider's own failures"),
  limited: z.int().describe('of these, refused as too many'),
  retries: z.int().describe('of these, calls that had failed before'),
  latencyMs: z.object({ p50: z.number(), p95: z.number(), p99: z.number() }).nullable(),
})
export type ProviderHealth = z.infer<typeof providerHealthSchema>
export const providerHealthListSchema = z.object({ providers: z.array(providerHealthSchema) })
