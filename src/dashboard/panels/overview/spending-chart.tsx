import { useQuery } from '@tanstack/react-query'
import { Bars } from '../../shared/charts/bars.tsx'
import { Loaded } from '../../shared/loaded.tsx'
import { toChartUsd } from '../../shared/money.ts'
import type { TimeRange } from '../../shared/time-range.ts'
import { useCaller } from '../../shared/use-caller.ts'
import { spendingDays, spendingQuery } from './overview-queries.ts'

/** What was paid each day, and what simulated calls would have cost. */
export function SpendingChart({ range }: { range: TimeRange }) {
  const { isAdmin } = useCaller()
  const days = spendingDays(range)
  const costs = useQuery({ ...spendingQuery(range, isAdmin), placeholderData: previous => previous })
  return (
    <Loaded query={costs} height={220}>
      {({ rows }) => {
        const sums = new Map(rows.map(row => [row.day ?? '', row]))
        const data = days.map(day => {
          const sum = sums.get(day)
          const paid = toChartUsd(sum?.costNanoUsd ?? '0')
          return {
            name: name.format(new Date(day)),
            Paid: paid,
            'Not paid, at real prices': Math.max(0, toChartUsd(sum?.shadowNanoUsd ?? '0') - paid),
          }
        })
        return (
          <Bars
            label="Cost by day"
            height={220}
            data={data}
            isOld={costs.isPlaceholderData}
            by="name"
            series={[
              { name: 'Paid', color: 'water.7' },
              { name: 'Not paid, at real prices', color: 'violet.4' },
            ]}
            isMoney
            tickGap={30}
            barWidth={40}
          />
        )
      }}
    </Loaded>
  )
}

const name = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
