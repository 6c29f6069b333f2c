import { serveHandler } from './serve-handler.ts'

export interface CollectedSpan {
  traceId: string
  spanId: string
  parentSpanId: string
  name: string
  /** Of the process that made it. */
  pid: unknown
  facts: Record<string, unknown>
}

/** What a collector of OpenTelemetry gets over OTLP/HTTP, as JSON. */
export interface Collector {
  url: string
  spans: CollectedSpan[]
  /** All bodies together. */
  readonly received: string
  headers: Headers
  close(): Promise<void>
}

interface Attribute {
  key: string
  value: Value
}
type Value = { arrayValue: { values: Value[] } } | Record<string, unknown>

interface Export {
  resourceSpans: {
    resource: { attributes: Attribute[] }
    scopeSpans: { spans: (Omit<CollectedSpan, 'pid' | 'facts'> & { attributes: Attribute[] })[] }[]
  }[]
}

export async function startCollector(): Promise<Collector> {
  const spans: CollectedSpan[] = []
  let received = ''
  let headers = new Headers()
  const { url, close } = await serveHandler(async request => {
    const text = await request.text()
    received += text
    headers = request.headers
    if (new URL(request.url).pathname !== '/v1/traces') return new Response(null, { status: 404 })
    for (const { resource, scopeSpans } of (JSON.parse(text) as Export).resourceSpans)
      for (const { attributes, ...span } of scopeSpans.flatMap(scope => scope.spans))
        spans.push({ ...span, pid: factsOf(resource.attributes)['process.pid'], facts: factsOf(attributes) })
    return Response.json({})
  })
  return {
    url,
    spans,
    get received() {
      return received
    },
    get headers() {
      return headers
    },
    close,
  }
}

function factsOf(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)]))
}

function plain(value: Value): unknown {
  if ('arrayValue' in value) return (value.arrayValue as { values: Value[] }).values.map(plain)
  return Object.values(value)[0]
}
