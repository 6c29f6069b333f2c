import { BarChart } from '@mantine/charts'
import '@mantine/charts/styles.css'
import type { Answer } from '../../shared/api.http.ts'
import { count, moment } from '../../shared/words.ts'

/** Jobs that succeeded and failed, over the time range. */
export function ThroughputChart({ overview: { buckets, bucketSeconds } }: { overview: Answer<'/v1/overview'> }) {
  const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
  const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
  const name = (start: string) => (bucketSeconds >= 21_600 ? day : clock).format(new Date(start))
  const total = buckets.reduce((sum, bucket) => sum + bucket.succeeded + bucket.failed, 0)
  return (
    <figure style={{ margin: 0 }} aria-label={`${count(total)} jobs ended in the range`}>
      <BarChart
        h={220}
        data={buckets.map(bucket => ({
          name: name(bucket.start),
          at: moment(bucket.start),
          Succeeded: bucket.succeeded,
          Failed: bucket.failed,
        }))}
        dataKey="name"
        type="stacked"
        series={[
          { name: 'Succeeded', color: 'water.6' },
          { name: 'Failed', color: 'red.6' },
        ]}
        withLegend
        tickLine="none"
        gridAxis="x"
        yAxisProps={{ width: 34, allowDecimals: false }}
        xAxisProps={{ minTickGap: 40 }}
        barProps={{ isAnimationActive: false, maxBarSize: 26 }}
      />
    </figure>
  )
}
