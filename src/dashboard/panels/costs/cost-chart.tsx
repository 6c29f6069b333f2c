import { useQuery } from '@tanstack/react-query'
import { Bars } from '../../shared/charts/bars.tsx'
import { readSums } from '../../shared/costs.http.ts'
import { Loaded } from '../../shared/loaded.tsx'
import { toChartUsd } from '../../shared/money.ts'
import { timeZone } from '../../shared/time-range.ts'
import { useCaller } from '../../shared/use-caller.ts'

interface CostChartProps {
  period: { from: string; to: string }
  /** Those that the period touches. */
  days: readonly string[]
  chosen: string | null
  onChoose: (day: string | null) => void
}

/** Paid and simulated costs of each day by service; a day that is clicked is looked into. */
export function CostChart({ period, days, chosen, onChoose }: CostChartProps) {
  const { isAdmin } = useCaller()
  const toggle = (day: string) => onChoose(day === chosen ? null : day)
  const costs = useQuery({
    queryKey: ['charts', 'cost by day and service', period],
    queryFn: () => readSums({ by: 'day,service', ...period, timeZone, limit: 1_000, ...(isAdmin && { tenant: '*' }) }),
    placeholderData: previous => previous,
  })
  return (
    <Loaded query={costs} height={240}>
      {({ rows }) => (
        <Bars
          label="Cost by day and service"
          height={240}
          data={days.map(day => ({ day, ...amountsOf(rows.filter(row => row.day === day)) }))}
          isOld={costs.isPlaceholderData}
          by="day"
          series={[
            { name: 'Parsing', color: 'water.7' },
            { name: 'Embedding', color: 'water.4' },
            { name: 'Not paid, at real prices', color: 'violet.4' },
          ]}
          isMoney
          tickGap={30}
          barWidth={40}
          tickOf={sayDay}
          onChoose={toggle}
        />
      )}
    </Loaded>
  )
}

const name = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
const sayDay = (day: string): string => name.format(new Date(day))

function amountsOf(rows: readonly { service?: string; costNanoUsd: string; shadowNanoUsd: string }[]) {
  const paid = (service: string) =>
    rows.filter(row => row.service === service).reduce((sum, row) => sum + toChartUsd(row.costNanoUsd), 0)
  const shadow = rows.reduce(
    (sum, row) => sum + Math.max(0, toChartUsd(row.shadowNanoUsd) - toChartUsd(row.costNanoUsd)),
    0,
  )
  return { Parsing: paid('parse'), Embedding: paid('embed'), 'Not paid, at real prices': shadow }
}
