/** Where in a trace something is, as W3C Trace Context writes it: what it caused has the same trace and names it as its parent. */
export interface TraceContext {
  traceId: string
  spanId: string
  sampled: boolean
}

const pattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/** Null for what is no `traceparent`; those of later versions are read as far as they are known (W3C Trace Context, 3.2). */
export function readTraceparent(header: string | null | undefined): TraceContext | null {
  const [, version, traceId, spanId, flags, more] = pattern.exec(header ?? '') ?? []
  if (!traceId || !spanId || version === 'ff' || (version === '00' && more !== undefined)) return null
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return null
  return { traceId, spanId, sampled: (Number.parseInt(flags ?? '0', 16) & 1) === 1 }
}

export function writeTraceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`
}

/** A new place below `parent`, or the first of a new trace. `randomHex` gives so many random bytes in hex. */
export function nextTraceContext(parent: TraceContext | null, randomHex: (bytes: number) => string): TraceContext {
  const spanId = randomHex(8)
  return parent ? { ...parent, spanId } : { traceId: randomHex(16), spanId, sampled: true }
}
