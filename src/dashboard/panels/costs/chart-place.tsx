import { Skeleton } from '@mantine/core'

/** As high as the chart, until it is loaded. */
export function ChartPlace() {
  return <Skeleton height={240} radius="md" aria-label="Loading" />
}
