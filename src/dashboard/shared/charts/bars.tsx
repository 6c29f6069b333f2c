import { BarChart } from '@mantine/charts'
import '@mantine/charts/styles.css'
import { type ComponentProps, useEffect, useMemo, useRef } from 'react'
import { type Bar, lookAlike } from './look-alike.ts'
import { useCalm } from './use-calm.ts'

type Chart = ComponentProps<typeof BarChart>

interface BarsProps {
  label: string
  height: number
  data: readonly Bar[]
  /** Still those of what was shown before. */
  isOld?: boolean
  /** Whose values stand below the bars, e.g. days. */
  by: string
  /** From the bottom to the top. */
  series: Chart['series']
  /** Of the values, in dollars. */
  isMoney?: boolean
  /** The least distance of what stands below, and how wide a bar gets, in pixels. */
  tickGap: number
  barWidth: number
  tickOf?: (value: string) => string
  /** Told the `by` of a bar that is clicked. */
  onChoose?: (value: string) => void
}

/** Stacked bars. What parts of them are is not to change while they are shown; only the data does, and what is told of a click. */
export function Bars({ label, data, isOld = false, onChoose, ...look }: BarsProps) {
  const { height, by, series, isMoney, tickGap, barWidth, tickOf } = look
  const parts = series.map(({ name }) => name)
  const shown = useCalm(data, `${isOld} ${data.map(bar => bar[by]).join()}`, (a, b) => lookAlike(a, b, parts, height))
  const choose = useRef(onChoose)
  useEffect(() => {
    choose.current = onChoose
  }, [onChoose])
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is drawn anew when its data changes, and not when those who show it are.
  const chart = useMemo(
    () => (
      <BarChart
        h={height}
        data={[...shown]}
        dataKey={by}
        type="stacked"
        series={series}
        withLegend
        tickLine="none"
        gridAxis="x"
        {...(isMoney && { valueFormatter: sayUsd })}
        yAxisProps={isMoney ? { width: 62 } : { width: 34, allowDecimals: false }}
        xAxisProps={{ minTickGap: tickGap, ...(tickOf && { tickFormatter: tickOf }) }}
        barProps={{
          isAnimationActive: false,
          maxBarSize: barWidth,
          // The chart knows its bar by what is pointed at; a finger points at nothing before it taps.
          onClick: ({ payload }, _, event) => {
            event.stopPropagation()
            choose.current?.(payload[by])
          },
        }}
        barChartProps={{
          onClick: ({ activeLabel }) => activeLabel !== undefined && choose.current?.(String(activeLabel)),
        }}
      />
    ),
    [shown],
  )
  return (
    <figure style={{ margin: 0 }} aria-label={label}>
      {chart}
    </figure>
  )
}

function sayUsd(amount: number): string {
  return `$${amount < 1 ? amount.toFixed(4) : amount.toFixed(2)}`
}
