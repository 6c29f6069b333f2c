import { queryOptions } from '@tanstack/react-query'
import { readSums } from '../../shared/costs.http.ts'
import { daysOf, type TimeRange, timeZone } from '../../shared/time-range.ts'

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
    queryKey: ['costs', 'days', from, to],
    // It is asked for before the chart is there, which need not ask again.
    staleTime: 5_000,
    queryFn: () => {
      const tenant = isAdmin ? { tenant: '*' as const } : {}
      return readSums({ by: 'day', from, to, timeZone, ...tenant })
    },
  })
}
