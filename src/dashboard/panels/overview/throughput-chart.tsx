import type { Answer } from '../../shared/api.http.ts'
import { Bars } from '../../shared/charts/bars.tsx'
import { count, moment } from '../../shared/words.ts'

/** Jobs that succeeded and failed, over the time range. */
export function ThroughputChart({ overview: { buckets, bucketSeconds } }: { overview: Answer<'/v1/overview'> }) {
  const name = bucketSeconds >= 21_600 ? day : clock
  const total = buckets.reduce((sum, bucket) => sum + bucket.succeeded + bucket.failed, 0)
  return (
    <Bars
      label={`${count(total)} jobs ended in the range`}
      height={220}
      data={buckets.map(bucket => ({
        name: name.format(new Date(bucket.start)),
        at: moment(bucket.start),
        Succeeded: bucket.succeeded,
        Failed: bucket.failed,
      }))}
      by="name"
      series={[
        { name: 'Succeeded', color: 'water.6' },
        { name: 'Failed', color: 'red.6' },
      ]}
      tickGap={40}
      barWidth={26}
    />
  )
}

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
