import { faultSchema, type ReadyFault } from './simulator-faults.ts'

export const faultHeader = 'x-simulate-fault'

/**
 * The faults that a request asks for itself: `x-simulate-fault: server_error;status=503;done=true, latency;ms=50`, with the kinds and
 * fields of `Fault`. A message where it names none that there is.
 */
export function readFaultHeader(value: string | null): ReadyFault[] | { fault: string } {
  if (!value) return []
  const faults: ReadyFault[] = []
  for (const part of value.split(/,\s*(?=[a-z])/)) {
    const [kind = '', ...fields] = part.split(';').map(field => field.trim())
    const pairs = fields.map(field => {
      const at = field.indexOf('=')
      return [field.slice(0, at), readValue(field.slice(at + 1))] as const
    })
    const parsed = faultSchema.safeParse({ kind, ...Object.fromEntries(pairs) })
    if (!parsed.success) return { fault: `${faultHeader}: '${part}' is not a fault that can be simulated.` }
    faults.push(parsed.data)
  }
  return faults
}

function readValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text
}
