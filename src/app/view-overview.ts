import type { Overview } from '../contract/overview.ts'
import type { Tables } from '../contract/tables.ts'
import { countDocuments } from '../documents/count-documents.sql.ts'
import { readEnded, readUnfinished } from '../jobs/read-overview.sql.ts'
import type { Database } from '../platform/database.ts'

/** What a tenant has, what is at work, and what ended in the span, in at most 60 buckets of a round length; in one snapshot. */
export async function viewOverview(
  database: Database<Tables>,
  tenantId: string,
  { from, to }: { from: Date; to: Date },
): Promise<Overview> {
  const bucketSeconds = chooseBucket(to.getTime() - from.getTime())
  const start = new Date(Math.floor(from.getTime() / 1000 / bucketSeconds) * bucketSeconds * 1000)
  return await database.snapshot(async session => {
    const counts = await countDocuments(session, tenantId)
    const work = await readUnfinished(session, tenantId)
    const rows = await readEnded(session, tenantId, { from: start, to, bucketSeconds })
    const found = new Map(rows.map(row => [row.bucket, row]))
    const length = Math.ceil((to.getTime() - start.getTime()) / 1000 / bucketSeconds)
    const sum = (key: 'succeeded' | 'failed' | 'cancelled') => rows.reduce((total, row) => total + row[key], 0)
    return {
      ...counts,
      ...work,
      ended: { succeeded: sum('succeeded'), failed: sum('failed'), cancelled: sum('cancelled') },
      bucketSeconds,
      buckets: Array.from({ length }, (_, i) => ({
        start: new Date(start.getTime() + i * bucketSeconds * 1000).toISOString(),
        succeeded: found.get(i)?.succeeded ?? 0,
        failed: found.get(i)?.failed ?? 0,
        medianSeconds: found.get(i)?.medianSeconds ?? null,
      })),
    }
  })
}

const roundLengths = [60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 172_800, 604_800]

/** The shortest round length that needs at most 60 buckets, in seconds. */
function chooseBucket(spanMs: number): number {
  return roundLengths.find(seconds => spanMs / 1000 / seconds <= 60) ?? 604_800
}
