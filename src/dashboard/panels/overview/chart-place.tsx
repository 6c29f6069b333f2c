import { Skeleton } from '@mantine/core'

/** As high as a chart, until it is loaded. */
export function ChartPlace() {
  return <Skeleton height={220} radius="md" aria-label="Loading the chart" />
}
