import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { answerOf, api } from '../../shared/api.http.ts'
import { readSums } from '../../shared/costs.http.ts'
import { budgetsQuery, deferredQuery, modesQuery, prefetchedForMs, providersQuery } from '../../shared/queries.ts'
import { daysOf, readTimeRange, spanOf, type TimeRange, timeZone } from '../../shared/time-range.ts'
import { callerQuery } from '../../shared/use-caller.ts'

const staleTime = prefetchedForMs

export function overviewQuery(range: TimeRange) {
  return queryOptions({
    queryKey: ['overview', range],
    queryFn: () => answerOf(api.GET('/v1/overview', { params: { query: spanOf(range) } })),
    staleTime,
  })
}

/** The days that a range's costs are shown for: at least a week, since costs are summed by days. */
export function spendingDays(range: TimeRange): string[] {
  return daysOf(range, 7)
}

/** What was paid on each of them; of all tenants for an admin. */
export function spendingQuery(range: TimeRange, isAdmin: boolean) {
  const days = spendingDays(range)
  const [from = ''] = days
  const to = days.at(-1) ?? from
  return queryOptions({
    queryKey: ['charts', 'cost by day', from, to],
    queryFn: () => readSums({ by: 'day', from, to, timeZone, ...whose(isAdmin) }),
    staleTime,
  })
}

export function monthQuery(isAdmin: boolean) {
  return queryOptions({
    queryKey: ['costs', 'month'],
    queryFn: () => readSums({ by: 'service', timeZone, ...whose(isAdmin) }),
    staleTime,
  })
}

export const alertsQuery = queryOptions({
  queryKey: ['alerts', 'recent'],
  queryFn: () => answerOf(api.GET('/v1/alerts', { params: { query: { limit: 8 } } })),
  staleTime,
})

/** Asks for what Overview shows first, beside the drawing of the frame around it. Whoever shows it says what went wrong. */
export async function prefetchOverview(client: QueryClient): Promise<void> {
  const range = readTimeRange(new URLSearchParams(window.location.search))
  const month = client
    .ensureQueryData(callerQuery)
    .then(({ role }) => client.prefetchQuery(monthQuery(role === 'admin')))
    .catch(() => {})
  await Promise.all([
    client.prefetchQuery(overviewQuery(range)),
    client.prefetchQuery(budgetsQuery),
    client.prefetchQuery(deferredQuery),
    client.prefetchQuery(modesQuery),
    client.prefetchQuery(providersQuery),
    client.prefetchQuery(alertsQuery),
    month,
  ])
}

const whose = (isAdmin: boolean) => (isAdmin ? { tenant: '*' as const } : {})
