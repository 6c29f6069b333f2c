import { z } from 'zod'
import type { Fault } from '../../providers/openai/simulator-faults.ts'

const ms = z.number().min(0).optional()
/** Whether the work is done, and charged, before its answer gets lost. */
const done = z.boolean().default(false)

/** The faults of OpenAI's simulator as a user writes them: named and with fields as those of LlamaCloud's where there are such. */
export const openAiFaultSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('latency'), ms, minMs: ms, maxMs: ms, meanMs: ms }),
  z.strictObject({
    kind: z.literal('rate_limited'),
    code: z.enum(['rate_limit_exceeded', 'slow_down']).optional(),
    retryAfterMs: ms,
  }),
  z.strictObject({ kind: z.literal('quota_spent'), code: z.string().optional() }),
  z.strictObject({
    kind: z.literal('server_error'),
    status: z.int().min(500).max(599).default(500),
    retryAfterMs: ms,
  }),
  z.strictObject({ kind: z.literal('hang'), done }),
  z.strictObject({ kind: z.literal('connection_lost'), done }),
  z.strictObject({ kind: z.literal('body_hangs') }),
  z.strictObject({
    kind: z.literal('malformed'),
    body: z.enum(['empty', 'html', 'cut_short', 'other_shape']).default('cut_short'),
  }),
  z.strictObject({
    kind: z.literal('vectors'),
    wrong: z
      .enum(['missing', 'extra', 'repeated_index', 'out_of_order', 'not_finite', 'wrong_size', 'zero'])
      .default('missing'),
  }),
  z.strictObject({ kind: z.literal('batch_fails'), code: z.string().default('internal_error') }),
  z.strictObject({ kind: z.literal('batch_expires'), finishedShare: z.number().min(0).max(1).default(0.5) }),
  z.strictObject({
    kind: z.literal('batch_hangs'),
    status: z.enum(['validating', 'in_progress', 'finalizing', 'cancelling']).default('in_progress'),
  }),
  z.strictObject({
    kind: z.literal('batch_output'),
    wrong: z
      .enum(['lines_missing', 'line_repeated', 'unknown_custom_id', 'not_json', 'other_shape', 'cut_short'])
      .default('lines_missing'),
  }),
])
export type OpenAiFault = z.output<typeof openAiFaultSchema>

/** The fault as the simulator takes it; null for latency, which is waited for in front of it. */
export function toSimulatorFault(fault: OpenAiFault): Fault | null {
  switch (fault.kind) {
    case 'latency':
      return null
    case 'hang':
    case 'connection_lost':
      return { kind: fault.kind, billed: fault.done }
    case 'rate_limited':
      return { kind: fault.kind, ...given({ code: fault.code, retryAfterMs: fault.retryAfterMs }) }
    case 'quota_spent':
      return { kind: fault.kind, ...given({ code: fault.code }) }
    case 'server_error':
      return { kind: fault.kind, status: fault.status, ...given({ retryAfterMs: fault.retryAfterMs }) }
    default:
      return fault
  }
}

type Given<Fields> = { [Name in keyof Fields]?: NonNullable<Fields[Name]> }

function given<Fields extends object>(fields: Fields): Given<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<Fields>
}
