/** What one page of the dashboard asks a server for. */
export interface PageRequest {
  page: string
  /** With the time range, where it has one. */
  name: string
  path: string
}

const dayMs = 86_400_000
const ranges = { '24h': 1, '7d': 7, '30d': 30, '90d': 90 } as const
const zone = 'timeZone=Europe/Berlin'

/** All that the dashboard's pages load with an admin key; `documentId` and `jobId` are those of a document in the middle. */
export function dashboardRequests(
  now: number,
  { documentId, jobId }: { documentId: string; jobId: string },
): PageRequest[] {
  const once: [page: string, name: string, path: string][] = [
    ['all', 'whom the key stands for', '/v1/caller'],
    ['Overview', 'costs of the month by service', `/v1/costs?by=service&${zone}&tenant=*`],
    ['Overview', 'forecast', `/v1/costs/forecast?${zone}&tenant=*`],
    ['Overview', 'budgets', '/v1/budgets'],
    ['Overview', 'what waits', '/v1/jobs?state=deferred&limit=200'],
    ['Overview', 'modes', '/v1/modes'],
    ['Overview', 'providers', '/v1/providers'],
    ['Overview', 'alerts', '/v1/alerts?limit=8'],
    ['Documents', 'all', '/v1/documents?limit=50'],
    ...['succeeded', 'failed', 'cancelled', 'deferred', 'queued'].map((state): [string, string, string] => [
      'Documents',
      state,
      `/v1/documents?limit=50&state=${state}`,
    ]),
    ['Documents', 'by tag', '/v1/documents?limit=50&tag=research'],
    ['Documents', 'by a name that is rare', '/v1/documents?limit=50&name=report-77.md'],
    ['Document', 'document', `/v1/documents/${documentId}`],
    ['Document', 'job', `/v1/jobs/${jobId}`],
    ['Document', 'why it went where', `/v1/jobs/${jobId}/explanation`],
    ['Document', 'page', `/v1/documents/${documentId}/pages/1`],
    ['Document', 'chunks', `/v1/documents/${documentId}/pages/1/chunks`],
    ['Document', 'lines', `/v1/costs?by=call&document=${documentId}&from=2020-01-01&to=8999-01-01&limit=200`],
    ['Services', 'calls in doubt', '/v1/calls'],
    ['System', 'doctor', '/v1/doctor'],
    ['System', 'webhooks', '/v1/webhooks'],
    ['Audit', 'audit', '/v1/audit?limit=200'],
  ]
  const inRanges = Object.entries(ranges).flatMap(([range, days]) => inRange(range, days, now))
  return [...once, ...inRanges].map(([page, name, path]) => ({ page, name, path }))
}

function inRange(range: string, days: number, now: number): [page: string, name: string, path: string][] {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10)
  const span = `from=${new Date(now - days * dayMs).toISOString()}&to=${new Date(now).toISOString()}`
  const period = `from=${day(now - days * dayMs)}&to=${day(now)}&${zone}&tenant=*`
  const oldDay = day(now - (days - 0.5) * dayMs)
  const costs = (name: string, by: string): [string, string, string] => [
    'Costs',
    `${name}, ${range}`,
    `/v1/costs?by=${by}&${period}`,
  ]
  return [
    ['Overview', `counts and throughput, ${range}`, `/v1/overview?${span}`],
    ['Overview', `cost by day, ${range}`, `/v1/costs?by=day&${period}`],
    costs('by day and service', 'day,service&limit=1000'),
    costs('by day', 'day&limit=200'),
    costs('by service', 'service&limit=200'),
    costs('by model', 'service,provider,model&limit=200'),
    costs('by document', 'document&limit=200'),
    costs('by tenant', 'tenant&limit=200'),
    costs('newest lines', 'call&limit=50'),
    [
      'Costs',
      `lines of the first day of ${range}`,
      `/v1/costs?by=call&limit=50&from=${oldDay}&to=${oldDay}&${zone}&tenant=*`,
    ],
    ['Costs', `by day, Kolkata, ${range}`, `/v1/costs?by=day&${period.replace('Europe/Berlin', 'Asia/Kolkata')}`],
    ['Errors', `failures, ${range}`, `/v1/failures?${span}`],
  ]
}
