/** What one parse job was charged. `credits` may be a fraction, and null while the bill has not been made. */
export interface RecordedUsage {
  jobId: string
  pages: number
  credits: number | null
  at: Date
  tier?: string
}

export interface UsageMetricsSimulatorOptions {
  /** The only key that is accepted. */
  apiKey: string
  now(): Date
  /** How long after a charge the metrics begin to show it; at once if not given. */
  usageDelayMs?: number
}

export interface UsageMetricsSimulator {
  /** Answers a request as api.cloud.llamaindex.ai would. */
  fetch(request: Request): Promise<Response>
  record(usage: RecordedUsage): void
}

const path = '/api/v1/beta/usage-metrics'
const uuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i
const maxPageSize = 1000

/**
 * LlamaCloud's list of usage metrics as a web-standard handler: GET with `organization_id`, filters by job, day and type of event,
 * and pages as its other lists have them. Fields and filters are those of LlamaCloud's OpenAPI document.
 */
export function createUsageMetricsSimulator(options: UsageMetricsSimulatorOptions): UsageMetricsSimulator {
  const recorded: RecordedUsage[] = []
  return {
    record: usage => void recorded.push(usage),
    async fetch(request) {
      request.signal.throwIfAborted()
      const { pathname, searchParams } = new URL(request.url)
      if (pathname !== path) return detail(404, 'Not Found')
      if (request.method !== 'GET') return detail(405, 'Method Not Allowed')
      if (request.headers.get('authorization') !== `Bearer ${options.apiKey}`)
        return detail(401, 'Invalid authentication token')
      const faults = faultsOf(searchParams)
      if (faults.length > 0) return detail(422, faults)
      const nowMs = options.now().getTime()
      const visible = recorded.filter(({ at }) => at.getTime() + (options.usageDelayMs ?? 0) <= nowMs)
      return answerPage(visible, searchParams)
    },
  }
}

function answerPage(visible: readonly RecordedUsage[], params: URLSearchParams): Response {
  const passed = visible.map((usage, i) => toMetric(usage, i, params)).filter(metric => isAskedFor(metric, params))
  const size = Number(params.get('page_size') ?? 100)
  const token = params.get('page_token')
  const start = token === null ? 0 : Number(/^offset-(\d{1,9})$/.exec(token)?.[1] ?? Number.NaN)
  if (Number.isNaN(start)) return detail(400, 'Invalid page token')
  const end = start + size
  return Response.json({
    items: passed.slice(start, end),
    next_page_token: end < passed.length ? `offset-${end}` : null,
    total_size: params.get('include_total') === 'true' ? passed.length : null,
  })
}

function toMetric({ jobId, pages, credits, at, tier }: RecordedUsage, place: number, params: URLSearchParams) {
  return {
    id: `00000000-0000-4000-8000-${place.toString(16).padStart(12, '0')}`,
    user_id: 'user-simulated',
    project_id: 'prj-simulated',
    organization_id: params.get('organization_id'),
    event_type: 'pages_parsed',
    value: pages,
    properties: tier === undefined ? {} : { tier },
    day: at.toISOString().slice(0, 10),
    event_aggregation_key: jobId,
    event_aggregation_type: 'pdf',
    credits,
  }
}

function isAskedFor(metric: ReturnType<typeof toMetric>, params: URLSearchParams): boolean {
  const among = (name: string, value: string) => !params.has(name) || params.getAll(name).includes(value)
  return (
    among('event_aggregation_key', metric.event_aggregation_key) &&
    among('event_aggregation_type', metric.event_aggregation_type) &&
    among('event_types', metric.event_type) &&
    among('project_id', metric.project_id) &&
    among('days', metric.day) &&
    metric.day >= (params.get('day_on_or_after') ?? '') &&
    metric.day <= (params.get('day_on_or_before') ?? '9999')
  )
}

interface ParameterFault {
  type: string
  loc: [string, string]
  msg: string
  input: string | null
}

function faultsOf(params: URLSearchParams): ParameterFault[] {
  const faults: ParameterFault[] = []
  const check = (name: string, isRight: (value: string) => boolean, type: string, msg: string) => {
    for (const input of params.getAll(name))
      if (!isRight(input)) faults.push({ type, loc: ['query', name], msg, input })
  }
  if (!params.has('organization_id'))
    faults.push({ type: 'missing', loc: ['query', 'organization_id'], msg: 'Field required', input: null })
  check('organization_id', id => uuid.test(id), 'uuid_parsing', 'Input should be a valid UUID')
  const isSize = (size: string) => /^[1-9]\d{0,3}$/.test(size) && Number(size) <= maxPageSize
  check('page_size', isSize, 'int_parsing', `Input should be a whole number from 1 to ${maxPageSize}`)
  for (const name of ['days', 'day_on_or_after', 'day_on_or_before'])
    check(name, isDay, 'date_parsing', 'Input should be a valid date in the format YYYY-MM-DD')
  return faults
}

function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text
}

/** An error in LlamaCloud's shape. */
function detail(status: number, what: string | ParameterFault[]): Response {
  return Response.json({ detail: what }, { status })
}
