import { z } from 'zod'

export const serviceNames = ['parse', 'embed'] as const
export type ServiceName = (typeof serviceNames)[number]
/** `local`: the parser of this machine alone; `mock`: simulators; `real`: providers; `hybrid`: by a policy, call for call. */
export const modes = ['local', 'mock', 'real', 'hybrid'] as const
export const modeSchema = z.enum(modes)
export type Mode = z.infer<typeof modeSchema>

/** What made an artifact. `simulated` is true for what only imitates the named provider; the local parser is itself. */
export const provenanceSchema = z.object({
  provider: z.string(),
  model: z.string(),
  mode: modeSchema,
  simulated: z.boolean(),
  reasons: z.array(z.string()).describe('why the router chose this provider'),
  provisional: z
    .boolean()
    .optional()
    .describe('true: somebody better was wanted and could not be had; it is done again once they can'),
})
export type Provenance = z.infer<typeof provenanceSchema>

/** The space that vectors live in; two vectors can be compared only when all of it is equal. */
export const vectorSpaceSchema = z.object({
  provider: z.string(),
  model: z.string(),
  dimensions: z.int().min(1),
  revision: z.string().describe('version of text preprocessing and model snapshot'),
  simulated: z.boolean(),
})
export type VectorSpace = z.infer<typeof vectorSpaceSchema>

/** A vector space under its name, which is made of all of it: the same space has the same name for every tenant. */
export type NamedSpace = VectorSpace & { spaceId: string }
export function nameSpace(space: VectorSpace): NamedSpace {
  const { provider, model, dimensions, revision, simulated } = space
  const name = `${provider}-${model}-${dimensions}-${revision}`
  return { provider, model, dimensions, revision, simulated, spaceId: simulated ? `simulated-${name}` : name }
}
