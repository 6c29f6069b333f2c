import { type Answer, errorAnswer, refuseMethod } from './simulator-answer.ts'
import type { ChargeBook, ChargedMinute } from './usage-simulated-charges.ts'
import { readUsageQuery, toCursor, type UsageQuery, type UsageReport } from './usage-simulated-query.ts'

interface SimulatedReport extends UsageReport {
  /** The field by which its results are told apart. */
  key: 'line_item' | 'model'
  filter: 'line_items' | 'models'
  result(minutes: readonly ChargedMinute[], fields: Record<string, string | null>): object
}

/** Everything is used in one project, with one key, by one user. */
const owner = { project_id: 'proj_simulated', api_key_id: 'key_simulated', user_id: 'user_simulated' }
const day = { seconds: 86_400, defaultLimit: 7 }

/** Both reports, with the limits and fields that the official SDK documents. */
const reports: ReadonlyMap<string, SimulatedReport> = new Map([
  [
    '/v1/organization/costs',
    {
      widths: { '1d': { ...day, maxLimit: 180 } },
      groups: ['project_id', 'user_id', 'line_item', 'api_key_id', 'api_source'],
      key: 'line_item',
      filter: 'line_items',
      result: (minutes, fields) => ({
        object: 'organization.costs.result',
        // A float, as the real service sends it. Up to nine million dollars it names each nano-dollar.
        amount: { value: Number(sum(minutes, minute => minute.costNanoUsd)) / 1e9, currency: 'usd' },
        ...fields,
        ...(fields.line_item === null
          ? { quantity: null, quantity_unit: null }
          : { quantity: Number(sum(minutes, minute => BigInt(minute.tokens))), quantity_unit: 'tokens' }),
      }),
    },
  ],
  [
    '/v1/organization/usage/embeddings',
    {
      widths: {
        '1m': { seconds: 60, defaultLimit: 60, maxLimit: 1440 },
        '1h': { seconds: 3600, defaultLimit: 24, maxLimit: 168 },
        '1d': { ...day, maxLimit: 31 },
      },
      groups: ['project_id', 'user_id', 'api_key_id', 'model'],
      key: 'model',
      filter: 'models',
      result: (minutes, fields) => ({
        object: 'organization.usage.embeddings.result',
        input_tokens: Number(sum(minutes, minute => BigInt(minute.tokens))),
        num_model_requests: Number(sum(minutes, minute => BigInt(minute.requests))),
        ...fields,
      }),
    },
  ],
])

export function isUsageReport(pathname: string): boolean {
  return reports.has(pathname)
}

/**
 * Answers GET /v1/organization/costs and /v1/organization/usage/embeddings from the charges that the simulator booked: empty
 * buckets are listed too, in order of time. The names of the costs' line items are those that users of the service report.
 */
export function answerUsage(request: Request, charges: ChargeBook, now: Date): Answer {
  const { pathname, searchParams } = new URL(request.url)
  const report = reports.get(pathname)
  if (!report || request.method !== 'GET') return refuseMethod(request.method, pathname)
  const query = readUsageQuery(searchParams, report, now)
  if ('status' in query) return query
  const last = Math.min(query.end, query.start + query.limit * query.width)
  const minutes = isOwner(query) ? charges.between(query.start * 1000, last * 1000, now) : []
  const data: object[] = []
  for (let start = query.start; start < last; start += query.width) {
    const end = start + query.width
    const inside = minutes.filter(({ minuteMs }) => minuteMs >= start * 1000 && minuteMs < end * 1000)
    data.push({ object: 'bucket', start_time: start, end_time: end, results: resultsOf(inside, report, query) })
  }
  const hasMore = last < query.end
  const body = { object: 'page', data, has_more: hasMore, next_page: hasMore ? toCursor(last) : null }
  return { status: 200, headers: {}, body: JSON.stringify(body) }
}

/** What the real service says to an ordinary key: it exists, but may not read usage. Null for the admin key, and for keys of no kind. */
export function refuseOrdinaryKey(request: Request, adminKey: string | undefined): Answer | null {
  const key = /^Bearer (\S+)$/.exec(request.headers.get('authorization') ?? '')?.[1]
  if (key === undefined || key === adminKey || key.startsWith('sk-admin-')) return null
  const message =
    'You have insufficient permissions for this operation. Missing scopes: api.usage.read. Check that you have the correct role in your organization, and if you are using a restricted API key, that it has the necessary scopes.'
  return errorAnswer(403, message, { type: 'invalid_request_error', code: 'insufficient_permissions' })
}

function resultsOf(minutes: readonly ChargedMinute[], report: SimulatedReport, query: UsageQuery): object[] {
  const wanted = query.filter(report.filter)
  // How the line of the Batch API is called is a guess.
  const lineOf = ({ model, isBatch }: ChargedMinute) => `${model}${isBatch ? ' batch' : ''}, input`
  const nameOf = (minute: ChargedMinute) => (report.key === 'line_item' ? lineOf(minute) : minute.model)
  const passed = minutes.filter(minute => wanted === null || wanted.has(nameOf(minute)))
  const isGrouped = query.groupBy.has(report.key)
  const groups = Map.groupBy(passed, minute => (isGrouped ? nameOf(minute) : null))
  const named = Object.entries(owner).map(([field, id]) => [field, query.groupBy.has(field) ? id : null])
  return [...groups].map(([name, group]) => report.result(group, { ...Object.fromEntries(named), [report.key]: name }))
}

/** Whether the filters let the one owner of all usage pass. */
function isOwner(query: UsageQuery): boolean {
  return Object.entries(owner).every(([field, id]) => query.filter(`${field}s`)?.has(id) ?? true)
}

function sum(minutes: readonly ChargedMinute[], amount: (minute: ChargedMinute) => bigint): bigint {
  return minutes.reduce((total, minute) => total + amount(minute), 0n)
}
