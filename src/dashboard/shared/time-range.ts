import { useSearchParams } from 'wouter'

/** The time ranges that a page can show; they stand in the URL as `range`, and all pages share it. */
export const timeRanges = {
  '1h': { label: 'Last hour', ms: 3_600_000 },
  '24h': { label: 'Last 24 hours', ms: 86_400_000 },
  '7d': { label: 'Last 7 days', ms: 7 * 86_400_000 },
  '30d': { label: 'Last 30 days', ms: 30 * 86_400_000 },
  '90d': { label: 'Last 90 days', ms: 90 * 86_400_000 },
} as const
export type TimeRange = keyof typeof timeRanges

const standard: TimeRange = '24h'

export function readTimeRange(params: URLSearchParams): TimeRange {
  const found = params.get('range')
  return found !== null && found in timeRanges ? (found as TimeRange) : standard
}

/** The range in the URL, and how to choose another one. */
export function useTimeRange(): [TimeRange, (range: TimeRange) => void] {
  const [params, setParams] = useSearchParams()
  const choose = (range: TimeRange) =>
    setParams(
      present => {
        present.set('range', range)
        return present
      },
      { replace: true },
    )
  return [readTimeRange(params), choose]
}

/** The span of a range that ends now, with the present minute in it. */
export function spanOf(range: TimeRange, now = Date.now()): { from: string; to: string } {
  const to = Math.ceil((now + 1) / 60_000) * 60_000
  return { from: new Date(to - timeRanges[range].ms).toISOString(), to: new Date(to).toISOString() }
}

/** Where days begin for the one who looks. */
export const timeZone = Intl.DateTimeFormat()
  .resolvedOptions()
  .timeZone.replace(/^(?!UTC$)[^/]*$/, 'UTC')

/** The day of a moment there, e.g. `2026-11-23`. */
export function dayOf(ms: number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(ms)
}
