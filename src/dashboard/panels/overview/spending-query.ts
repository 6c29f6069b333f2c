import { queryOptions } from '@tanstack/react-query'
import { readSums } from '../../shared/costs.http.ts'
import { dayOf, type TimeRange, timeRanges, timeZone } from '../../shared/time-range.ts'

export const dayMs = 86_400_000

/** How many days a range's costs are shown for: at least a week, since costs are summed by days. */
export function daysOf(range: TimeRange): number {
  return Math.max(7, Math.round(timeRanges[range].ms / dayMs))
}

/** What was paid on each of them; of all tenants for an admin. */
export function spendingQuery(range: TimeRange, isAdmin: boolean) {
  const days = daysOf(range)
  return queryOptions({
    queryKey: ['costs', 'days', days],
    // It is asked for before the chart is there, which need not ask again.
    staleTime: 5_000,
    queryFn: () => {
      const tenant = isAdmin ? { tenant: '*' as const } : {}
      const from = dayOf(Date.now() - (days - 1) * dayMs)
      return readSums({ by: 'day', from, to: dayOf(Date.now()), timeZone, ...tenant })
    },
  })
}
