import { z } from 'zod'
import type { EndpointProfile } from '../providers/openai/endpoint-profile.ts'

const whole = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, 'must be a whole number above 0')
  .transform(Number)

/** What SLUICE_EMBED_OPTIONS may say, each under its name there. */
const optionsSchema = z.strictObject({
  inputs: whole.optional(),
  'request-tokens': whole.optional(),
  'input-tokens': whole.optional(),
  'token-factor': z
    .string()
    .regex(/^\d{1,2}(\.\d{1,3})?$/, 'must be a number from 1 to 99')
    .transform(Number)
    .refine(factor => factor >= 1, 'must be a number from 1 to 99')
    .optional(),
  dimensions: z.enum(['dimensions', 'output_dimension', 'no'], 'must be dimensions, output_dimension or no').optional(),
  base64: z
    .enum(['encoding_format', 'embedding_type', 'no'], 'must be encoding_format, embedding_type or no')
    .optional(),
  'key-header': z.enum(['authorization', 'api-key'], 'must be authorization or api-key').optional(),
  'api-version': z
    .string()
    .regex(/^[\w.-]{1,40}$/, 'must be a version, e.g. 2024-10-21')
    .optional(),
  cost: z.enum(['free', 'priced'], 'must be free or priced').optional(),
})
export type EndpointOptions = z.output<typeof optionsSchema>

/** `inputs=64, cost=free` → what it says. Faults go to `context`, all of them. */
export function readEndpointOptions(value: string, context: z.RefinementCtx): EndpointOptions {
  const pairs = value
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
    .map(part => /^([^=\s]+)\s*=\s*(.+)$/.exec(part))
  const read = optionsSchema.safeParse(Object.fromEntries(pairs.map(pair => [pair?.[1] ?? '', pair?.[2] ?? ''])))
  const names = pairs.map(pair => pair?.[1])
  if (pairs.includes(null)) context.addIssue({ code: 'custom', message: 'pairs like inputs=64, separated by commas' })
  else if (new Set(names).size < names.length) context.addIssue({ code: 'custom', message: 'without a name twice' })
  else if (read.success) return read.data
  else for (const issue of read.error.issues) context.addIssue({ code: 'custom', message: faultOf(issue) })
  return z.NEVER
}

/** The profile with what the user says otherwise. */
export function overrideProfile(profile: EndpointProfile, options: EndpointOptions): EndpointProfile {
  const { limits } = profile
  return {
    ...profile,
    keyHeader: options['key-header'] ?? profile.keyHeader,
    query: options['api-version'] ? { ...profile.query, 'api-version': options['api-version'] } : profile.query,
    dimensionsField: unlessNo(options.dimensions, profile.dimensionsField),
    base64Field: unlessNo(options.base64, profile.base64Field),
    limits: {
      maxInputsPerRequest: options.inputs ?? limits.maxInputsPerRequest,
      maxTokensPerRequest: options['request-tokens'] ?? limits.maxTokensPerRequest,
      maxTokensPerInput: options['input-tokens'] ?? limits.maxTokensPerInput,
    },
    tokenFactor: options['token-factor'] ?? profile.tokenFactor,
    cost: options.cost ?? profile.cost,
  }
}

function unlessNo<T extends string>(option: T | 'no' | undefined, known: T | null): T | null {
  return option === undefined ? known : option === 'no' ? null : option
}

function faultOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') return `pairs of which ${issue.path.join('.')} ${issue.message}`
  const known = Object.keys(optionsSchema.shape).join(', ')
  return `pairs with the names ${known}; ${issue.keys.join(', ')} is none of them`
}
